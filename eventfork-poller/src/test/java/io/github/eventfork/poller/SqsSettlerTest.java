package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Settlement;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;

class SqsSettlerTest {

    private static final String ARN = "arn:aws:sqs:eu-west-1:123456789012:orders";

    private final ScriptedSqs sqs = Given.withPolicy(Given.POLICY)
            .on(DeleteMessageBatchRequest.class, Given::allDeleted)
            .on(
                    ChangeMessageVisibilityBatchRequest.class,
                    request -> ChangeMessageVisibilityBatchResponse.builder()
                            .successful(request.entries().stream()
                                    .map(entry -> ChangeMessageVisibilityBatchResultEntry.builder()
                                            .id(entry.id())
                                            .build())
                                    .toList())
                            .build());

    @Test
    void a_delay_is_set_on_the_queue() {
        // given
        try (SqsSettler settler = SqsSettler.of(sqs, ARN)) {
            Settlement delay = new Settlement.GiveBack(Duration.ofSeconds(90));

            // when
            CompletionStage<Settlement> standing = settler.settle(Given.delivery(ARN), delay);
            Given.now(settler.flush());

            // then
            assertThat(Given.now(standing)).isEqualTo(delay);
            assertThat(sqs.asked(ChangeMessageVisibilityBatchRequest.class)
                            .get(0)
                            .entries()
                            .get(0)
                            .visibilityTimeout())
                    .isEqualTo(90);
        }
    }

    @Test
    void a_dead_letter_is_copied_and_then_deleted() {
        // given
        try (SqsSettler settler = SqsSettler.of(sqs, "orders")) {
            Settlement letter = new Settlement.DeadLetter("no JSON", "shipping", 1);

            // when
            Settlement standing = Given.now(settler.settle(Given.delivery("orders"), letter));

            // then
            assertThat(standing).isEqualTo(letter);
            assertThat(sqs.asked(SendMessageBatchRequest.class)).hasSize(1);
            assertThat(sqs.asked(DeleteMessageBatchRequest.class)
                            .get(0)
                            .entries()
                            .get(0)
                            .receiptHandle())
                    .isEqualTo("receipt-0");
        }
    }

    @Test
    void a_delivery_of_another_queue_is_refused() {
        // given
        try (SqsSettler settler = SqsSettler.of(sqs, ARN)) {

            // when
            CompletionStage<Settlement> refused = settler.settle(
                    Given.delivery("arn:aws:sqs:eu-west-1:123456789012:others"),
                    new Settlement.GiveBack(Duration.ZERO));

            // then
            assertThat(Given.failureOf(refused))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a delivery of queue 'arn:aws:sqs:eu-west-1:123456789012:others'"
                            + " was given to the settler of queue 'orders'");
        }
        assertThat(sqs.asked(ChangeMessageVisibilityBatchRequest.class)).isEmpty();
    }

    @Test
    void closing_sends_what_lingers_and_leaves_the_client_open() {
        // given
        SqsSettler settler = SqsSettler.of(sqs, ARN);
        CompletionStage<Settlement> standing =
                settler.settle(Given.delivery(ARN), new Settlement.GiveBack(Duration.ofSeconds(1)));

        // when
        settler.close();

        // then
        assertThat(standing.toCompletableFuture()).isCompleted();
        assertThat(sqs.closes()).isZero();
    }

    @Test
    void a_closed_settler_refuses() {
        // given
        SqsSettler settler = SqsSettler.of(sqs, ARN);
        settler.close();

        // then
        assertThat(Given.failureOf(settler.settle(Given.delivery(ARN), new Settlement.GiveBack(Duration.ZERO))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the settler of queue 'orders' is closed");
    }

    @Test
    void what_is_no_queue_is_refused() {
        assertThatThrownBy(() -> SqsSettler.of(sqs, "or ders"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue must be the name, the URL or the ARN of an SQS queue, was 'or ders'");
    }
}
