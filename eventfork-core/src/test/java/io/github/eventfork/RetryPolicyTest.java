package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    private static final Exception CAUSE = new Exception("x");

    @Test
    void an_exponential_delay_doubles_up_to_its_limit() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofSeconds(10));

        assertThat(IntStream.rangeClosed(1, 6).mapToObj(attempt -> policy.delayAfter(attempt, CAUSE, new Random(1))))
                .containsExactly(seconds(1), seconds(2), seconds(4), seconds(8), seconds(10), seconds(10));
    }

    @Test
    void jitter_draws_between_half_the_delay_and_all_of_it() {
        RetryPolicy policy = RetryPolicy.fixed(seconds(10)).withJitter();
        Random random = new Random(42);

        assertThat(IntStream.range(0, 1_000).mapToObj(i -> policy.delayAfter(1, CAUSE, random)))
                .allSatisfy(delay -> assertThat(delay).isBetween(seconds(5), seconds(10)))
                .anySatisfy(delay -> assertThat(delay).isLessThan(seconds(6)))
                .anySatisfy(delay -> assertThat(delay).isGreaterThan(seconds(9)));
    }

    @ParameterizedTest
    @CsvSource({"PT10S, PT5S", "PT0.001S, PT0.001S", "PT0.002S, PT0.001S", "PT0S, PT0S"})
    void the_lowest_draw_is_half_the_delay_in_whole_milliseconds(Duration delay, Duration least) {
        RetryPolicy policy = RetryPolicy.fixed(delay).withJitter();
        RandomGenerator lowest = new Random() {
            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };

        assertThat(policy.delayAfter(1, CAUSE, lowest)).isEqualTo(least);
    }

    @Test
    void a_delay_of_the_users_own_is_kept_within_what_sqs_allows() {
        RetryPolicy tooLong = RetryPolicy.delayed((attempt, cause) -> Duration.ofDays(3));
        RetryPolicy negative = RetryPolicy.delayed((attempt, cause) -> Duration.ofSeconds(-1));

        assertThat(tooLong.delayAfter(1, CAUSE, new Random())).isEqualTo(Duration.ofHours(12));
        assertThat(negative.delayAfter(1, CAUSE, new Random())).isEqualTo(Duration.ZERO);
    }

    @Test
    void a_million_attempts_do_not_overflow() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofHours(12));

        assertThat(policy.delayAfter(1_000_000, CAUSE, new Random())).isEqualTo(Duration.ofHours(12));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000})
    void as_many_attempts_are_allowed_as_sqs_has_receives(int attempts) {
        assertThat(RetryPolicy.standard().withAttempts(attempts).attempts()).isEqualTo(attempts);
    }

    @Test
    void wrong_numbers_are_refused_with_what_is_allowed() {
        assertThatThrownBy(() -> RetryPolicy.standard().withAttempts(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attempts must be 1 to 1000, was 0");
        assertThatThrownBy(() -> RetryPolicy.standard().withAttempts(1_001))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RetryPolicy.fixed(Duration.ofHours(13))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RetryPolicy.standard().delayAfter(0, CAUSE, new Random()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
