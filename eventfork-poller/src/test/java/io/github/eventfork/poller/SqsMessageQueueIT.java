package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Facts;
import io.github.eventfork.queue.MessageQueue.Receive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** The adapter, through the SDK's real client, on an SQS server in this process. */
class SqsMessageQueueIT {

    private static final Duration SOON = Duration.ofSeconds(1);

    private static LocalAws local;
    private static SqsAsyncClient sqs;

    private final String name = "orders-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        local = LocalAws.start();
        sqs = SqsAsyncClient.builder()
                .endpointOverride(local.endpoint())
                .region(Region.of(local.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                .build();
    }

    @AfterAll
    static void stop() {
        sqs.close();
        local.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "arn:aws:sqs:us-east-1:000000000000:%s", "http://localhost/000000000000/%s"})
    void a_queue_is_found_by_name_arn_and_url(String address) {
        // given
        makeWithDeadLetterQueue("");

        // when
        Facts facts = Given.now(queue(String.format(address, name)).facts());

        // then
        assertThat(facts)
                .isEqualTo(new Facts(name, Duration.ofSeconds(45), OptionalInt.of(3), Optional.of(name + "-dlq")));
    }

    @Test
    void a_queue_without_policy_has_no_dead_letter_queue() {
        // given
        make(name, Map.of());

        // when
        Facts facts = Given.now(queue(name).facts());

        // then
        assertThat(facts).isEqualTo(new Facts(name, Duration.ofSeconds(30), OptionalInt.empty(), Optional.empty()));
        assertThat(Given.now(queue(name).deadLetter(Given.copies(1)))).containsExactly(Entry.FINAL);
    }

    @Test
    void a_message_comes_with_all_that_it_was_sent_with() {
        // given
        String url = make(name, Map.of());
        send(
                url,
                request -> request.messageBody("{\"é\":1}")
                        .messageGroupId("tenant-7")
                        .messageSystemAttributes(Map.of(
                                MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                                MessageSystemAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue("Root=1-a;Sampled=1")
                                        .build()))
                        .messageAttributes(Map.of(
                                "event", text("String", "signup"),
                                "amount", text("Number.int", "1.50"),
                                "key",
                                        MessageAttributeValue.builder()
                                                .dataType("Binary.png")
                                                .binaryValue(SdkBytes.fromByteArray(new byte[] {2, 3}))
                                                .build())));

        // when
        Delivery delivery = receiveOne(queue(name));

        // then
        assertThat(delivery.body()).isEqualTo("{\"é\":1}");
        assertThat(delivery.queue()).isEqualTo(name);
        assertThat(delivery.receiveCount()).isEqualTo(1);
        assertThat(delivery.firstReceived()).isPresent();
        assertThat(delivery.group()).contains("tenant-7");
        assertThat(delivery.traceHeader()).contains("Root=1-a;Sampled=1");
        assertThat(delivery.attributes().names()).containsExactlyInAnyOrder("event", "amount", "key");
        assertThat(delivery.attributes().value("amount")).contains(new Attributes.Numeric("Number.int", "1.50"));
        assertThat(delivery.attributes().value("key")).contains(new Attributes.Bytes("Binary.png", new byte[] {2, 3}));
    }

    @Test
    void of_a_batch_each_entry_has_its_own_answer() {
        // given
        send(make(name, Map.of()), request -> request.messageBody("x"));
        SqsMessageQueue queue = queue(name);
        Delivery delivery = receiveOne(queue);

        // when
        List<Entry> entries = Given.now(queue.delete(List.of("no receipt", delivery.receipt())));

        // then
        assertThat(entries).containsExactly(Entry.FINAL, Entry.DONE);
    }

    @Test
    void a_message_made_visible_comes_again_and_counts() {
        // given
        send(make(name, Map.of()), request -> request.messageBody("x"));
        SqsMessageQueue queue = queue(name);
        Delivery first = receiveOne(queue);

        // when
        List<Entry> entries = Given.now(queue.changeVisibility(List.of(new Change(first.receipt(), Duration.ZERO))));

        // then
        assertThat(entries).containsExactly(Entry.DONE);
        assertThat(receiveOne(queue).receiveCount()).isEqualTo(2);
    }

