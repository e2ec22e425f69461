package io.github.eventfork.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.local.Fault;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.local.Published;
import io.github.eventfork.local.Standing;
import io.github.eventfork.local.lambda.EventSourceMapping;
import io.github.eventfork.local.lambda.Invocation;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** The examples of docs/local.md: how to start the local servers, and what to give to a client. */
class LocalExamplesTest {

    /** What the function of the page has seen. */
    private static final Queue<String> EMAILS = new ConcurrentLinkedQueue<>();

    @Test
    void it_starts_and_says_where_it_listens() {
        try (LocalAws local = LocalAws.builder().port(0).start()) {
            assertThat(local.endpoint().toString()).startsWith("http://127.0.0.1:");
            assertThat(local.region() + " " + local.accountId()).isEqualTo("us-east-1 000000000000");
        }
    }

    @Test
    void the_sdk_for_java_sends_through_the_endpoint() {
        try (LocalAws local = LocalAws.start();
                SnsClient sns = sns(local);
                SqsClient sqs = sqs(local)) {
            String queue = sqs.createQueue(request -> request.queueName("mailing-list"))
                    .queueUrl();
            String topic =
                    sns.createTopic(request -> request.name("user-events")).topicArn();
            sns.subscribe(request -> request.topicArn(topic)
                    .protocol("sqs")
                    .endpoint("arn:aws:sqs:us-east-1:000000000000:mailing-list"));

            sns.publish(request -> request.topicArn(topic).message("hello"));

            assertThat(sqs.receiveMessage(request -> request.queueUrl(queue)).messages())
                    .singleElement()
                    .satisfies(message -> assertThat(message.body()).contains("hello"));
        }
    }

    static SnsClient sns(LocalAws local) {
        SnsClient sns = SnsClient.builder()
                .endpointOverride(local.endpoint())
                .region(Region.of(local.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
        return sns;
    }

    static SqsClient sqs(LocalAws local) {
        return SqsClient.builder()
                .endpointOverride(local.endpoint())
                .region(Region.of(local.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    /** What the page calls a function. */
    public static final class MailingListFunction extends ForkFunction {
        /** Called for each execution environment. */
        public MailingListFunction() {
            super(Fork.named("mailing-list")
                    .on("signup", String.class, event -> EMAILS.add(event.payload()))
                    .build());
        }
    }

    @Test
    void a_function_behind_a_mapping_is_invoked_with_what_the_queue_has() {
        EMAILS.clear();
        try (LocalAws local = LocalAws.start();
                SqsClient sqs = sqs(local)) {
            String queue = sqs.createQueue(request -> request.queueName("mailing-list"))
                    .queueUrl();
            try (EventSourceMapping mapping = EventSourceMapping.of(local, "mailing-list")
                    .handler(MailingListFunction::new)
                    .functionTimeout(Duration.ofSeconds(10))
                    .batchSize(10)
                    .reportBatchItemFailures()
                    .start()) {
                sqs.sendMessage(request -> request.queueUrl(queue)
                        .messageBody("ada@example.org")
                        .messageAttributes(Map.of(
                                "event",
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue("signup")
                                        .build())));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> !mapping.lastInvocations().isEmpty());
                Invocation last = mapping.lastInvocations().get(0);
                assertThat(last.result()).isEqualTo(Invocation.Result.SUCCEEDED);
                assertThat(last.givenBack()).isEmpty();
            }
        }
        assertThat(EMAILS).containsExactly("ada@example.org");
    }

    @Test
    void the_spy_sees_who_took_what_and_what_stands_where() {
        try (LocalAws local = LocalAws.start();
                SnsClient sns = sns(local);
                SqsClient sqs = sqs(local)) {
            String topic = fanOut(sns, sqs);
            publish(sns, topic, "signup");
            publish(sns, topic, "login");

            local.spy().awaitPublished(2, Duration.ofSeconds(10));
            Published login = local.spy().published().get(1);
            assertThat(login.decisionOf("mailing-list").orElseThrow().refusedBy())
                    .contains("event");

            Standing signup = local.spy().queue("mailing-list").get(0);
            assertThat(signup.visible()).isTrue();
            assertThat(signup.receiveCount()).isZero();
        }
    }

    @Test
    void calls_go_wrong_by_script_and_by_chance() {
        try (LocalAws local = LocalAws.builder().seed(42).start()) {
            local.faults()
                    .next("DeleteMessageBatch", Fault.failing(), Fault.forgotten(0))
                    .byChance("ReceiveMessage", 0.1, Fault.delayed(Duration.ofMillis(200)))
                    .duplicates(0.05)
                    .disorder();

            try (SnsClient sns = sns(local);
                    SqsClient sqs = sqs(local)) {
                fanOut(sns, sqs);
                String queue = sqs.getQueueUrl(request -> request.queueName("mailing-list"))
                        .queueUrl();
                sqs.sendMessage(request -> request.queueUrl(queue).messageBody("hello"));
                String receipt = sqs.receiveMessage(request -> request.queueUrl(queue))
                        .messages()
                        .get(0)
                        .receiptHandle();

                // the first try fails, the SDK's second one is answered as done and forgotten
                assertThat(sqs.deleteMessageBatch(request -> request.queueUrl(queue)
                                        .entries(DeleteMessageBatchRequestEntry.builder()
                                                .id("0")
                                                .receiptHandle(receipt)
                                                .build()))
                                .successful())
                        .hasSize(1);
                assertThat(local.spy().queue("mailing-list")).hasSize(1);
            }
        }
    }

    @Test
    void the_rights_that_calls_need_can_be_asked() {
        try (LocalAws local = LocalAws.start();
                SnsClient sns = sns(local)) {
            String topic =
                    sns.createTopic(request -> request.name("user-events")).topicArn();
            publish(sns, topic, "signup");

            SortedSet<String> actions = local.spy().iamActions().get(topic);
            assertThat(actions).containsExactly("sns:CreateTopic", "sns:Publish");
        }
    }

    /** A topic, and a queue that wants signups only. */
    private static String fanOut(SnsClient sns, SqsClient sqs) {
        sqs.createQueue(request -> request.queueName("mailing-list"));
        String topic = sns.createTopic(request -> request.name("user-events")).topicArn();
        sns.subscribe(request -> request.topicArn(topic)
                .protocol("sqs")
                .endpoint("arn:aws:sqs:us-east-1:000000000000:mailing-list")
                .attributes(Map.of("FilterPolicy", "{\"event\":[\"signup\"]}")));
        return topic;
    }

    private static void publish(SnsClient sns, String topic, String event) {
        sns.publish(request -> request.topicArn(topic)
                .message("{}")
                .messageAttributes(Map.of(
                        "event",
                        software.amazon.awssdk.services.sns.model.MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(event)
                                .build())));
    }
}
