package io.github.eventfork.examples;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.eventfork.examples.standin.Holding;
import io.github.eventfork.examples.standin.StandIns;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.local.Standing;
import io.github.eventfork.topology.Deployed;
import io.github.eventfork.topology.DeployedFork;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The functions that the template names, in processes of their own, made from the environment as Lambda makes them. */
class FunctionEnvironmentIT {

    private static final long PATIENCE = 120;

    private static final StaticCredentialsProvider ANYONE =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key"));

    @RegisterExtension
    private static final WireMockExtension SERVER = ServiceServer.onLoopback();

    @TempDir
    private Path folder = Path.of("");

    private final StandIns standIns = StandIns.start(0);
    private final LocalAws aws = LocalAws.start();
    private final SnsClient sns = SnsClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .credentialsProvider(ANYONE)
            .build();
    private final SqsClient sqs = SqsClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .credentialsProvider(ANYONE)
            .build();

    private Map<String, DeployedFork> deployed = Map.of();

    @BeforeEach
    void createQueues() {
        Deployed all = UserEvents.outline().createOn(sns, sqs);
        deployed = new HashMap<>();
        UserEvents.outline().queues().forEach(queue -> deployed.put(queue.fork().name(), all.fork(queue.fork())));
    }

    @AfterEach
    void close() {
        sns.close();
        sqs.close();
        aws.close();
        standIns.close();
    }

    @ParameterizedTest
    @CsvSource({
        "AnalyticsFunction, analytics",
        "MailingListFunction, mailing-list",
        "ChatNotificationsFunction, chat-notifications"
    })
    void a_function_calls_the_service_that_its_environment_describes(String function, String service) throws Exception {
        // when
        String said = run(function, service, standIns.environment());

        // then
        assertThat(said).isEqualTo("came back: 0");
        assertThat(standIns.holdings()).contains(new Holding(service, 1, 0, 0, 1));
    }

    @Test
    void what_a_service_says_of_when_to_come_back_is_when_the_queue_hands_the_message_out_again() throws Exception {
        // given a chat that is to be asked again in ten minutes, and not in the 30 s of the queue
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "600")));

        // when
        String said = run("ChatNotificationsFunction", "chat-notifications", chatAtServer());

        // then
        assertThat(said).isEqualTo("came back: 1");
        assertThat(aws.spy().queue("chat-notifications"))
                .singleElement()
                .satisfies(message -> assertThat(message.hiddenUntil().orElseThrow())
                        .isAfter(Instant.now().plus(Duration.ofSeconds(400))));
    }

    @Test
    void what_a_service_never_takes_is_a_dead_letter_that_says_why() throws Exception {
        // given
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(400).withBody("invalid_payload")));

        // when
        String said = run("ChatNotificationsFunction", "chat-notifications", chatAtServer());

        // then
        assertThat(said).isEqualTo("came back: 0");
        assertThat(aws.spy().queue("chat-notifications")).isEmpty();
        assertThat(aws.spy().queue("chat-notifications-dlq"))
                .singleElement()
                .extracting(Standing::attributes)
                .asString()
                .contains("the chat answered 400: invalid_payload");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AnalyticsFunction         | analytics          | ANALYTICS_WRITE_KEY (or ANALYTICS_WRITE_KEY_SECRET,"
                        + " the name or ARN of a secret)",
                "MailingListFunction       | mailing-list       | MAILING_LIST_URL, MAILING_LIST_ID, MAILING_LIST_API_KEY (or"
                        + " MAILING_LIST_API_KEY_SECRET, the name or ARN of a secret)",
                "ChatNotificationsFunction | chat-notifications | CHAT_WEBHOOK_URL (or CHAT_WEBHOOK_URL_SECRET,"
                        + " the name or ARN of a secret)"
            })
    void what_its_environment_lacks_fails_the_init_in_one_message(String function, String fork, String missing)
            throws Exception {
        assertThat(run(function, fork, Map.of())).isEqualTo("no function: the environment lacks " + missing);
    }

    private static Map<String, String> chatAtServer() {
        URI url = ServiceServer.url(SERVER);
        return Map.of("CHAT_WEBHOOK_URL", url + "/services/T/B/x");
    }

    private String run(String function, String fork, Map<String, String> environment)
            throws IOException, InterruptedException {
        Message message = received(deployed.get(fork).queueUrl());
        Path out = folder.resolve("out");
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // as in Lambda
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FunctionProcess.class.getName(),
                        FunctionProcess.class.getPackageName() + "." + function,
                        deployed.get(fork).queueArn(),
                        message.messageId(),
                        message.receiptHandle(),
                        message.body())
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile());
        java.environment().putAll(environment);
        java.environment()
                .putAll(Map.of(
                        "AWS_REGION",
                        aws.region(),
                        "AWS_ENDPOINT_URL",
                        aws.endpoint().toString(),
                        "AWS_ACCESS_KEY_ID",
                        "id",
                        "AWS_SECRET_ACCESS_KEY",
                        "key"));
        Process process = java.start();
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it does not end");
        }
        return Files.readString(out).strip();
    }

    /** A message of the queue, which hides it now as it does for a function. */
    private Message received(String queueUrl) {
        sqs.sendMessage(
                request -> request.queueUrl(queueUrl).messageBody("{\"name\":\"Ada\",\"email\":\"ada@example.org\"}"));
        return sqs.receiveMessage(request -> request.queueUrl(queueUrl).waitTimeSeconds(5))
                .messages()
                .get(0);
    }
}
