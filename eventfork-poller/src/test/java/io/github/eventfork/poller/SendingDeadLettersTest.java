package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

class SendingDeadLettersTest {

    private static final String FIFO_POLICY = Given.POLICY.replace("orders-dlq", "orders-dlq.fifo");

    @Test
    void a_copy_has_all_that_the_message_had_and_our_note() {
        // given
        Delivery delivery = Delivery.of("orders", "id-1", "{\"name\":\"Ada\"}")
                .group("tenant-7")
                .traceHeader("Root=1-a;Sampled=1")
                .attributes(Attributes.builder()
                        .put("event", "String.label", "signup")
                        .put("amount", "Number.int", "1.50")
                        .put("tags", "String.Array", "[\"a\",null]")
                        .put("key", "Binary.png", new byte[] {2, 3})
                        .build())
                .build();

        // when
        SendMessageBatchRequestEntry sent = sent(Given.POLICY, new Copy(delivery, Optional.of("{\"reason\":\"no\"}")));

        // then
        assertThat(sent)
                .isEqualTo(SendMessageBatchRequestEntry.builder()
                        .id("0")
                        .messageBody("{\"name\":\"Ada\"}")
                        .messageGroupId("tenant-7")
                        .messageAttributes(Map.of(
                                "event", text("String.label", "signup"),
                                "amount", text("Number.int", "1.50"),
                                "tags", text("String.Array", "[\"a\",null]"),
                                "key",
                                        MessageAttributeValue.builder()
                                                .dataType("Binary.png")
                                                .binaryValue(SdkBytes.fromByteArray(new byte[] {2, 3}))
                                                .build(),
                                "eventfork", text("String", "{\"reason\":\"no\"}")))
                        .messageSystemAttributes(Map.of(
                                MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                                MessageSystemAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue("Root=1-a;Sampled=1")
                                        .build()))
                        .build());
    }

    @Test
    void a_copy_without_room_for_the_note_goes_without_it() {
        // given
        Delivery bare = Delivery.of("orders", "id-1", "x").build();

        // then
        assertThat(sent(Given.POLICY, new Copy(bare, Optional.empty())))
                .isEqualTo(SendMessageBatchRequestEntry.builder()
                        .id("0")
                        .messageBody("x")
                        .messageAttributes(Map.of())
                        .build());
    }

    @Test
    void a_note_of_an_earlier_death_gives_way_to_the_new_one() {
        // given
        Delivery redriven = Delivery.of("orders", "id-1", "x")
                .attributes(Attributes.builder().string("eventfork", "old").build())
                .build();

        // then
        assertThat(sent(Given.POLICY, new Copy(redriven, Optional.of("new"))).messageAttributes())
                .isEqualTo(Map.of("eventfork", text("String", "new")));
    }

    @Test
    void a_fifo_copy_keeps_its_group_and_is_deduplicated_by_its_message_id() {
        // given
        Delivery delivery = Delivery.of("orders.fifo", "id-1", "x")
                .group("ada")
                .deduplicationId("the publisher's")
                .build();

        // when
        SendMessageBatchRequestEntry sent = sent(FIFO_POLICY, new Copy(delivery, Optional.empty()));

        // then
        assertThat(sent.messageGroupId()).isEqualTo("ada");
        assertThat(sent.messageDeduplicationId()).isEqualTo("id-1");
    }

    @Test
    void a_standard_queue_gets_no_deduplication_id() {
        // given
        Delivery delivery =
                Delivery.of("orders", "id-1", "x").deduplicationId("odd").build();

        // then
        assertThat(sent(Given.POLICY, new Copy(delivery, Optional.empty())).messageDeduplicationId())
                .isNull();
    }

    @Test
    void the_dead_letter_queue_is_found_once_in_its_own_account() {
        // given
        ScriptedSqs sqs = Given.withPolicy(Given.POLICY);
        SqsMessageQueue queue = Given.queue(sqs, "http://localhost:9324/000000000000/orders");

        // when
        Given.now(queue.deadLetter(Given.copies(2)));
        Given.now(queue.deadLetter(Given.copies(1)));

        // then
        assertThat(sqs.asked(GetQueueUrlRequest.class))
                .containsExactly(GetQueueUrlRequest.builder()
                        .queueName("orders-dlq")
                        .queueOwnerAWSAccountId("123456789012")
                        .build());
        assertThat(sqs.asked(SendMessageBatchRequest.class))
                .extracting(SendMessageBatchRequest::queueUrl)
                .containsExactly(
                        ScriptedSqs.url("123456789012", "orders-dlq"), ScriptedSqs.url("123456789012", "orders-dlq"));
    }

