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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownFactsTest {

    private static final Facts WITH = new Facts("q", Duration.ofSeconds(30), OptionalInt.of(3), Optional.of("dlq"));
    private static final Facts WITHOUT = new Facts("q", Duration.ofSeconds(30), OptionalInt.empty(), Optional.empty());

    private final ManualRuntime runtime = new ManualRuntime();
    private final Asked queue = new Asked();
    private final KnownFacts facts = new KnownFacts(queue, runtime);

    @Test
    void a_queue_with_dead_letters_is_asked_once() {
        queue.answer = CompletableFuture.completedFuture(WITH);

        assertThat(facts.get()).isCompletedWithValue(WITH);
        runtime.advance(Duration.ofDays(1));

        assertThat(facts.get()).isCompletedWithValue(WITH);
        assertThat(queue.times).isEqualTo(1);
    }

    @Test
    void a_queue_without_dead_letters_is_asked_again_after_a_minute_and_not_before() {
        runtime.advance(Duration.ofHours(1));
        queue.answer = CompletableFuture.completedFuture(WITHOUT);
        facts.get();

        runtime.advance(Duration.ofSeconds(59));
        facts.get();
        assertThat(queue.times).isEqualTo(1);

        runtime.advance(Duration.ofSeconds(1));
        queue.answer = CompletableFuture.completedFuture(WITH);
        assertThat(facts.get()).isCompletedWithValue(WITH);
        assertThat(queue.times).isEqualTo(2);
    }

    @Test
    void a_queue_whose_messages_are_never_invisible_is_no_answer() {
        queue.answer =
                CompletableFuture.completedFuture(new Facts("q", Duration.ZERO, OptionalInt.of(3), Optional.of("dlq")));

        assertThat(facts.get().toCompletableFuture()).isCompletedExceptionally();
        assertThat(facts.last()).isEmpty();
    }

    @Test
    void what_was_told_last_stays_known_while_the_queue_does_not_answer() {
        queue.answer = CompletableFuture.completedFuture(WITHOUT);
        facts.get();
        runtime.advance(Duration.ofMinutes(2));
        queue.answer = CompletableFuture.failedFuture(new IllegalStateException("down"));

        assertThat(facts.get().toCompletableFuture()).isCompletedExceptionally();
        assertThat(facts.last()).contains(WITHOUT);
    }

    @Test
    void whoever_asks_what_is_known_lets_it_be_asked_once_a_minute_until_it_is() {
        queue.answer = CompletableFuture.failedFuture(new IllegalStateException("throttled"));
        assertThat(facts.last()).isEmpty();
        assertThat(facts.last()).isEmpty();
        assertThat(queue.times).isEqualTo(1);

        runtime.advance(Duration.ofMinutes(1));
        queue.answer = CompletableFuture.completedFuture(WITH);
        facts.last();

        assertThat(facts.last()).contains(WITH);
        assertThat(queue.times).isEqualTo(2);
    }

    @Test
    void a_queue_that_gets_dead_letters_is_known_to_have_them_a_minute_later() {
        queue.answer = CompletableFuture.completedFuture(WITHOUT);
        facts.get();
        queue.answer = CompletableFuture.completedFuture(WITH);

        runtime.advance(Duration.ofMinutes(1));
        facts.last();

        assertThat(facts.last()).contains(WITH);
    }

    @Test
    void a_queue_that_throws_is_one_that_does_not_answer() {
        queue.answer = null;

        assertThat(facts.get().toCompletableFuture()).isCompletedExceptionally();
    }

    /** Answers with what a test says, and counts how often it is asked. */
    private static final class Asked implements MessageQueue {

        private @Nullable CompletionStage<Facts> answer;
        private int times;

        @Override
        public CompletionStage<Facts> facts() {
            times++;
            if (answer == null) {
                throw new IllegalStateException("the client is closed");
            }
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
