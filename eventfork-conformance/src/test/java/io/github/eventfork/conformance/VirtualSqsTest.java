package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.grouped;
import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** The client on which real adapters are tested meets what the queue in memory meets. */
class VirtualSqsTest {

    private final VirtualRuntime time = VirtualRuntime.seeded(1);
    private final InMemoryQueue letters = InMemoryQueue.named("dlq", time).build();
    private final InMemoryQueue queue =
            InMemoryQueue.named("queue", time).deadLetterQueue(letters, 3).build();
    private final InMemoryQueue fifo = InMemoryQueue.named("queue.fifo", time).build();

    private static CompletableFuture<String> url(VirtualSqs sqs, String name) {
        return sqs.getQueueUrl(request -> request.queueName(name)).thenApply(answer -> answer.queueUrl());
    }

    private ReceiveMessageResponse receive(VirtualSqs sqs, String queueName, int visibility, String attempt) {
        String url = url(sqs, queueName).join();
        CompletableFuture<ReceiveMessageResponse> answer = sqs.receiveMessage(request -> request.queueUrl(url)
                .maxNumberOfMessages(10)
                .waitTimeSeconds(0)
                .visibilityTimeout(visibility)
                .receiveRequestAttemptId(attempt));
        time.runUntilIdle();
        return answer.join();
    }

    @Test
    void a_receive_asks_for_its_visibility_timeout_and_names_its_attempt() {
        // given
        VirtualSqs sqs = new VirtualSqs(fifo);
        fifo.send(grouped("a-1"));

        // when
        ReceiveMessageResponse first = receive(sqs, "queue.fifo", 50, "attempt");
        ReceiveMessageResponse again = receive(sqs, "queue.fifo", 60, "attempt");

        // then
        assertThat(again.messages())
                .hasSize(1)
                .extracting(Message::receiptHandle)
                .containsExactly(first.messages().get(0).receiptHandle());
        assertThat(fifo.log().receives())
                .extracting(QueueLog.Receive::visibilityTimeout, QueueLog.Receive::attempt)
                .containsExactly(
                        tuple(Optional.of(seconds(50)), Optional.of("attempt")),
                        tuple(Optional.of(seconds(60)), Optional.of("attempt")));
    }

    @Test
    void a_look_up_can_stay_unanswered() {
        // given
        VirtualSqs sqs = new VirtualSqs(queue);
        queue.faults().next(Call.LOOK_UP, Fault.neverAnswered());

        // when
        CompletableFuture<String> first = url(sqs, "queue");
        time.advance(Duration.ofDays(1));

        // then
        assertThat(first).isNotDone();
        assertThat(url(sqs, "queue")).isCompleted();
    }

    @Test
    void what_blocks_holds_the_thread_that_calls_the_client() {
        // given
        VirtualSqs sqs = new VirtualSqs(queue);
        List<Duration> out = new ArrayList<>();
        queue.faults().next(Call.LOOK_UP, Fault.blocking(seconds(8)));

        // when
        time.callers(sqs, 1).execute(() -> {
            url(sqs, "queue");
            out.add(time.elapsed());
        });
        time.callers(sqs, 1).execute(() -> out.add(time.elapsed()));
        time.advance(seconds(10));

        // then
        assertThat(out).containsExactly(seconds(8), seconds(8));
    }

    @Test
    void what_throws_is_thrown_by_the_client() {
        // given
        VirtualSqs sqs = new VirtualSqs(queue);
        queue.faults().always(Fault.throwing(new IllegalStateException("the client is closed")));

        // then
        assertThatThrownBy(() -> url(sqs, "queue")).hasMessage("the client is closed");
    }

    @Test
    void a_copy_goes_to_the_queue_that_it_is_sent_to_also_when_another_has_its_place() {
        // given a client that learnt the dead-letter queue before it changed
        VirtualSqs sqs = new VirtualSqs(queue);
        InMemoryQueue other = InMemoryQueue.named("other", time).build();
        queue.send(signup("m-1"));
        String body = receive(sqs, "queue", 30, null).messages().get(0).body();
        String learnt = url(sqs, "dlq").join();

        // when
        queue.changeDeadLetterQueue(other, 3);
        sqs.sendMessageBatch(request -> request.queueUrl(learnt)
                .entries(SendMessageBatchRequestEntry.builder()
                        .id("0")
                        .messageBody(body)
                        .build()));
        time.runUntilIdle();

        // then
        assertThat(letters.messages()).hasSize(1);
        assertThat(other.messages()).isEmpty();
    }

    @Test
    void settings_that_change_are_those_of_the_next_answer() {
        // given
        VirtualSqs sqs = new VirtualSqs(queue);
        String url = url(sqs, "queue").join();

        // when
        queue.changeVisibilityTimeout(seconds(2));
        queue.removeDeadLetterQueue();
        var answer = sqs.getQueueAttributes(request -> request.queueUrl(url));
        time.runUntilIdle();

        // then
        assertThat(answer.join().attributes())
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "2")
                .doesNotContainKey(QueueAttributeName.REDRIVE_POLICY);
    }
}
