package io.github.eventfork.conformance.consumers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The Maven that runs this build, run once more, in a process of its own on this JDK. */
final class Maven {

    private static final int PATIENCE_MINUTES = 5;

    private Maven() {}

    /**
     * Runs it in {@code folder}, where its log is afterwards.
     *
     * @throws AssertionError with what it said, if it fails
     */
    static void run(Path folder, String... arguments) throws IOException, InterruptedException {
        Path log = Files.createDirectories(folder).resolve("maven.log");
        List<String> command = command();
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + Files.readString(log));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(property("maven.home"), "bin", "mvn").toString());
        command.addAll(List.of("-B", "-q"));
        Path settings = Path.of(property("maven.settings"));
        if (Files.exists(settings)) {
            command.addAll(List.of("-s", settings.toString()));
        }
        return command;
    }

    /** The goal that tells a project's class path, in the version of this build's POM. */
    static String buildClasspath() {
        return Pom.read(PublishedModule.ROOT.resolve("pom.xml")).artifacts("//pluginManagement/plugins/plugin").stream()
                .filter(plugin -> plugin.name().equals("maven-dependency-plugin"))
                .map(plugin ->
                        "org.apache.maven.plugins:" + plugin.name() + ":" + plugin.version() + ":build-classpath")
                .findFirst()
                .orElseThrow();
    }

    /** Where this build has its libraries and plugins. */
    static Path localRepository() {
        return Path.of(property("maven.local.repository"));
    }

    /** What the build tells its tests. */
    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set: the build sets it, so run this test by Maven");
        }
        return value;
    }
}
