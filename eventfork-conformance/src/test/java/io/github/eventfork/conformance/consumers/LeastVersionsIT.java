package io.github.eventfork.conformance.consumers;

import static io.github.eventfork.conformance.consumers.Consumer.GIVEN_CLIENT;
import static io.github.eventfork.conformance.consumers.Consumer.OWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.github.eventfork.local.LocalAws;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The oldest libraries that README.md promises: on them a poller runs, in a JVM of its own; on the version before, fork or
 * poller is not built, and says why.
 */
class LeastVersionsIT {

    private static final String JACKSON_REMEDY =
            "import com.fasterxml.jackson:jackson-bom 2.16.0 or newer in your build"
                    + " (with Spring Boot, set the property jackson-bom.version).";

    private static final Project LEAST_FOR_OWN_CLIENT =
            Project.named("sdk-2.26.0").withSdk("2.26.0");

    private static final Project ALL_AT_ONCE = Project.named("all-at-once")
            .withJackson("2.16.0")
            .withSlf4j("1.6.0")
            .withSdk("2.25.48");

    private static final int PATIENCE_SECONDS = 120;

    @TempDir(factory = InTarget.class)
    static Path folder;

    private static LocalAws local;
    private static SqsClient sqs;

    static Stream<Arguments> leastVersions() {
        return Stream.of(
                Arguments.of(Project.named("jackson-2.16.0").withJackson("2.16.0"), GIVEN_CLIENT),
                Arguments.of(Project.named("slf4j-1.6.0").withSlf4j("1.6.0"), GIVEN_CLIENT),
                Arguments.of(Project.named("sdk-2.25.48").withSdk("2.25.48"), GIVEN_CLIENT),
                Arguments.of(LEAST_FOR_OWN_CLIENT, OWN_CLIENT),
                Arguments.of(ALL_AT_ONCE, GIVEN_CLIENT));
    }

    static Stream<Arguments> theVersionsBefore() {
        return Stream.of(
                Arguments.of(
                        Project.named("jackson-2.15.4").withJackson("2.15.4"),
                        GIVEN_CLIENT,
                        "Fork 'consumer': jackson-core 2.15.4 (jackson-core-2.15.4.jar) is too old; eventfork needs 2.16.0 or"
                                + " newer: " + JACKSON_REMEDY),
                Arguments.of(
                        Project.named("databind-2.15.4").withJackson("2.16.0").withDatabind("2.15.4"),
                        GIVEN_CLIENT,
                        "Fork 'consumer': jackson-databind 2.15.4 (jackson-databind-2.15.4.jar) is too old; eventfork needs"
                                + " 2.16.0 or newer: " + JACKSON_REMEDY),
                Arguments.of(
                        Project.named("slf4j-1.5.11").withSlf4j("1.5.11"),
                        GIVEN_CLIENT,
                        "Fork 'consumer': slf4j-api (slf4j-api-1.5.11.jar) is too old; eventfork needs 1.6.0 or newer: depend on"
                                + " org.slf4j:slf4j-api, and on a provider of the same version."),
                Arguments.of(
                        Project.named("sdk-2.25.47").withSdk("2.25.47"),
                        GIVEN_CLIENT,
                        "Fork 'consumer': its poller can't run: sqs 2.25.47 (sqs-2.25.47.jar) is too old; eventfork needs"
                                + " 2.25.48 or newer: import software.amazon.awssdk:bom 2.25.48 or newer in your build."),
                Arguments.of(
                        Project.named("sdk-2.25.70").withSdk("2.25.70"),
                        OWN_CLIENT,
                        "Fork 'consumer': its poller can't run: sdk-core 2.25.70 (sdk-core-2.25.70.jar) is too old; eventfork"
                                + " needs 2.26.0 or newer: give the poller a client(..), or import software.amazon.awssdk:bom"
                                + " 2.26.0 or newer in your build."),
                Arguments.of(
                        Project.named("no-netty").withoutNetty(),
                        OWN_CLIENT,
                        "Fork 'consumer': its poller can't run: netty-nio-client is not on the class path; eventfork needs 2.26.0"
                                + " or newer: give the poller a client(..), or depend on"
                                + " software.amazon.awssdk:netty-nio-client."));
    }

