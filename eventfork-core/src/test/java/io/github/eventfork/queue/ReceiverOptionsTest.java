package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.eventfork.queue.Receiver.Options;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiverOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1, PT0S, PT0.000000001S, PT0S",
        "10000, 10000, PT20S, PT12H, PT12H",
        "10, 80, PT1S, PT15M, PT25S",
    })
    void what_is_within_the_ranges_is_taken(
            int concurrency, int inHand, Duration longPoll, Duration processingLimit, Duration drainTimeout) {
        Options options = new Options(concurrency, inHand, longPoll, processingLimit, drainTimeout);

        assertThat(options.concurrency()).isEqualTo(concurrency);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 80, PT20S, PT15M, PT25S, concurrency must be 1 to 10000",
        "10001, 10001, PT20S, PT15M, PT25S, concurrency must be 1 to 10000",
        "10, 9, PT20S, PT15M, PT25S, inHand must be at least the concurrency 10",
        "10, 80, PT21S, PT15M, PT25S, a long poll waits 0 to 20 whole seconds",
        "10, 80, PT-1S, PT15M, PT25S, a long poll waits 0 to 20 whole seconds",
        "10, 80, PT1.5S, PT15M, PT25S, a long poll waits 0 to 20 whole seconds",
        "10, 80, PT20S, PT0S, PT25S, the processing limit must be positive and at most 12 h",
        "10, 80, PT20S, PT-1S, PT25S, the processing limit must be positive and at most 12 h",
        "10, 80, PT20S, PT12H1S, PT25S, the processing limit must be positive and at most 12 h",
        "10, 80, PT20S, PT15M, PT-1S, the drain timeout must be 0 to 12 h",
        "10, 80, PT20S, PT15M, PT12H0.000000001S, the drain timeout must be 0 to 12 h",
    })
    void what_is_beyond_a_range_is_refused_with_the_range(
            int concurrency,
            int inHand,
            Duration longPoll,
            Duration processingLimit,
            Duration drainTimeout,
            String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Options(concurrency, inHand, longPoll, processingLimit, drainTimeout))
                .withMessageStartingWith(text);
    }

    @ParameterizedTest
    @CsvSource({"PT1S", "PT30S", "PT12H"})
    void a_visibility_timeout_of_ones_own_is_one_second_to_twelve_hours(Duration timeout) {
        assertThat(withVisibilityTimeout(timeout).visibilityTimeout()).contains(timeout);
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT-1S", "PT0.5S", "PT1.5S", "PT12H1S"})
    void any_other_visibility_timeout_is_refused_with_the_range(Duration timeout) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withVisibilityTimeout(timeout))
                .withMessage("a visibility timeout is 1 to 43,200 whole seconds, was " + timeout);
    }

    private static Options withVisibilityTimeout(Duration timeout) {
        Options defaults = Options.defaults();
        return new Options(
                defaults.concurrency(),
                defaults.inHand(),
                defaults.longPoll(),
                defaults.processingLimit(),
                defaults.drainTimeout(),
                Optional.of(timeout));
    }

    @Test
    void the_defaults_are_those_that_are_documented() {
        assertThat(Options.defaults())
                .isEqualTo(new Options(10, 80, Duration.ofSeconds(20), Duration.ofMinutes(15), Duration.ofSeconds(25)));
    }
}
