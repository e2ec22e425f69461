package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Delivery;
import io.github.eventfork.engine.Elapsed;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.queue.Port.Received;
import io.github.eventfork.queue.Port.Unanswered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Calls to a queue that throw, that nobody can begin, that are answered late, and that are never answered. */
class PortTest {

    private static final Duration LONG_POLL = Duration.ofSeconds(20);
    private static final Duration LIMIT = Port.LIMIT;
    private static final Duration NANO = Duration.ofNanos(1);
    private static final List<Delivery> ONE =
            List.of(Delivery.of("orders", "m-1", "{}").build());

    private final ManualRuntime runtime = new ManualRuntime();
    private final Elapsed time = new Elapsed(runtime);
    private final Scripted queue = new Scripted();
    private final Port port = new Port(queue, runtime, time);
    private final List<Received> late = new ArrayList<>();
    private boolean wanted = true;

    @Test
    void what_a_call_throws_at_once_is_its_answer_errors_too() {
        queue.receives = () -> {
            throw new NoClassDefFoundError("gone");
        };

        assertThatThrownBy(() -> receive().join()).hasCauseInstanceOf(NoClassDefFoundError.class);
        assertThat(runtime.timers()).as("timers").isZero();
    }

    @Test
    void a_queue_that_gives_no_stage_at_all_has_failed() {
        queue.receives = () -> null;

        assertThat(receive()).isCompletedExceptionally();
    }

    @Test
    void an_answer_with_more_messages_than_were_asked_for_has_failed_and_says_so() {
        queue.receives = () -> CompletableFuture.completedFuture(Collections.nCopies(11, ONE.get(0)));

        assertThatThrownBy(() -> receive().join())
                .hasRootCauseMessage(
                        "the queue answered with 11 messages, asked for at most 10; none is taken in hand");
    }

    @Test
    void an_answer_with_a_message_that_is_none_has_failed_and_says_so() {
        queue.receives = () -> CompletableFuture.completedFuture(Arrays.asList(ONE.get(0), null));

        assertThatThrownBy(() -> receive().join())
                .hasRootCauseMessage("the queue answered with a null message; none is taken in hand");
    }

    @Test
    void such_an_answer_that_is_late_as_well_is_left_alone() {
        CompletableFuture<List<Delivery>> answer = new CompletableFuture<>();
        queue.receives = () -> answer;
        receive();
        runtime.advance(LONG_POLL.plus(LIMIT));

        answer.complete(Arrays.asList(ONE.get(0), null));

        assertThat(late).isEmpty();
    }

