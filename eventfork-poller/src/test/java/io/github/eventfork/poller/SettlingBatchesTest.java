package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

class SettlingBatchesTest {

    /** The three batch calls of the port, of which one contract holds. */
    enum Batch {
        DELETE {
            @Override
            void script(ScriptedSqs sqs, Collection<String> done, Collection<BatchResultErrorEntry> failed) {
                sqs.on(
                        DeleteMessageBatchRequest.class,
                        request -> DeleteMessageBatchResponse.builder()
                                .successful(done.stream()
                                        .map(id -> DeleteMessageBatchResultEntry.builder()
                                                .id(id)
                                                .build())
                                        .toList())
                                .failed(failed)
                                .build());
            }

            @Override
            CompletionStage<List<Entry>> call(SqsMessageQueue queue, int entries) {
                return queue.delete(receipts(entries).toList());
            }
        },
        CHANGE_VISIBILITY {
            @Override
            void script(ScriptedSqs sqs, Collection<String> done, Collection<BatchResultErrorEntry> failed) {
                sqs.on(
                        ChangeMessageVisibilityBatchRequest.class,
                        request -> ChangeMessageVisibilityBatchResponse.builder()
                                .successful(done.stream()
                                        .map(id -> ChangeMessageVisibilityBatchResultEntry.builder()
                                                .id(id)
                                                .build())
                                        .toList())
                                .failed(failed)
                                .build());
            }

            @Override
            CompletionStage<List<Entry>> call(SqsMessageQueue queue, int entries) {
                return queue.changeVisibility(receipts(entries)
                        .map(receipt -> new Change(receipt, Duration.ofSeconds(30)))
                        .toList());
            }
        },
        DEAD_LETTER {
            @Override
            void script(ScriptedSqs sqs, Collection<String> done, Collection<BatchResultErrorEntry> failed) {
                sqs.anew(SendMessageBatchRequest.class)
                        .on(
                                SendMessageBatchRequest.class,
                                request -> SendMessageBatchResponse.builder()
                                        .successful(done.stream()
                                                .map(id -> SendMessageBatchResultEntry.builder()
                                                        .id(id)
                                                        .build())
                                                .toList())
                                        .failed(failed)
                                        .build());
            }

            @Override
            CompletionStage<List<Entry>> call(SqsMessageQueue queue, int entries) {
                return queue.deadLetter(Given.copies(entries));
            }
        };

        abstract void script(ScriptedSqs sqs, Collection<String> done, Collection<BatchResultErrorEntry> failed);

        abstract CompletionStage<List<Entry>> call(SqsMessageQueue queue, int entries);

        private static Stream<String> receipts(int entries) {
            return Stream.iterate(0, i -> i + 1).limit(entries).map(i -> "receipt-" + i);
        }

        List<Entry> answer(int entries, Collection<String> done, BatchResultErrorEntry... failed) {
            ScriptedSqs sqs = Given.withPolicy(Given.POLICY);
            script(sqs, done, List.of(failed));
            return Given.now(call(Given.queue(sqs, "orders"), entries));
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void answers_are_in_the_order_asked_whatever_order_they_came_in(Batch batch) {
        // when
        List<Entry> entries =
                batch.answer(4, List.of("3", "0"), Given.error("2", "Odd", true), Given.error("1", "Odd", false));

        // then
        assertThat(entries).containsExactly(Entry.DONE, Entry.RETRIABLE, Entry.FINAL, Entry.DONE);
    }

    @ParameterizedTest
    @MethodSource("batches")
    void an_entry_that_the_answer_leaves_out_may_be_tried_again(Batch batch) {
        assertThat(batch.answer(3, List.of("1"))).containsExactly(Entry.RETRIABLE, Entry.DONE, Entry.RETRIABLE);
    }

    @ParameterizedTest
    @MethodSource("batches")
    void an_entry_that_nobody_asked_for_is_ignored(Batch batch) {
        assertThat(batch.answer(1, List.of("0", "7", "x"), Given.error("9", "Odd", true)))
                .containsExactly(Entry.DONE);
    }

    @ParameterizedTest
    @MethodSource("batches")
    void ten_entries_fit(Batch batch) {
        assertThat(batch.answer(10, List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")))
                .hasSize(10)
                .containsOnly(Entry.DONE);
    }

    static Stream<Arguments> batches() {
        return Stream.of(Batch.values()).map(Arguments::of);
    }

    @ParameterizedTest
    @CsvSource({
        "ReceiptHandleIsInvalid, true, FINAL",
        "InvalidParameterValue, true, FINAL",
        "AWS.SimpleQueueService.MessageNotInflight, true, FINAL",
        "InternalError, false, RETRIABLE",
        "ServiceUnavailable, false, RETRIABLE",
        "ReceiptHandleIsInvalid, false, RETRIABLE",
        "OverLimit, true, RETRIABLE",
        "AWS.SimpleQueueService.OverLimit, true, RETRIABLE",
        "RequestThrottled, true, RETRIABLE",
        "ThrottlingException, true, RETRIABLE",
        "TooManyRequestsException, true, RETRIABLE",
        "RequestLimitExceeded, true, RETRIABLE",
        "ServiceUnavailable, true, RETRIABLE",
        "InternalFailure, true, RETRIABLE",
    })
    void the_senders_fault_is_final_unless_it_passes_with_time(String code, boolean senderFault, Entry expected) {
        assertThat(Batch.DELETE.answer(1, List.of(), Given.error("0", code, senderFault)))
                .containsExactly(expected);
    }

    @Test
    void an_error_without_code_or_fault_may_be_tried_again() {
        assertThat(Batch.DELETE.answer(
                        1, List.of(), BatchResultErrorEntry.builder().id("0").build()))
                .containsExactly(Entry.RETRIABLE);
    }

    @Test
    void a_delete_sends_receipts_with_their_indexes() {
        // given
        ScriptedSqs sqs = new ScriptedSqs().on(DeleteMessageBatchRequest.class, Given::allDeleted);

        // when
        Given.now(Given.queue(sqs, "orders").delete(List.of("r", "s")));

        // then
        assertThat(sqs.asked(DeleteMessageBatchRequest.class))
                .containsExactly(DeleteMessageBatchRequest.builder()
                        .queueUrl(ScriptedSqs.url("mine", "orders"))
                        .entries(
                                DeleteMessageBatchRequestEntry.builder()
                                        .id("0")
                                        .receiptHandle("r")
                                        .build(),
                                DeleteMessageBatchRequestEntry.builder()
                                        .id("1")
                                        .receiptHandle("s")
                                        .build())
                        .build());
    }

    @Test
    void a_change_sends_receipt_and_seconds() {
        // given
        ScriptedSqs sqs = new ScriptedSqs();
        Batch.CHANGE_VISIBILITY.script(sqs, List.of("0"), List.of());

        // when
        Given.now(Given.queue(sqs, "orders").changeVisibility(List.of(new Change("r", Duration.ofHours(12)))));

        // then
        assertThat(sqs.asked(ChangeMessageVisibilityBatchRequest.class))
                .containsExactly(ChangeMessageVisibilityBatchRequest.builder()
                        .queueUrl(ScriptedSqs.url("mine", "orders"))
                        .entries(ChangeMessageVisibilityBatchRequestEntry.builder()
                                .id("0")
                                .receiptHandle("r")
                                .visibilityTimeout(43_200)
                                .build())
                        .build());
    }
}
