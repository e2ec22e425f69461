package io.github.eventfork.engine;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.time.Instant;

/**
 * Time that passes for a queue as well: that of {@link ForkRuntime#nanoTime()}, which stands still while a machine is
 * suspended, and what the wall clock went forward meanwhile. A wall clock that is set back changes nothing; one that is set
 * forward by more than 2 s is taken for a suspension, which costs a receive of what is in hand, no more. Thread-safe.
 *
 * <p><b>Ownership:</b> {@code ahead} and {@code suspended} are written by whoever holds this object's monitor, when the
 * clocks have come apart; as long as they have not, which is nearly always, they are read without it.
 */
public final class Elapsed {

    /** By so much clocks are set, and come apart slowly. */
    private static final long TOLERATED = Duration.ofSeconds(2).toNanos();

    /** Clocks that are as close as this to where they were are together. */
    private static final long CLOSE = Duration.ofMillis(100).toNanos();

    /** A thread that was held up between its readings of the two clocks reads them again, so often. */
    private static final int READINGS = 5;

    private final ForkRuntime runtime;
    private final long firstNanos;
    private final Instant firstWall;

    private volatile long suspended;

    /** What the wall clock showed when the clocks were last found apart, less what {@code nanoTime} did. */
    private volatile long ahead;

    /** Begins with no suspension known. */
    public Elapsed(ForkRuntime runtime) {
        this.runtime = runtime;
        this.firstNanos = runtime.nanoTime();
        this.firstWall = runtime.now();
    }

    /** A reading in nanoseconds, from an arbitrary start. */
    public long nanos() {
        long nanos = runtime.nanoTime();
        long apart = wall() - (nanos - firstNanos) - ahead;
        return apart < CLOSE && apart > -CLOSE ? nanos + suspended : apart();
    }

    private synchronized long apart() {
        long before = runtime.nanoTime();
        for (int reading = 0; reading < READINGS; reading++) {
            long wall = wall();
            long after = runtime.nanoTime();
            if (after - before < CLOSE) {
                long aheadNow = wall - (after - firstNanos);
                suspended += aheadNow - ahead > TOLERATED ? aheadNow - ahead : 0;
                ahead = aheadNow;
                return after + suspended;
            }
            before = after;
        }
        return before + suspended;
    }

    private long wall() {
        Instant now = runtime.now();
        return (now.getEpochSecond() - firstWall.getEpochSecond()) * 1_000_000_000L
                + now.getNano()
                - firstWall.getNano();
    }
}
