package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Giving back sets the visibility timeout to the delay: whole seconds, never past 12 h from receipt. */
@Promise(19)
class DelayTest {

    @ParameterizedTest
    @CsvSource({"PT0S, 0", "PT0.001S, 1", "PT1S, 1", "PT1.5S, 2", "PT90S, 90", "PT11H, 39600"})
    void a_delay_is_rounded_up_to_whole_seconds(Duration delay, long seconds) {
        assertThat(delays(RetryPolicy.fixed(delay), new IllegalStateException("x")))
                .containsExactly(seconds(seconds));
    }

    @Test
    void a_delay_never_reaches_past_12_hours_from_receipt_even_if_the_receipt_took_a_while() {
        assertThat(delays(RetryPolicy.standard(), new RetryLaterException(Duration.ofDays(2), "x")))
                .singleElement()
                .satisfies(delay -> assertThat(delay)
                        .isBetween(
                                Duration.ofHours(11).plusMinutes(50),
                                Duration.ofHours(12).minusMinutes(5)));
    }

    @Test
    void a_handler_that_knows_when_to_be_tried_again_is_believed() {
        assertThat(delays(RetryPolicy.standard(), new RetryLaterException(seconds(77), "rate limit")))
                .containsExactly(seconds(77));
    }

    @Test
    void without_jitter_in_the_policy_there_is_none() {
        RetryPolicy policy = RetryPolicy.exponential(seconds(10), seconds(100));

        assertThat(delays(policy, new IllegalStateException("x"))).containsExactly(seconds(10));
    }

    private static List<Duration> delays(RetryPolicy policy, RuntimeException failure) {
        Fork fork = Fork.named("fork")
                .retry(policy)
                .on("signup", String.class, event -> {
                    throw failure;
                })
                .build();
        try (PollerHarness harness = ForkHarness.poller(fork)
                .visibilityTimeout(Duration.ofMinutes(5))
                .build()) {
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMillis(50));
            return harness.queue().log().visibilityChanges().stream()
                    .map(QueueLog.VisibilityChange::timeout)
                    .limit(1)
                    .toList();
        }
    }
}
