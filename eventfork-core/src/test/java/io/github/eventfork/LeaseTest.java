package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** What a unit test of a handler is given. */
class LeaseTest {

    private static final Duration LENGTH = Duration.ofSeconds(30);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Lease lease = new FixedLease(runtime, LENGTH);

    @Test
    void a_fixed_lease_lasts_as_long_as_is_said_and_is_lost_then() {
        Instant begun = runtime.now();
        runtime.advance(LENGTH.minusNanos(1));
        assertThat(lease.remaining()).isEqualTo(Duration.ofNanos(1));
        assertThat(lease.until()).isEqualTo(begun.plus(LENGTH));
        assertThat(lease.lost()).isFalse();

        runtime.advance(Duration.ofNanos(1));

        assertThat(lease.remaining()).isZero();
        assertThat(lease.lost()).isTrue();
        assertThat(lease.until()).isEqualTo(begun.plus(LENGTH));
    }

    @Test
    void one_that_lasts_for_ever_is_taken() {
        assertThat(Lease.fixed(ChronoUnit.FOREVER.getDuration()).lost()).isFalse();
    }

    @Test
    void nobody_calls_its_listeners() {
        lease.onLost(() -> {
            throw new AssertionError("called");
        });
        lease.onExtended(() -> {
            throw new AssertionError("called");
        });

        runtime.advance(LENGTH);

        assertThat(lease.lost()).isTrue();
    }
}
