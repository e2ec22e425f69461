package io.github.eventfork.engine;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Durations that users give, in nanoseconds that can be added to a reading of {@link ForkRuntime#nanoTime()}: what is longer
 * than 146 years counts as that, so that a difference of two such sums never wraps around. Holds no state.
 */
final class Nanos {

    private static final long MOST = Long.MAX_VALUE / 2;

    private Nanos() {}

    static long of(Duration duration) {
        return Math.max(-MOST, Math.min(MOST, TimeUnit.NANOSECONDS.convert(duration)));
    }

    /** The same duration, unless it is longer than 146 years: then these, to which others can be added. */
    static Duration bounded(Duration duration) {
        return Duration.ofNanos(of(duration));
    }
}