    @Test
    void without_dead_letter_queue_every_copy_is_refused_for_good() {
        // given
        SqsMessageQueue queue = Given.queue(Given.withoutPolicy(), "orders");

        // then
        assertThat(Given.now(queue.deadLetter(Given.copies(2)))).containsExactly(Entry.FINAL, Entry.FINAL);
    }

    @Test
    void a_dead_letter_queue_that_a_queue_gets_later_is_found() {
        // given
        ScriptedSqs sqs = new ScriptedSqs()
                .on(GetQueueAttributesRequest.class, request -> Given.attributes(Optional.empty()))
                .on(GetQueueAttributesRequest.class, request -> Given.attributes(Optional.of(Given.POLICY)))
                .on(SendMessageBatchRequest.class, Given::allSent);
        SqsMessageQueue queue = Given.queue(sqs, "orders");
        Given.now(queue.deadLetter(Given.copies(1)));

        // when
        List<Entry> second = Given.now(queue.deadLetter(Given.copies(1)));

        // then
        assertThat(second).containsExactly(Entry.DONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccessDenied",
                "AccessDeniedException",
                "KmsAccessDenied",
                "AWS.SimpleQueueService.NonExistentQueue"
            })
    void a_queue_that_we_may_not_send_to_or_is_not_there_refuses_for_good(String code) {
        // given
        ScriptedSqs sqs = Given.withPolicy(Given.POLICY)
                .anew(SendMessageBatchRequest.class)
                .fails(SendMessageBatchRequest.class, Given.failure(code));

        // then
        assertThat(Given.now(Given.queue(sqs, "orders").deadLetter(Given.copies(2))))
                .containsExactly(Entry.FINAL, Entry.FINAL);
    }

    @Test
    void a_dead_letter_queue_that_cannot_be_found_refuses_for_good() {
        // given
        ScriptedSqs sqs = Given.withPolicy(Given.POLICY)
                .anew(GetQueueUrlRequest.class)
                .fails(GetQueueUrlRequest.class, Given.missing());

        // then
        assertThat(Given.now(Given.queue(sqs, "https://sqs/1/orders").deadLetter(Given.copies(1))))
                .containsExactly(Entry.FINAL);
    }

    @Test
    void after_a_refusal_the_policy_is_read_again() {
        // given
        ScriptedSqs sqs = new ScriptedSqs()
                .on(GetQueueAttributesRequest.class, request -> Given.attributes(Optional.of(Given.POLICY)))
                .on(GetQueueAttributesRequest.class, request -> Given.attributes(Optional.of(FIFO_POLICY)))
                .fails(SendMessageBatchRequest.class, Given.missing())
                .on(SendMessageBatchRequest.class, Given::allSent);
        SqsMessageQueue queue = Given.queue(sqs, "orders");
        Given.now(queue.deadLetter(Given.copies(1)));

        // when
        Given.now(queue.deadLetter(Given.copies(1)));

        // then
        assertThat(sqs.asked(SendMessageBatchRequest.class))
                .extracting(SendMessageBatchRequest::queueUrl)
                .containsExactly(
                        ScriptedSqs.url("123456789012", "orders-dlq"),
                        ScriptedSqs.url("123456789012", "orders-dlq.fifo"));
    }

    @Test
    void any_other_failure_may_be_tried_again() {
        // given
        Throwable throttled = Given.failure("RequestThrottled");
        ScriptedSqs sqs = Given.withPolicy(Given.POLICY)
                .anew(SendMessageBatchRequest.class)
                .fails(SendMessageBatchRequest.class, throttled);

        // then
        assertThat(Given.failureOf(Given.queue(sqs, "orders").deadLetter(Given.copies(1))))
                .isSameAs(throttled);
    }

    private static SendMessageBatchRequestEntry sent(String policy, Copy copy) {
        ScriptedSqs sqs = Given.withPolicy(policy);
        assertThat(Given.now(Given.queue(sqs, "orders").deadLetter(List.of(copy))))
                .containsExactly(Entry.DONE);
        return sqs.asked(SendMessageBatchRequest.class).get(0).entries().get(0);
    }

    private static MessageAttributeValue text(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}
