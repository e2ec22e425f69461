package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.queue.MessageQueue.Facts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class KnownFactsTest {

    private static final Facts WITH = new Facts("q", Duration.ofSeconds(30), OptionalInt.of(3), Optional.of("dlq"));
    private static final Facts WITHOUT = new Facts("q", Duration.ofSeconds(30), OptionalInt.empty(), Optional.empty());

    private static final Facts NEVER_INVISIBLE = new Facts("q", Duration.ZERO, OptionalInt.of(3), Optional.of("dlq"));

    private final ManualRuntime runtime = new ManualRuntime();
    private final Asked queue = new Asked();
    private final KnownFacts facts = new KnownFacts(queue, runtime, Optional.empty());

    @Test
    void whoever_needs_to_know_now_asks() {
        queue.answer = CompletableFuture.completedFuture(WITHOUT);
        facts.now();
        queue.answer = CompletableFuture.completedFuture(WITH);

        assertThat(facts.now()).isCompletedWithValue(WITH);
        assertThat(queue.times).isEqualTo(2);
    }

    @Test
    void whoever_needs_to_know_while_it_is_asked_gets_the_same_answer() {
        CompletableFuture<Facts> answer = new CompletableFuture<>();
        queue.answer = answer;
        CompletableFuture<Facts> first = facts.now().toCompletableFuture();
        CompletableFuture<Facts> second = facts.now().toCompletableFuture();

        answer.complete(WITH);

        assertThat(first).isCompletedWithValue(WITH);
        assertThat(second).isCompletedWithValue(WITH);
        assertThat(queue.times).isEqualTo(1);
    }

    @Test
    void what_was_told_is_asked_for_again_after_five_minutes_and_not_before() {
        runtime.advance(Duration.ofHours(1));
        queue.answer = CompletableFuture.completedFuture(WITH);
        facts.now();
        queue.answer = CompletableFuture.completedFuture(WITHOUT);

        runtime.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(facts.last()).contains(WITH);
        assertThat(queue.times).isEqualTo(1);

        runtime.advance(Duration.ofNanos(1));
        assertThat(facts.last()).contains(WITHOUT);
        assertThat(queue.times).isEqualTo(2);
    }

    @Test
    void a_queue_that_does_not_tell_anew_is_asked_each_five_minutes_and_what_it_told_stays_known() {
        queue.answer = CompletableFuture.completedFuture(WITH);
        facts.now();
        queue.answer = CompletableFuture.failedFuture(new IllegalStateException("down"));
        runtime.advance(Duration.ofMinutes(5));
        facts.last();

        runtime.advance(Duration.ofMinutes(4));

        assertThat(facts.last()).contains(WITH);
        assertThat(facts.known()).contains(WITH);
        assertThat(queue.times).isEqualTo(2);
    }

    @Test
    void a_queue_whose_messages_are_never_invisible_is_no_answer() {
        queue.answer = CompletableFuture.completedFuture(NEVER_INVISIBLE);

        assertThat(facts.now().toCompletableFuture()).isCompletedExceptionally();
        assertThat(facts.last()).isEmpty();
    }

    @Test
    void a_visibility_timeout_of_ones_own_counts_instead_of_the_queues() {
        KnownFacts facts = new KnownFacts(queue, runtime, Optional.of(Duration.ofMinutes(1)));
        queue.answer = CompletableFuture.completedFuture(NEVER_INVISIBLE);

        assertThat(facts.now())
                .isCompletedWithValue(new Facts("q", Duration.ofMinutes(1), OptionalInt.of(3), Optional.of("dlq")));
    }

    @Test
    void while_nothing_is_known_whoever_asks_for_it_lets_it_be_asked_once_a_minute() {
        queue.answer = CompletableFuture.failedFuture(new IllegalStateException("throttled"));
        assertThat(facts.last()).isEmpty();
        assertThat(facts.last()).isEmpty();
        assertThat(queue.times).isEqualTo(1);

        runtime.advance(Duration.ofMinutes(1));
        queue.answer = CompletableFuture.completedFuture(WITH);

        assertThat(facts.last()).contains(WITH);
        assertThat(queue.times).isEqualTo(2);
    }

    /** Answers with what a test says, and counts how often it is asked. */
    private static final class Asked implements MessageQueue {

        private CompletionStage<Facts> answer = new CompletableFuture<>();
        private int times;

        @Override
        public CompletionStage<Facts> facts() {
            times++;
            return answer;
        }

        @Override
        public CompletionStage<List<Delivery>> receive(Receive asked) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<Entry>> delete(List<String> receipts) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
            throw new UnsupportedOperationException();
        }
    }
}
