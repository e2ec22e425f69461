package io.github.eventfork.conformance.consumers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A module of this build that is published: what the build has made of it, and where. */
record PublishedModule(String name) {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final String GROUP = "io.github.eventfork";
    static final String VERSION = Maven.property("project.version");

    /** Those that are libraries: all modules but the BOM and those that say that they are not installed. */
    static List<PublishedModule> libraries() {
        return Pom.read(ROOT.resolve("pom.xml")).texts("/project/modules/module").stream()
                .map(PublishedModule::new)
                .filter(PublishedModule::isLibrary)
                .toList();
    }

    static PublishedModule bom() {
        return new PublishedModule("eventfork-bom");
    }

    private boolean isLibrary() {
        Pom written = Pom.read(folder().resolve("pom.xml"));
        return written.texts("/project/packaging").isEmpty()
                && written.texts("/project/properties/maven.install.skip").isEmpty();
    }

    private Path folder() {
        return ROOT.resolve(name);
    }

    /** The POM that is installed in place of the one that is written. */
    Path pom() {
        return folder().resolve(".flattened-pom.xml");
    }

    Path jar() {
        return folder().resolve("target").resolve(name + "-" + VERSION + ".jar");
    }

    /** Copies POM and jar to where a repository has them. */
    void publish(Path repository) {
        try {
            Path folder =
                    repository.resolve(GROUP.replace('.', '/')).resolve(name).resolve(VERSION);
            Files.createDirectories(folder);
            Files.copy(pom(), folder.resolve(name + "-" + VERSION + ".pom"));
            Files.copy(jar(), folder.resolve(name + "-" + VERSION + ".jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