    @Test
    void an_entry_of_which_an_answer_says_nothing_is_to_be_tried_again() {
        queue.entries = () -> CompletableFuture.completedFuture(Arrays.asList(Entry.DONE, null));
        List<Change> changes = List.of(new Change("one", LIMIT), new Change("other", LIMIT));
        List<Copy> copies = Collections.nCopies(2, new Copy(ONE.get(0), Optional.empty()));

        assertThat(List.of(
                        port.delete(List.of("one", "other")), port.changeVisibility(changes), port.deadLetter(copies)))
                .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(List.of(Entry.DONE, Entry.RETRIABLE)));
    }

    @Test
    void a_call_whose_answer_is_no_list_has_failed() {
        queue.entries = () -> CompletableFuture.completedFuture(null);

        assertThat(port.delete(List.of("receipt"))).isCompletedExceptionally();
        assertThat(port.changeVisibility(List.of(new Change("receipt", LIMIT)))).isCompletedExceptionally();
        assertThat(port.deadLetter(List.of(new Copy(ONE.get(0), Optional.empty()))))
                .isCompletedExceptionally();
    }

    @Test
    void a_call_that_no_thread_can_begin_has_failed() {
        runtime.callers(task -> {
            throw new RejectedExecutionException("no thread");
        });

        assertThatThrownBy(() -> receive().join()).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(runtime.timers()).as("timers").isZero();
        assertThat(port.overdue()).isEmpty();
    }

    @Test
    void a_call_begins_on_a_callers_thread_and_says_when_it_was_sent() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        runtime.callers(waiting::add);
        queue.receives = () -> CompletableFuture.completedFuture(ONE);
        CompletableFuture<Received> answer = receive();
        runtime.advance(Duration.ofSeconds(8));
        assertThat(answer).isNotDone();

        waiting.remove().run();

        assertThat(answer).isCompletedWithValue(new Received(ONE, time.nanos()));
    }

    @Test
    void a_call_that_waited_for_a_thread_until_its_limit_is_not_made_any_more() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        runtime.callers(waiting::add);
        CompletableFuture<?> answer = port.delete(List.of("receipt")).toCompletableFuture();
        runtime.advance(LIMIT);
        assertThat(answer).isCompletedExceptionally();

        waiting.remove().run();

        assertThat(queue.deletes).isZero();
    }

    @Test
    void a_receive_that_waited_for_a_thread_until_it_was_not_wanted_any_more_is_not_made_and_no_answer() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        runtime.callers(waiting::add);
        queue.receives = () -> CompletableFuture.completedFuture(ONE);
        CompletableFuture<Received> answer = receive();
        wanted = false;

        waiting.remove().run();

        assertThat(answer).isCompletedExceptionally();
        assertThat(port.lastAnswer()).isEmpty();
        assertThat(late).isEmpty();
    }

    @Test
    void receives_that_are_left_end_without_a_timer_and_what_they_bring_is_late() {
        CompletableFuture<List<Delivery>> received = new CompletableFuture<>();
        queue.receives = () -> received;
        CompletableFuture<?> answer = receive();
        CompletableFuture<?> other = port.delete(List.of("receipt")).toCompletableFuture();

        port.leaveReceives();

        assertThat(answer).isCompletedExceptionally();
        assertThat(other).isNotDone();
        assertThat(runtime.timers()).as("of the other call").isEqualTo(1);
        received.complete(ONE);
        assertThat(late).hasSize(1);
    }

    @Test
    void a_copy_that_is_not_wanted_any_more_when_the_call_begins_is_final() {
        queue.entries = () -> CompletableFuture.completedFuture(List.of(Entry.DONE));
        Copy other = new Copy(Delivery.of("orders", "m-2", "{}").build(), Optional.empty());

        assertThat(port.deadLetter(List.of(new Copy(ONE.get(0), Optional.empty()), other), copy -> copy == other))
                .isCompletedWithValue(List.of(Entry.FINAL, Entry.DONE));
    }

    @Test
    void each_call_that_is_not_answered_ends_at_its_limit_and_a_receive_after_its_long_poll_in_addition() {
        CompletableFuture<?> receive = receive();
        List<CompletableFuture<?>> others = List.of(
                port.facts().toCompletableFuture(),
                port.delete(List.of("receipt")).toCompletableFuture(),
                port.changeVisibility(List.of()).toCompletableFuture(),
                port.deadLetter(List.of()).toCompletableFuture());

        runtime.advance(LIMIT.minus(NANO));
        assertThat(others).noneMatch(CompletableFuture::isDone);
        runtime.advance(NANO);
        assertThat(others).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(receive).isNotDone();

        runtime.advance(LONG_POLL);
        assertThatThrownBy(receive::join)
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("no answer within 55 s");
    }

    @Test
    void what_comes_after_the_limit_is_given_to_whoever_takes_what_is_late_and_to_nobody_else() {
        CompletableFuture<List<Delivery>> answer = new CompletableFuture<>();
        queue.receives = () -> answer;
        long sent = time.nanos();
        receive();
        runtime.advance(LONG_POLL.plus(LIMIT));
        assertThat(late).isEmpty();

        answer.complete(ONE);

        assertThat(late).containsExactly(new Received(ONE, sent));
    }

    @Test
    void what_comes_in_time_is_not_late() {
        queue.receives = () -> CompletableFuture.completedFuture(ONE);

        receive();
        runtime.advance(LONG_POLL.plus(LIMIT));

        assertThat(late).isEmpty();
    }

    @Test
    void the_call_that_has_been_unanswered_for_longest_is_told_once_it_is_overdue() {
        receive();
        runtime.advance(Duration.ofSeconds(1));
        port.facts();

        // a receive may wait for its long poll, another call may not
        runtime.advance(Port.OVERDUE);
        assertThat(port.overdue()).isEmpty();
        runtime.advance(NANO);
        assertThat(port.overdue())
                .contains(new Unanswered("asking for the queue's attributes", Port.OVERDUE.plus(NANO)));

        runtime.advance(LONG_POLL);
        assertThat(port.overdue()).map(Unanswered::does).contains("receiving");
    }

    @Test
    void when_the_queue_answered_last_is_known_and_a_failure_is_no_answer() {
        assertThat(port.lastAnswer()).isEmpty();
        queue.receives = () -> CompletableFuture.failedFuture(new IllegalStateException("down"));
        receive();
        assertThat(port.lastAnswer()).isEmpty();

        runtime.advance(Duration.ofSeconds(3));
        queue.receives = () -> CompletableFuture.completedFuture(List.of());
        receive();

        assertThat(port.lastAnswer()).contains(Instant.EPOCH.plusSeconds(3));
    }

    private CompletableFuture<Received> receive() {
        return port.receive(Receive.of(10, LONG_POLL), () -> wanted, late::add).toCompletableFuture();
    }

    /** Answers receives and batches as a test says, and nothing else ever. */
    private static final class Scripted implements MessageQueue {

        private Supplier<CompletionStage<List<Delivery>>> receives = CompletableFuture::new;
        private Supplier<CompletionStage<List<Entry>>> entries = CompletableFuture::new;
        private int deletes;

        @Override
        public CompletionStage<Facts> facts() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<List<Delivery>> receive(Receive asked) {
            return receives.get();
        }

        @Override
        public CompletionStage<List<Entry>> delete(List<String> receipts) {
            deletes++;
            return entries.get();
        }

        @Override
        public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
            return entries.get();
        }

        @Override
        public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
            return entries.get();
        }
    }
}