    @Test
    void a_dead_letter_stands_in_the_dead_letter_queue_of_a_fifo_queue() {
        // given
        String url = makeWithDeadLetterQueue(".fifo");
        send(url, request -> request.messageBody("x").messageGroupId("ada").messageDeduplicationId("once"));
        SqsMessageQueue queue = queue(name + ".fifo");
        Delivery delivery = receiveOne(queue);

        // when
        List<Entry> entries = Given.now(queue.deadLetter(List.of(new Copy(delivery, Optional.of("{}")))));

        // then
        assertThat(entries).containsExactly(Entry.DONE);
        Delivery copy = receiveOne(queue(name + "-dlq.fifo"));
        assertThat(copy.body()).isEqualTo("x");
        assertThat(copy.group()).contains("ada");
        assertThat(copy.deduplicationId()).contains(delivery.messageId());
        assertThat(copy.attributes().text("eventfork")).contains("{}");
    }

    @Test
    void a_queue_that_is_made_again_is_found_again() {
        // given
        String url = make(name, Map.of());
        SqsMessageQueue queue = queue(name);
        Given.now(queue.facts());
        sqs.deleteQueue(request -> request.queueUrl(url)).join();
        assertThat(Given.failureOf(queue.receive(Receive.of(1, Duration.ZERO)))).matches(Calls::queueIsMissing);

        // when
        send(make(name, Map.of()), request -> request.messageBody("again"));

        // then
        assertThat(receiveOne(queue).body()).isEqualTo("again");
    }

    @Test
    void a_poller_handles_what_it_can_and_dead_letters_what_it_never_will() {
        // given
        String url = makeWithDeadLetterQueue("");
        List<String> handled = new CopyOnWriteArrayList<>();
        Fork fork = Fork.named("shipping")
                .on("order", String.class, event -> {
                    if (event.payload().equals("poison")) {
                        throw new RejectedEventException("it is poison");
                    }
                    handled.add(event.payload());
                })
                .build();
        order(url, "apples");
        order(url, "poison");

        // when
        SqsMessageQueue deadLetters = queue(name + "-dlq");
        try (SqsPoller poller = SqsPoller.builder(fork)
                .queue(name)
                .client(sqs)
                .concurrency(1)
                .longPoll(SOON)
                .start()) {
            Delivery dead = receiveOne(deadLetters);

            // then
            assertThat(dead.body()).isEqualTo("poison");
            assertThat(dead.attributes().text("eventfork").orElseThrow()).contains("it is poison");
            await().until(() -> handled.equals(List.of("apples")));
            assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);
        }
        assertThat(sqs.getQueueAttributes(request -> request.queueUrl(url)
                                .attributeNames(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                        .join()
                        .attributes()
                        .values())
                .containsOnly("0");
    }

    private static SqsMessageQueue queue(String address) {
        return Given.queue(sqs, address);
    }

    private static Delivery receiveOne(SqsMessageQueue queue) {
        List<Delivery> deliveries = new ArrayList<>();
        await().until(() -> deliveries.addAll(Given.now(queue.receive(Receive.of(1, SOON)))));
        return deliveries.get(0);
    }

    private static String make(String queue, Map<QueueAttributeName, String> attributes) {
        return sqs.createQueue(request -> request.queueName(queue).attributes(attributes))
                .join()
                .queueUrl();
    }

    private String makeWithDeadLetterQueue(String ending) {
        Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
        if (!ending.isEmpty()) {
            attributes.put(QueueAttributeName.FIFO_QUEUE, "true");
        }
        make(name + "-dlq" + ending, attributes);
        attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, "45");
        attributes.put(
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:" + name + "-dlq" + ending
                        + "\",\"maxReceiveCount\":3}");
        return make(name + ending, attributes);
    }

    private static void order(String url, String body) {
        send(url, request -> request.messageBody(body).messageAttributes(Map.of("event", text("String", "order"))));
    }

    private static void send(String url, Consumer<SendMessageRequest.Builder> with) {
        sqs.sendMessage(request -> with.accept(request.queueUrl(url))).join();
    }

    private static MessageAttributeValue text(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}
