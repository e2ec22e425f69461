package io.github.eventfork.conformance.consumers;

import io.github.eventfork.conformance.consumers.Pom.Artifact;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A user's project that depends on what eventfork-poller and eventfork-core do, by their published POMs, and whose build
 * manages some of it at other versions.
 *
 * @param name its folder
 * @param jackson the version of Jackson
 * @param databind the version of two of its modules, databind and jsr310
 * @param slf4j the version of SLF4J and its simple provider
 * @param sdk the version of the AWS SDK
 * @param netty whether it has the SDK's HTTP client on Netty
 */
record Project(String name, String jackson, String databind, String slf4j, String sdk, boolean netty) {

    private static final List<PublishedModule> OURS =
            List.of(new PublishedModule("eventfork-core"), new PublishedModule("eventfork-poller"));
    private static final Set<String> MANAGED = Set.of(
            "com.fasterxml.jackson.core", "com.fasterxml.jackson.datatype", "org.slf4j", "software.amazon.awssdk");
    private static final String NETTY = "netty-nio-client";
    private static final String CLASSPATH = "classpath";

    /** One with the versions of this build. */
    static Project named(String name) {
        String jackson = version("jackson-databind");
        return new Project(name, jackson, jackson, version("slf4j-api"), version("sqs"), true);
    }

    Project withJackson(String version) {
        return new Project(name, version, version, slf4j, sdk, netty);
    }

    Project withDatabind(String version) {
        return new Project(name, jackson, version, slf4j, sdk, netty);
    }

    Project withSlf4j(String version) {
        return new Project(name, jackson, databind, version, sdk, netty);
    }

    Project withSdk(String version) {
        return new Project(name, jackson, databind, slf4j, version, netty);
    }

    Project withoutNetty() {
        return new Project(name, jackson, databind, slf4j, sdk, false);
    }

    /** Has Maven find the class paths of all {@code projects}, in one run. */
    static void resolve(Path folder, List<Project> projects) throws IOException, InterruptedException {
        Pom.write(
                folder,
                pom(
                        "all",
                        "<modules>%s</modules>"
                                .formatted(projects.stream()
                                        .map(project -> "<module>" + project.name + "</module>")
                                        .collect(Collectors.joining()))));
        for (Project project : projects) {
            Pom.write(folder.resolve(project.name), project.pom());
        }
        Maven.run(folder, Maven.buildClasspath(), "-Dmdep.outputFile=" + CLASSPATH);
    }

    /** Its class path, once it is resolved: ours as this build made it, and the libraries. */
    String classPath(Path folder) throws IOException {
        String libraries = Files.readString(folder.resolve(name).resolve(CLASSPATH));
        return Stream.concat(OURS.stream().map(module -> module.jar().toString()), Stream.of(libraries))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String pom() {
        return pom(name, """
                <dependencyManagement>
                  <dependencies>
                    %s
                  </dependencies>
                </dependencyManagement>
                <dependencies>
                  %s
                </dependencies>
                """.formatted(management(), dependencies()));
    }

    private static String pom(String name, String content) {
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>com.example</groupId>
                  <artifactId>%s</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  %s
                </project>
                """.formatted(name, content);
    }

    private String management() {
        String bom = "<type>pom</type><scope>import</scope>";
        return String.join(
                "\n",
                dependency("com.fasterxml.jackson.core", "jackson-databind", databind, ""),
                dependency("com.fasterxml.jackson.datatype", "jackson-datatype-jsr310", databind, ""),
                dependency("org.slf4j", "slf4j-api", slf4j, ""),
                dependency("com.fasterxml.jackson", "jackson-bom", jackson, bom),
                dependency("software.amazon.awssdk", "bom", sdk, bom));
    }

    private String dependencies() {
        return Stream.concat(
                        published()
                                .filter(library -> netty || !library.name().equals(NETTY))
                                .map(this::dependency),
                        Stream.of(dependency("org.slf4j", "slf4j-simple", slf4j, "")))
                .collect(Collectors.joining("\n"));
    }

    private String dependency(Artifact library) {
        String exclusion = "<exclusions><exclusion><groupId>software.amazon.awssdk</groupId><artifactId>" + NETTY
                + "</artifactId></exclusion></exclusions>";
        return dependency(
                library.group(),
                library.name(),
                MANAGED.contains(library.group()) ? "" : library.version(),
                netty ? "" : exclusion);
    }

    private static String dependency(String group, String name, String version, String more) {
        return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId>%s%s</dependency>"
                .formatted(group, name, version.isEmpty() ? "" : "<version>" + version + "</version>", more);
    }

    private static String version(String library) {
        return published()
                .filter(artifact -> artifact.name().equals(library))
                .findFirst()
                .orElseThrow()
                .version();
    }

    /** What users get with ours. */
    private static Stream<Artifact> published() {
        return OURS.stream()
                .flatMap(module -> Pom.read(module.pom()).artifacts("/project/dependencies/dependency").stream())
                .filter(library -> library.scope().equals("compile"))
                .filter(library -> !library.group().equals(PublishedModule.GROUP))
                .distinct();
    }

    @Override
    public String toString() {
        return name;
    }
}
