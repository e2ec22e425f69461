package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.engine.Elapsed;
import io.github.eventfork.queue.Attempts.Attempt;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Receives whose answer is lost or late. */
class AttemptsTest {

    private static final Duration HIDES = Duration.ofSeconds(25);
    private static final Duration NANO = Duration.ofNanos(1);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Elapsed time = new Elapsed(runtime);
    private final Attempts attempts = new Attempts(time, runtime.random());

    @Test
    void each_receive_of_a_fifo_queue_has_an_id_of_its_own() {
        assertThat(fifo(10).asked.attempt())
                .isPresent()
                .isNotEqualTo(fifo(10).asked.attempt());
    }

    @Test
    void one_of_a_standard_queue_has_none_and_is_not_asked_again() {
        Attempt lost = attempts.next(10, Duration.ZERO, HIDES, false);
        assertThat(lost.asked.attempt()).isEmpty();
        attempts.lost(lost);

        assertThat(attempts.next(3, Duration.ZERO, HIDES, false).asked.most()).isEqualTo(3);
    }

    @Test
    void a_lost_one_is_asked_again_once_as_it_was() {
        Attempt lost = fifo(7);
        attempts.lost(lost);

        assertThat(fifo(10).asked).isEqualTo(lost.asked);
        assertThat(fifo(10).asked.attempt()).isNotEqualTo(lost.asked.attempt());
    }

    @Test
    void what_is_lost_a_second_time_is_left_or_it_would_be_hidden_from_others_for_ever() {
        Attempt lost = fifo(7);
        attempts.lost(lost);
        Attempt again = fifo(7);

        attempts.lost(again);

        assertThat(again.asked).isEqualTo(lost.asked);
        assertThat(fifo(7).asked.attempt()).isNotEqualTo(lost.asked.attempt());
    }

    @Test
    void a_lost_one_is_not_asked_again_for_more_than_there_is_room_for() {
        Attempt lost = fifo(7);
        attempts.lost(lost);

        assertThat(fifo(6).asked.attempt()).isNotEqualTo(lost.asked.attempt());
        assertThat(fifo(7).asked).isEqualTo(lost.asked);
    }

    @Test
    void a_lost_one_is_asked_again_as_long_as_what_it_took_is_hidden() {
        Attempt first = fifo(10);
        attempts.lost(first);
        runtime.advance(HIDES.minus(NANO));
        assertThat(fifo(10).asked).isEqualTo(first.asked);

        Attempt second = fifo(10);
        attempts.lost(second);
        runtime.advance(HIDES);
        assertThat(fifo(10).asked.attempt()).isNotEqualTo(second.asked.attempt());
    }

    @Test
    void the_queue_knows_an_id_for_five_minutes() {
        Attempt lost = attempts.next(10, Duration.ZERO, Duration.ofHours(1), true);
        attempts.lost(lost);

        runtime.advance(Duration.ofMinutes(5));

        assertThat(fifo(10).asked.attempt()).isNotEqualTo(lost.asked.attempt());
    }

    @Test
    void what_comes_late_is_taken_back_while_it_is_hidden_and_not_asked_for_again() {
        Attempt lost = fifo(10);
        long sent = time.nanos();
        attempts.lost(lost);
        runtime.advance(HIDES.minus(NANO));

        assertThat(attempts.takeBack(lost, sent)).isTrue();
        assertThat(fifo(10).asked.attempt()).isNotEqualTo(lost.asked.attempt());
    }

    @Test
    void what_comes_when_others_may_have_it_is_left_alone() {
        Attempt lost = fifo(10);
        long sent = time.nanos();

        runtime.advance(HIDES);

        assertThat(attempts.takeBack(lost, sent)).isFalse();
    }

    @Test
    void what_comes_when_it_is_asked_for_again_is_left_to_that() {
        Attempt lost = fifo(10);
        long sent = time.nanos();
        attempts.lost(lost);
        fifo(10);

        assertThat(attempts.takeBack(lost, sent)).isFalse();
    }

    private Attempt fifo(int most) {
        return attempts.next(most, Duration.ZERO, HIDES, true);
    }
}
