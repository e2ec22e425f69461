package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.queue.MessageQueue.Facts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class AskingForFactsTest {

    @Test
    void attributes_become_facts() {
        // given
        SqsMessageQueue queue = Given.queue(Given.withPolicy(Given.POLICY), "orders");

        // when
        Facts facts = Given.now(queue.facts());

        // then
        assertThat(facts)
                .isEqualTo(new Facts("orders", Duration.ofSeconds(45), OptionalInt.of(3), Optional.of("orders-dlq")));
    }

    @Test
    void a_queue_without_policy_has_neither_count_nor_dead_letter_queue() {
        // given
        SqsMessageQueue queue = Given.queue(Given.withoutPolicy(), "orders");

        // then
        assertThat(Given.now(queue.facts()))
                .isEqualTo(new Facts("orders", Duration.ofSeconds(45), OptionalInt.empty(), Optional.empty()));
    }

    @Test
    void what_is_missing_is_as_sqs_has_it_by_default() {
        // given
        ScriptedSqs sqs = new ScriptedSqs()
                .on(
                        GetQueueAttributesRequest.class,
                        request -> GetQueueAttributesResponse.builder()
                                .attributes(Map.of())
                                .build());

        // then
        assertThat(Given.now(Given.queue(sqs, "orders.fifo").facts()))
                .isEqualTo(new Facts("orders.fifo", Duration.ofSeconds(30), OptionalInt.empty(), Optional.empty()));
    }

    @Test
    void exactly_the_attributes_needed_are_asked_for() {
        // given
        ScriptedSqs sqs = Given.withoutPolicy();

        // when
        Given.now(Given.queue(sqs, "orders").facts());

        // then
        assertThat(sqs.asked(GetQueueAttributesRequest.class))
                .containsExactly(GetQueueAttributesRequest.builder()
                        .queueUrl(ScriptedSqs.url("mine", "orders"))
                        .attributeNames(
                                QueueAttributeName.QUEUE_ARN,
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                QueueAttributeName.REDRIVE_POLICY)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:123456789012:orders-dlq\",\"maxReceiveCount\":\"3\"}",
                "{\"maxReceiveCount\":3,\"new\":{},\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:123456789012:orders-dlq\"}",
            })
    void a_policy_is_read_leniently(String policy) {
        assertThat(Given.now(Given.queue(Given.withPolicy(policy), "orders").facts()))
                .isEqualTo(new Facts("orders", Duration.ofSeconds(45), OptionalInt.of(3), Optional.of("orders-dlq")));
    }

    @Test
    void a_policy_without_count_counts_ten() {
        // given
        String policy = "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:123456789012:orders-dlq\"}";

        // then
        assertThat(Given.now(Given.queue(Given.withPolicy(policy), "orders").facts())
                        .maxReceiveCount())
                .hasValue(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "{}", "{\"deadLetterTargetArn\":\"elsewhere\",\"maxReceiveCount\":3}"})
    void a_policy_that_is_none_does_not_stop_the_poller(String policy) {
        assertThat(Given.now(Given.queue(Given.withPolicy(policy), "orders").facts()))
                .isEqualTo(new Facts("orders", Duration.ofSeconds(45), OptionalInt.empty(), Optional.empty()));
    }

    @Test
    void the_url_is_looked_up_once() {
        // given
        ScriptedSqs sqs = Given.withoutPolicy();
        SqsMessageQueue queue = Given.queue(sqs, "orders");

        // when
        Given.now(queue.facts());
        Given.now(queue.facts());

        // then
        assertThat(sqs.asked(GetQueueUrlRequest.class)).hasSize(1);
        assertThat(sqs.asked(GetQueueAttributesRequest.class)).hasSize(2);
    }

    @Test
    void nothing_is_asked_before_the_first_call() {
        // given
        ScriptedSqs sqs = Given.withoutPolicy();

        // when
        Given.queue(sqs, "orders");

        // then
        assertThat(sqs.asked(GetQueueUrlRequest.class)).isEmpty();
    }
}
