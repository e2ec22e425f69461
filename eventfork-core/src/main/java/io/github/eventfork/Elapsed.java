package io.github.eventfork;

import java.time.Duration;
import java.time.Instant;

/**
 * Time that passes for a queue as well: that of {@link ForkRuntime#nanoTime()}, which stands still while a machine is
 * suspended, and what the wall clock went forward meanwhile. A wall clock that is set back changes nothing; one that is set
 * forward by more than 2 s is taken for a suspension, which costs a receive of what is in hand, no more. Thread-safe.
 *
 * <p><b>Invariant:</b> readings never go backward.
 *
 * <p><b>Ownership:</b> all fields belong to whoever holds this object's monitor.
 */
public final class Elapsed {

    /** Clocks are adjusted by less, and read at slightly different moments. */
    private static final long TOLERATED = Duration.ofSeconds(2).toNanos();

    /** A thread that was held up between its readings of the two clocks reads them again, so often. */
    private static final int READINGS = 5;

    private static final long HELD_UP = Duration.ofMillis(100).toNanos();

    private final ForkRuntime runtime;

    private long suspended;

    /** What the wall clock showed at the last reading, less what {@code nanoTime} did; in nanoseconds since the first. */
    private long ahead;

    private final long firstNanos;
    private final Instant firstWall;

    /** Begins with no suspension known. */
    public Elapsed(ForkRuntime runtime) {
        this.runtime = runtime;
        this.firstNanos = runtime.nanoTime();
        this.firstWall = runtime.now();
    }

    /** A reading in nanoseconds, from an arbitrary start. */
    public synchronized long nanos() {
        long before = runtime.nanoTime();
        for (int reading = 0; reading < READINGS; reading++) {
            long wall = sinceFirst(runtime.now());
            long after = runtime.nanoTime();
            if (after - before < HELD_UP) {
                noteWall(wall - (after - firstNanos));
                return after + suspended;
            }
            before = after;
        }
        return before + suspended;
    }

    private synchronized void noteWall(long aheadNow) {
        if (aheadNow - ahead > TOLERATED) {
            suspended += aheadNow - ahead;
        }
        ahead = aheadNow;
    }

    private long sinceFirst(Instant wall) {
        return Duration.between(firstWall, wall).toNanos();
    }
}
