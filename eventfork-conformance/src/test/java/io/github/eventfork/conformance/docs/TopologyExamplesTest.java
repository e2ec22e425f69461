package io.github.eventfork.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.eventfork.Fork;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.Condition;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.topology.Deployed;
import io.github.eventfork.topology.ForkQueue;
import io.github.eventfork.topology.FunctionSettings;
import io.github.eventfork.topology.JavaRuntime;
import io.github.eventfork.topology.TemplateParameter;
import io.github.eventfork.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The examples of docs/topology.md. */
class TopologyExamplesTest {

    private static final StaticCredentialsProvider ANYBODY =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

    @TempDir
    private Path folder = Path.of("");

    private final Fork analytics = Fork.named("analytics")
            .on("signup", String.class, event -> {})
            .on("login", String.class, event -> {})
            .build();
    private final Fork mailingList =
            Fork.named("mailing-list").on("signup", String.class, event -> {}).build();
    private final Fork chat =
            Fork.named("chat").on("signup", String.class, event -> {}).build();

    private final Topology userEvents = Topology.of("user-events")
            .forks(analytics, mailingList)
            .fork(chat, queue -> queue.withRetention(Duration.ofDays(1)));

    @Test
    void a_topology_is_a_topic_and_its_forks() {
        Topology userEvents = Topology.of("user-events")
                .forks(analytics, mailingList)
                .fork(chat, queue -> queue.withRetention(Duration.ofDays(1)));

        assertThat(userEvents.queues())
                .extracting(queue -> queue.name() + " " + queue.retention().toDays())
                .containsExactly("analytics 4", "mailing-list 4", "chat 1");
    }

    @Test
    void a_queue_may_hand_out_more_often_than_its_fork_tries() {
        Topology userEvents = Topology.of("user-events")
                .fork(chat, queue -> queue.withMaxReceiveCount(chat.retry().attempts() + 3));

        assertThat(userEvents.queues()).extracting(ForkQueue::maxReceiveCount).containsExactly(8);
    }

    @Test
    void it_is_created_with_two_clients() {
        try (LocalAws aws = LocalAws.start();
                SnsClient sns = SnsClient.builder()
                        .endpointOverride(aws.endpoint())
                        .region(Region.of(aws.region()))
                        .credentialsProvider(ANYBODY)
                        .build();
                SqsClient sqs = SqsClient.builder()
                        .endpointOverride(aws.endpoint())
                        .region(Region.of(aws.region()))
                        .credentialsProvider(ANYBODY)
                        .build()) {
            Deployed deployed = userEvents.createOn(sns, sqs);
            String topicArn = deployed.topicArn();
            String queueUrl = deployed.fork(mailingList).queueUrl();

            assertThat(topicArn).endsWith(":user-events");
            assertThat(queueUrl).endsWith("/mailing-list");
            assertThat(deployed.strangers()).isEmpty();
        }
    }

    @Test
    void a_template_is_text() throws IOException {
        Path file = folder.resolve("template.yaml");

        Map<String, String> handlers = Map.of(
                "analytics", "com.example.AnalyticsFunction",
                "mailing-list", "com.example.MailingListFunction",
                "chat", "com.example.ChatFunction");
        String template = userEvents.toSamTemplate(
                fork -> FunctionSettings.of(handlers.get(fork.name()), "target/functions.jar"));
        Files.writeString(file, template);

        assertThat(file).content().contains("- com.example.ChatFunction");
    }

    @Test
    void a_function_has_settings() {
        FunctionSettings mailchimp = FunctionSettings.of("com.example.MailingListFunction", "target/functions.jar")
                .withRuntime(JavaRuntime.JAVA_25)
                .withMemory(1024)
                .withTimeout(Duration.ofSeconds(20))
                .withMaximumConcurrency(5)
                .withSettler()
                .withEnvironment("MAILING_LIST_ID", TemplateParameter.named("MailingListId"))
                .withSecret("MAILING_LIST_API_KEY_SECRET", TemplateParameter.named("MailingListApiKeySecret"))
                .withPolicy("arn:aws:iam::123456789012:policy/decrypt-mailchimp-key");

        String template = Topology.of("user-events").forks(mailingList).toSamTemplate(fork -> mailchimp);

        assertThat(template)
                .contains("VisibilityTimeout: 120")
                .contains("sqs:ChangeMessageVisibility")
                .contains("secretsmanager:GetSecretValue");
    }

    @Test
    void behind_an_event_bus_conditions_are_asked_of_the_detail() {
        Fork paying = Fork.named("paying")
                .envelope(Envelope.Kind.EVENTBRIDGE)
                .on("signup", String.class, event -> {})
                .whereBody("/plan", Condition.oneOf("pro", "team"))
                .build();
        String template = Topology.of("user-events")
                .forks(analytics, paying)
                .toEventBridgeTemplate(fork -> FunctionSettings.of("com.example.Function", "target/functions.jar"));

        assertThat(template).contains("""
                              EventPattern:
                                detail-type:
                                  - signup
                                detail:
                                  plan:
                                    - pro
                                    - team
                        """);
    }

    @Test
    void one_switch_makes_all_of_it_fifo() {
        Topology inOrder = userEvents.fifo();

        assertThat(inOrder.topicName()).isEqualTo("user-events.fifo");
        assertThat(inOrder.queues())
                .extracting(queue -> queue.name() + " " + queue.deadLetterName())
                .contains("chat.fifo chat-dlq.fifo");
    }

    @Test
    void on_fifo_the_fork_says_how_often_an_event_is_tried() {
        Fork patient = Fork.named("patient")
                .on("signup", String.class, event -> {})
                .retry(RetryPolicy.standard().withAttempts(10))
                .build();

        assertThat(Topology.of("user-events").forks(patient).fifo().queues())
                .singleElement()
                .satisfies(queue -> assertThat(queue.maxReceiveCount()).isEqualTo(10));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topology.of("user-events")
                        .fork(patient, queue -> queue.withMaxReceiveCount(3))
                        .fifo());
    }

    @Test
    void the_picture_on_the_page_is_what_is_drawn() throws IOException {
        String picture = userEvents.toMermaid();

        assertThat(Path.of("..", "docs", "topology.md")).content().contains("```mermaid\n" + picture + "```\n");
    }
}
