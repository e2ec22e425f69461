package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Health;
import io.github.eventfork.Health.Status;
import io.github.eventfork.queue.Port.Unanswered;
import io.github.eventfork.queue.WatchedQueue.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PollerHealthTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Exception CAUSE = new IllegalStateException("no queue");

    private final ManualRuntime runtime = new ManualRuntime();
    private Optional<Instant> lastAnswer = Optional.of(Instant.EPOCH);
    private Optional<Unanswered> overdue = Optional.empty();
    private final PollerHealth health = new PollerHealth("orders", runtime, () -> lastAnswer, () -> overdue);
    private Instant running;

    @BeforeEach
    void run() {
        runtime.advance(MINUTE);
        health.become(Status.RUNNING, Status.NEW);
        running = runtime.now();
        runtime.advance(MINUTE);
    }

    @Test
    void it_is_failing_since_receiving_failed_and_not_since_it_failed_again() {
        Instant first = runtime.now();
        assertThat(health.receivingFailed("receiving failed", CAUSE)).isTrue();
        runtime.advance(MINUTE);

        health.receivingFailed("receiving failed", CAUSE);

        assertThat(health.now()).isEqualTo(failing(first, "receiving failed: " + CAUSE));
        assertThat(health.running()).isTrue();
    }

    @Test
    void it_is_running_since_receiving_succeeded_and_not_since_it_succeeded_again() {
        health.receivingSucceeded();
        assertThat(health.now()).isEqualTo(new Health(Status.RUNNING, running, Optional.empty(), lastAnswer));
        health.receivingFailed("receiving failed", CAUSE);
        runtime.advance(MINUTE);

        health.receivingSucceeded();

        assertThat(health.now()).isEqualTo(new Health(Status.RUNNING, runtime.now(), Optional.empty(), lastAnswer));
    }

    @Test
    void deletes_that_fail_are_told_since_when_and_no_longer_when_they_are_answered() {
        Instant first = runtime.now();
        health.unanswered(Call.DELETE, new CompletionException(CAUSE));
        runtime.advance(MINUTE);
        health.unanswered(Call.DELETE, CAUSE);
        assertThat(health.now()).isEqualTo(failing(first, "deleting what is done failed: " + CAUSE));

        health.answered(Call.DELETE);

        assertThat(health.now()).isEqualTo(new Health(Status.RUNNING, runtime.now(), Optional.empty(), lastAnswer));
    }

    @Test
    void of_two_problems_receiving_is_told_first_and_the_other_when_that_is_over() {
        health.unanswered(Call.CHANGE_VISIBILITY, null);
        health.receivingFailed("receiving failed", CAUSE);
        assertThat(health.now().problem()).contains("receiving failed: " + CAUSE);

        health.receivingSucceeded();

        assertThat(health.now().status()).isEqualTo(Status.FAILING);
        assertThat(health.now().problem()).contains("changing visibility timeouts failed: it is to be tried again");
    }

    @Test
    void calls_that_are_answered_again_do_not_hide_that_others_fail() {
        health.receivingFailed("receiving failed", CAUSE);
        health.unanswered(Call.DELETE, CAUSE);
        health.unanswered(Call.DEAD_LETTER, CAUSE);

        health.answered(Call.DELETE);
        assertThat(health.now().problem()).contains("receiving failed: " + CAUSE);
        health.receivingSucceeded();

        assertThat(health.now().status()).isEqualTo(Status.FAILING);
        assertThat(health.now().problem()).contains("copying to the dead-letter queue failed: " + CAUSE);
    }

    @Test
    void a_class_that_is_missing_is_told_first_and_since_it_was_missed() {
        Instant first = runtime.now();
        health.classMissing(Optional.of("no Jackson"));
        runtime.advance(MINUTE);
        health.receivingFailed("receiving failed", CAUSE);

        assertThat(health.now()).isEqualTo(failing(first, "no Jackson"));
        health.receivingSucceeded();
        health.classMissing(Optional.empty());

        assertThat(health.now()).isEqualTo(new Health(Status.RUNNING, runtime.now(), Optional.empty(), lastAnswer));
    }

    @Test
    void what_fails_while_it_is_not_running_does_not_matter() {
        health.become(Status.PAUSED, Status.RUNNING);

        assertThat(health.receivingFailed("receiving failed", CAUSE)).isFalse();

        assertThat(health.now()).isEqualTo(new Health(Status.PAUSED, runtime.now(), Optional.empty(), lastAnswer));
        assertThat(health.running()).isFalse();
    }

    @Test
    void it_becomes_nothing_from_where_it_is_not() {
        assertThat(health.become(Status.RUNNING, Status.NEW, Status.PAUSED)).isFalse();

        assertThat(health.now().since()).isEqualTo(running);
    }

    @Test
    void it_ends_once_and_keeps_what_was_wrong_with_the_end() {
        health.receivingFailed("receiving failed", CAUSE);
        assertThat(health.end(Status.CLOSED, Optional.of("too slow"))).isTrue();
        Health closed = new Health(Status.CLOSED, runtime.now(), Optional.of("too slow"), lastAnswer);
        runtime.advance(MINUTE);

        assertThat(health.end(Status.STOPPED, Optional.of("broken"))).isFalse();

        assertThat(health.now()).isEqualTo(closed);
    }

    @Test
    void it_is_starting_until_the_queue_has_answered_once() {
        lastAnswer = Optional.empty();
        assertThat(health.now().status()).isEqualTo(Status.STARTING);

        lastAnswer = Optional.of(runtime.now());

        assertThat(health.now()).isEqualTo(new Health(Status.RUNNING, running, Optional.empty(), lastAnswer));
    }

    @Test
    void one_that_can_not_start_is_failing() {
        lastAnswer = Optional.empty();

        health.receivingFailed("receiving failed", CAUSE);

        assertThat(health.now().status()).isEqualTo(Status.FAILING);
    }

    @Test
    void a_call_without_an_answer_makes_it_fail_since_it_was_made() {
        overdue = Optional.of(new Unanswered("receiving", Duration.ofSeconds(31)));

        assertThat(health.now()).isEqualTo(failing(runtime.now().minusSeconds(31), "receiving: no answer for 31 s"));
    }

    @Test
    void what_is_wrong_already_is_told_before_a_call_without_an_answer() {
        Instant first = runtime.now();
        health.receivingFailed("receiving failed", CAUSE);
        overdue = Optional.of(new Unanswered("deleting what is done", MINUTE));

        assertThat(health.now()).isEqualTo(failing(first, "receiving failed: " + CAUSE));
    }

    private Health failing(Instant since, String problem) {
        return new Health(Status.FAILING, since, Optional.of(problem), lastAnswer);
    }
}
