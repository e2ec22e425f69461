package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are in microseconds after a reading of the clock that is negative, as readings may be. */
class PaceTest {

    private final Pace pace = new Pace(at(0));

    @ParameterizedTest
    @CsvSource({"20000, 40000", "180000, 80000"})
    void a_window_is_two_round_trips_of_which_a_new_one_counts_an_eighth(long roundTrip, long window) {
        pace.tookRoundTrip(roundTrip * 1_000);

        assertWindow(window);
    }

    @ParameterizedTest
    @CsvSource({"0, 35250", "3600000000, 285000"})
    void a_round_trip_counts_as_a_millisecond_at_least_and_as_a_second_at_most(long roundTrip, long window) {
        pace.tookRoundTrip(roundTrip * 1_000);

        assertWindow(window);
    }

    @Test
    void what_was_over_before_two_windows_without_a_look_is_not_recent() {
        assertThat(new Pace(at(0)).recent(3, at(79_999))).isEqualTo(3);

        assertThat(pace.recent(3, at(80_000))).isZero();
        assertThat(pace.recent(5, at(120_000))).isEqualTo(2);
    }

    /** Looked at each time that a window is over, a run of the first is forgotten with the second; before that it is not. */
    private void assertWindow(long window) {
        assertThat(pace.recent(1, at(window - 1))).isEqualTo(1);
        assertThat(pace.recent(1, at(window))).isEqualTo(1);
        assertThat(pace.recent(3, at(2 * window - 1))).isEqualTo(3);
        assertThat(pace.recent(3, at(2 * window))).isEqualTo(2);
    }

    private static long at(long micros) {
        return micros * 1_000 - 7_000_000_000L;
    }
}
