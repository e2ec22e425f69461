package io.github.eventfork.conformance.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user's build gets of what this one publishes. */
class PublishedModulesIT {

    static Stream<PublishedModule> published() {
        return Stream.concat(Stream.of(PublishedModule.bom()), PublishedModule.libraries().stream());
    }

    @ParameterizedTest
    @MethodSource("published")
    void a_published_pom_stands_alone(PublishedModule module) throws IOException {
        // when
        Pom pom = Pom.read(module.pom());

        // then it needs no parent, and no property of this build
        assertThat(pom.texts("/project/parent")).isEmpty();
        assertThat(pom.texts("/project/version")).containsExactly(PublishedModule.VERSION);
        assertThat(Files.readString(module.pom()).replace("${project.version}", PublishedModule.VERSION))
                .doesNotContain("${");
        assertThat(Stream.concat(
                        pom.artifacts("/project/dependencies/dependency").stream(),
                        pom.artifacts("/project/dependencyManagement/dependencies/dependency").stream()))
                .isNotEmpty()
                .allMatch(dependency -> !dependency.version().isEmpty());
    }

    @Test
    void the_published_bom_has_the_version_of_every_published_module(@TempDir(factory = InTarget.class) Path folder)
            throws Exception {
        // given a repository with what is published: the BOM as Maven itself deploys it
        Path installed = Files.createDirectory(folder.resolve("installed"));
        Maven.run(
                folder,
                "-f",
                PublishedModule.ROOT.toString(),
                "-pl",
                "eventfork-bom",
                "-Drevision=" + PublishedModule.VERSION,
                "package",
                "deploy:deploy",
                "-DaltDeploymentRepository=installed::" + installed.toUri());
        List<PublishedModule> modules = PublishedModule.libraries();
        modules.forEach(module -> module.publish(installed));

        // when a project imports the BOM and names every module without a version
        Path consumer = folder.resolve("consumer");
        Pom.write(consumer, importingTheBom(installed, modules));
        Maven.run(
                consumer,
                "-Dmaven.repo.local=" + folder.resolve("repository"),
                Maven.buildClasspath(),
                "-Dmdep.outputFile=classpath");

        // then it has them all
        List<String> jars = Stream.of(
                        Files.readString(consumer.resolve("classpath")).split(File.pathSeparator))
                .map(jar -> Path.of(jar).getFileName().toString())
                .toList();
        assertThat(jars)
                .containsAll(modules.stream()
                        .map(module -> module.jar().getFileName().toString())
                        .toList());
    }

    /** Takes from this build's own repository what that has, so that it need not be downloaded. */
    private static String importingTheBom(Path installed, List<PublishedModule> modules) {
        String dependencies = modules.stream()
                .map(module -> "<dependency><groupId>%s</groupId><artifactId>%s</artifactId></dependency>"
                        .formatted(PublishedModule.GROUP, module.name()))
                .collect(Collectors.joining("\n    "));
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>com.example</groupId>
                  <artifactId>consumer</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <dependencyManagement>
                    <dependencies>
                      <dependency>
                        <groupId>%1$s</groupId>
                        <artifactId>%2$s</artifactId>
                        <version>%3$s</version>
                        <type>pom</type>
                        <scope>import</scope>
                      </dependency>
                    </dependencies>
                  </dependencyManagement>
                  <dependencies>
                    %4$s
                  </dependencies>
                  <repositories>
                    <repository><id>installed</id><url>%5$s</url></repository>
                    <repository><id>libraries</id><url>%6$s</url><snapshots><enabled>false</enabled></snapshots></repository>
                  </repositories>
                  <pluginRepositories>
                    <pluginRepository><id>plugins</id><url>%6$s</url></pluginRepository>
                  </pluginRepositories>
                </project>
                """.formatted(
                        PublishedModule.GROUP,
                        PublishedModule.bom(),
                        PublishedModule.VERSION,
                        dependencies,
                        installed.toUri(),
                        Maven.localRepository().toUri());
    }
}
