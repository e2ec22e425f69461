package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.BatchingSettler;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What BatchesTest claims, at the edges. */
@Promise(20)
class BatchesAtTheEdgesTest {

    private final Fork rejecting = Given.fork()
            .on("signup", String.class, event -> {
                throw new RejectedEventException("the list is closed");
            })
            .build();
    private Hold hold;

    @Test
    void dead_letters_that_are_larger_than_1_mib_together_go_in_several_batches() {
        String payload = "x".repeat(600_000);
        try (PollerHarness harness = ForkHarness.poller(rejecting).build()) {
            harness.deliver(
                    Message.raw("signup", payload), Message.raw("signup", payload), Message.raw("signup", payload));

            // then none of them had to be tried again
            harness.advance(Duration.ofMillis(25));

            assertThat(harness.queue().log().calls())
                    .filteredOn(made -> made.call() == Call.DEAD_LETTER)
                    .extracting(QueueLog.CallMade::entries)
                    .containsExactly(1, 1, 1);
            assertThat(harness.deadLetters()).hasSize(3);
        }
    }

    @Test
    void a_dead_letter_that_was_redriven_says_why_anew_though_it_has_ten_attributes() {
        // given a message with nine attributes of its user and the note of its last time
        Message message = Message.raw("signup", "{}").messageId("m-1").attribute("eventfork", "{\"reason\":\"old\"}");
        for (int i = 1; i < 9; i++) {
            message = message.attribute("a" + i, "v");
        }
        try (PollerHarness harness = ForkHarness.poller(rejecting).build()) {
            harness.deliver(message);
            harness.advance(seconds(1));

            InMemoryQueue.Item letter = harness.deadLetters().get(0);
            assertThat(letter.attributes().names()).hasSize(10);
            assertThat(letter.attributes().text("eventfork"))
                    .hasValueSatisfying(note -> assertThat(note).contains("the list is closed"));
        }
    }

    @Test
    @Promise({16, 20})
    void a_flush_sends_a_dead_letters_copy_and_then_its_delete_without_any_time_passing() {
        // given a rejected message that a BatchingSettler is asked to dead-letter
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("queue", runtime)
                .deadLetterQueue(InMemoryQueue.named("dlq", runtime).build(), 3)
                .build();
        BatchingSettler settler = new BatchingSettler(queue, runtime);
        queue.send(signup("m-1"));
        CompletableFuture<List<Delivery>> received =
                queue.receive(1, Duration.ZERO).toCompletableFuture();
        runtime.runUntilIdle();
        CompletableFuture<Settlement> standing = settler.settle(
                        received.join().get(0), new Settlement.DeadLetter("why", "fork", 1))
                .toCompletableFuture();
        runtime.runUntilIdle();

        // when it is flushed
        CompletableFuture<Void> flushed = settler.flush().toCompletableFuture();
        runtime.runUntilIdle();

        // then the settlement stands by the time that the flush has ended
        assertThat(flushed).isCompleted();
        assertThat(queue.log().count(Call.DEAD_LETTER)).isEqualTo(1);
        assertThat(standing).isCompleted();
        assertThat(queue.messages()).isEmpty();
    }

    @Test
    @Promise({16, 20})
    void a_flush_within_the_margin_takes_a_dead_letter_through_to_its_delete() {
        // given a handler at its last attempt that fails when it is interrupted, and a margin shorter than two lingers
        Fork fork =
                Given.fork().on("signup", String.class, event -> hold.await()).build();
        LambdaHarness harness = ForkHarness.lambda(fork)
                .settler()
                .remaining(seconds(10))
                .margin(Duration.ofMillis(40))
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        assertThat(harness.invoke(signup("m-1").receiveCount(3))).isEmpty();
        assertThat(harness.deadLetters()).hasSize(1);
    }

    @Test
    @Promise(19)
    void whoever_asks_for_more_than_12_hours_gets_12() {
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("queue", runtime).build();
        BatchingSettler settler = new BatchingSettler(queue, runtime);

        settler.settle(signup("m-1").delivery("queue"), new Settlement.GiveBack(Duration.ofDays(1)));
        runtime.advance(seconds(1));

        assertThat(queue.log().visibilityChanges())
                .extracting(QueueLog.VisibilityChange::timeout)
                .containsExactly(seconds(43_200));
    }
}
