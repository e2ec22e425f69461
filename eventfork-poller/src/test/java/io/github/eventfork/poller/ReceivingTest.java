package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.queue.MessageQueue.Receive;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

class ReceivingTest {

    @Test
    void every_field_of_a_message_reaches_the_delivery() {
        // given
        Message message = Message.builder()
                .messageId("id-1")
                .receiptHandle("receipt-1")
                .body("{\"name\":\"Ada\"}")
                .attributes(Map.of(
                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "4",
                        MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP, "1769862896789",
                        MessageSystemAttributeName.MESSAGE_GROUP_ID, "ada",
                        MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, "once",
                        MessageSystemAttributeName.AWS_TRACE_HEADER, "Root=1-a;Sampled=1"))
                .messageAttributes(Map.of(
                        "event", text("String", "signup"),
                        "amount", text("Number.int", "1.50"),
                        "tags", text("String.Array", "[\"a\"]"),
                        "own", text("String.label", "x"),
                        "key",
                                MessageAttributeValue.builder()
                                        .dataType("Binary.png")
                                        .binaryValue(SdkBytes.fromByteArray(new byte[] {2, 3}))
                                        .build()))
                .build();

        // when
        Delivery delivery = received("orders.fifo", message);

        // then
        assertThat(delivery.queue()).isEqualTo("orders.fifo");
        assertThat(delivery.fifo()).isTrue();
        assertThat(delivery.messageId()).isEqualTo("id-1");
        assertThat(delivery.receipt()).isEqualTo("receipt-1");
        assertThat(delivery.body()).isEqualTo("{\"name\":\"Ada\"}");
        assertThat(delivery.receiveCount()).isEqualTo(4);
        assertThat(delivery.firstReceived()).contains(Instant.ofEpochMilli(1769862896789L));
        assertThat(delivery.group()).contains("ada");
        assertThat(delivery.deduplicationId()).contains("once");
        assertThat(delivery.traceHeader()).contains("Root=1-a;Sampled=1");
        assertThat(delivery.attributes())
                .isEqualTo(Attributes.builder()
                        .put("event", "String", "signup")
                        .put("amount", "Number.int", "1.50")
                        .put("tags", "String.Array", "[\"a\"]")
                        .put("own", "String.label", "x")
                        .put("key", "Binary.png", new byte[] {2, 3})
                        .build());
    }

    @Test
    void a_message_without_system_attributes_is_delivered_all_the_same() {
        // given
        Message bare = Message.builder()
                .messageId("id-1")
                .receiptHandle("receipt-1")
                .body("x")
                .build();

        // when
        Delivery delivery = received("orders", bare);

        // then
        assertThat(delivery.receiveCount()).isEqualTo(1);
        assertThat(delivery.firstReceived()).isEmpty();
        assertThat(delivery.group()).isEmpty();
        assertThat(delivery.deduplicationId()).isEmpty();
        assertThat(delivery.traceHeader()).isEmpty();
        assertThat(delivery.attributes()).isEqualTo(Attributes.none());
    }

    @Test
    void numbers_that_are_none_do_not_hide_a_message() {
        // given
        Message odd = Message.builder()
                .messageId("id-1")
                .receiptHandle("receipt-1")
                .body("x")
                .attributes(Map.of(
                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "often",
                        MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP, "long ago"))
                .build();

        // then
        assertThat(received("orders", odd).receiveCount()).isEqualTo(1);
        assertThat(received("orders", odd).firstReceived()).isEmpty();
    }

    @Test
    void a_binary_that_came_as_text_does_not_hide_a_message() {
        // given
        Message odd = Message.builder()
                .messageId("id-1")
                .receiptHandle("receipt-1")
                .body("x")
                .messageAttributes(Map.of("key", text("Binary", "not base64!")))
                .build();

        // then
        assertThat(received("orders", odd).attributes().text("key")).contains("not base64!");
    }

    @Test
    void the_queue_of_a_url_is_its_last_segment() {
        // given
        Message message =
                Message.builder().messageId("id-1").receiptHandle("r").body("x").build();

        // then
        assertThat(received("http://localhost:9324/000000000000/orders.fifo", message)
                        .queue())
                .isEqualTo("orders.fifo");
    }

    @Test
    void a_receive_asks_for_what_a_delivery_holds() {
        // given
        ScriptedSqs sqs = giving();

        // when
        Given.now(Given.queue(sqs, "orders").receive(Receive.of(7, Duration.ofSeconds(20))));

        // then
        assertThat(sqs.asked(ReceiveMessageRequest.class))
                .containsExactly(ReceiveMessageRequest.builder()
                        .queueUrl(ScriptedSqs.url("mine", "orders"))
                        .maxNumberOfMessages(7)
                        .waitTimeSeconds(20)
                        .messageSystemAttributeNames(
                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                                MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP,
                                MessageSystemAttributeName.MESSAGE_GROUP_ID,
                                MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID,
                                MessageSystemAttributeName.AWS_TRACE_HEADER)
                        .messageAttributeNames("All")
                        .build());
    }

    @Test
    void a_receive_says_for_how_long_it_hides_and_by_which_attempt_it_is_known() {
        // given
        ScriptedSqs sqs = giving();

        // when
        Given.now(Given.queue(sqs, "orders.fifo")
                .receive(new Receive(
                        10, Duration.ofSeconds(20), Optional.of(Duration.ofSeconds(25)), Optional.of("attempt"))));

        // then
        assertThat(sqs.asked(ReceiveMessageRequest.class)).singleElement().satisfies(asked -> {
            assertThat(asked.visibilityTimeout()).isEqualTo(25);
            assertThat(asked.receiveRequestAttemptId()).isEqualTo("attempt");
        });
    }

    @Test
    void deliveries_keep_the_order_of_the_answer() {
        // given
        ScriptedSqs sqs = giving(
                Message.builder().messageId("b").receiptHandle("1").body("").build(),
                Message.builder().messageId("a").receiptHandle("2").body("").build());

        // when
        List<Delivery> deliveries = Given.now(Given.queue(sqs, "orders").receive(Receive.of(10, Duration.ZERO)));

        // then
        assertThat(deliveries).extracting(Delivery::messageId).containsExactly("b", "a");
    }

    @Test
    void no_message_is_an_empty_list() {
        assertThat(Given.now(Given.queue(giving(), "orders").receive(Receive.of(10, Duration.ZERO))))
                .isEmpty();
    }

    private static Delivery received(String address, Message message) {
        return Given.now(Given.queue(giving(message), address).receive(Receive.of(1, Duration.ZERO)))
                .get(0);
    }

    private static ScriptedSqs giving(Message... messages) {
        return new ScriptedSqs()
                .on(
                        ReceiveMessageRequest.class,
                        request -> ReceiveMessageResponse.builder()
                                .messages(messages)
                                .build());
    }

    private static MessageAttributeValue text(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}