    @BeforeAll
    static void start() throws Exception {
        Project.resolve(
                folder,
                Stream.concat(leastVersions(), theVersionsBefore())
                        .map(arguments -> (Project) arguments.get()[0])
                        .toList());
        Path found = folder.resolve(NamedEndpoint.FOUND_BY);
        Files.createDirectories(found.getParent());
        Files.writeString(found, NamedEndpoint.class.getName());
        local = LocalAws.start();
        sqs = SqsClient.builder()
                .endpointOverride(local.endpoint())
                .region(Region.of(local.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .build();
    }

    @AfterAll
    static void stop() {
        sqs.close();
        local.close();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("leastVersions")
    void on_the_least_version_a_poller_handles_tries_again_and_dead_letters(Project project, String client)
            throws Exception {
        // given
        Queues queues = Queues.named(project.name().replace('.', '-'));
        queues.send("{\"id\":\"o-1\",\"at\":\"2026-01-31T12:00:00Z\",\"amount\":1.5}");
        queues.send("{\"id\":\"poison\",\"at\":\"2026-01-31T12:00:00Z\",\"amount\":0}");

        // when
        String said = run(project, queues.name, client);

        // then
        assertThat(said)
                .contains(Consumer.HANDLED + "Order[id=o-1, at=2026-01-31T12:00:00Z, amount=1.5]")
                .contains("IllegalArgumentException: " + Consumer.FAILURE, "at " + Consumer.class.getName());
        assertThat(queues.sizes()).containsExactly("0", "0", "1");
    }

    @Test
    void the_readme_names_the_least_versions() throws Exception {
        assertThat(Files.readAllLines(PublishedModule.ROOT.resolve("README.md")))
                .filteredOn(line -> line.matches("\\| .* \\| [0-9.]+ \\| .*"))
                .map(line -> line.split("\\|")[2].strip())
                .containsExactly(
                        ALL_AT_ONCE.jackson(), ALL_AT_ONCE.slf4j(), ALL_AT_ONCE.sdk(), LEAST_FOR_OWN_CLIENT.sdk());
    }

    @Test
    void all_that_our_classes_use_of_the_libraries_is_there_on_the_least_versions() throws Exception {
        // given what is only used for a client of the poller's own
        Predicate<JavaClass> ownClient = type -> type.getSimpleName().equals("OwnClient");
        String least = ALL_AT_ONCE.classPath(folder);

        // then
        assertThat(Links.missing(new PublishedModule("eventfork-core"), none -> false, least))
                .isEmpty();
        assertThat(Links.missing(new PublishedModule("eventfork-poller"), ownClient, least))
                .isEmpty();
        assertThat(Links.missing(
                        new PublishedModule("eventfork-poller"),
                        ownClient.negate(),
                        LEAST_FOR_OWN_CLIENT.classPath(folder)))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("theVersionsBefore")
    void on_the_version_before_nothing_is_built_and_the_text_says_why(Project project, String client, String text)
            throws Exception {
        assertThat(run(project, "orders", client).lines()).contains(Consumer.REFUSED + text);
    }

    /** Runs the consumer on the project's libraries, and answers with what it said. */
    private static String run(Project project, String queue, String client) throws Exception {
        String classPath = String.join(
                File.pathSeparator,
                folder.toString(),
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                project.classPath(folder));
        Path said = folder.resolve(project.name()).resolve("said");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-D" + NamedEndpoint.PROPERTY + "=" + local.endpoint(),
                        "-cp",
                        classPath,
                        Consumer.class.getName(),
                        queue,
                        client)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment()
                .putAll(Map.of(
                        "AWS_REGION", local.region(), "AWS_ACCESS_KEY_ID", "any", "AWS_SECRET_ACCESS_KEY", "any"));
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(ended ? process.exitValue() : -1)
                    .as("exit value of %s, which said %s", project, Files.readString(said))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(said);
    }

    /** A queue and its dead-letter queue, by URL. */
    private record Queues(String name, String url, String deadLetters) {

        static Queues named(String name) {
            String deadLetters =
                    sqs.createQueue(request -> request.queueName(name + "-dlq")).queueUrl();
            String policy = "{\"deadLetterTargetArn\":\"arn:aws:sqs:" + local.region() + ":" + local.accountId() + ":"
                    + name + "-dlq\",\"maxReceiveCount\":5}";
            String url = sqs.createQueue(request ->
                            request.queueName(name).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)))
                    .queueUrl();
            return new Queues(name, url, deadLetters);
        }

        void send(String body) {
            MessageAttributeValue type = MessageAttributeValue.builder()
                    .dataType("String")
                    .stringValue("order")
                    .build();
            sqs.sendMessage(
                    request -> request.queueUrl(url).messageBody(body).messageAttributes(Map.of("event", type)));
        }

        /** How many can be received from the queue, how many are hidden there, and how many dead letters there are. */
        List<String> sizes() {
            return List.of(
                    size(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
                    size(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
                    size(deadLetters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
        }

        private static String size(String url, QueueAttributeName which) {
            return sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(which))
                    .attributes()
                    .get(which);
        }
    }
}
