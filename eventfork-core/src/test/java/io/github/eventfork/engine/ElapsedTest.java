package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ElapsedTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Elapsed time = new Elapsed(runtime);
    private final long start = time.nanos();

    @Test
    void it_is_what_passed() {
        runtime.advance(HOUR);

        assertThat(passed()).isEqualTo(HOUR);
    }

    @Test
    void a_machine_that_was_suspended_has_lost_the_time_by_which_its_wall_clock_went_on() {
        runtime.advance(HOUR);
        runtime.jumpWallClock(Duration.ofSeconds(2).plusNanos(1));

        assertThat(passed()).isEqualTo(HOUR.plusSeconds(2).plusNanos(1));
        assertThat(passed()).as("counted once").isEqualTo(HOUR.plusSeconds(2).plusNanos(1));
    }

    @Test
    void clocks_that_drift_apart_by_no_more_than_two_seconds_between_readings_are_only_clocks() {
        for (int i = 0; i < 10; i++) {
            runtime.jumpWallClock(Duration.ofSeconds(2));
            time.nanos();
        }

        assertThat(passed()).isZero();
    }

    @Test
    void a_wall_clock_that_is_set_back_changes_nothing_nor_does_what_it_is_set_forward_from_there() {
        runtime.advance(HOUR);
        runtime.jumpWallClock(HOUR.negated());
        assertThat(passed()).isEqualTo(HOUR);

        runtime.jumpWallClock(Duration.ofSeconds(1));

        assertThat(passed()).isEqualTo(HOUR);
    }

    @Test
    void a_thread_that_is_held_up_between_its_readings_of_the_clocks_takes_it_for_no_suspension() {
        for (int reading = 1; reading <= 12; reading++) {
            runtime.leapAfter(reading, Duration.ofSeconds(30));
            time.nanos();
        }
        time.nanos();

        assertThat(passed()).isEqualTo(Duration.ofNanos(runtime.nanoTime() - start));
    }

    private Duration passed() {
        return Duration.ofNanos(time.nanos() - start);
    }
}
