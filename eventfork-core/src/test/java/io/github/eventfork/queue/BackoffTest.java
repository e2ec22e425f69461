package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

    @ParameterizedTest
    @CsvSource({"1, 50, 100", "2, 100, 200", "9, 12800, 25600", "10, 15000, 30000", "1000000, 15000, 30000"})
    void a_delay_doubles_up_to_the_most_and_is_drawn_between_half_of_it_and_all_of_it(
            int failures, long least, long most) {
        assertThat(backoff.after(failures, drawing(bound -> 0))).isEqualTo(Duration.ofMillis(most));
        assertThat(backoff.after(failures, drawing(bound -> bound - 1))).isEqualTo(Duration.ofMillis(least));
    }

    private interface Draw {
        long below(long bound);
    }

    private static RandomGenerator drawing(Draw draw) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("unbounded");
            }

            @Override
            public long nextLong(long bound) {
                return draw.below(bound);
            }
        };
    }
}
