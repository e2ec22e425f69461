package io.github.eventfork.queue;

/**
 * How many runs were over in the last two round trips, as far as two marks can tell.
 *
 * <p><b>Ownership:</b> belongs to {@link Intake}, and is guarded by its monitor. Times are readings of one nanosecond
 * clock.
 */
final class Pace {

    private static final long SHORTEST = 1_000_000;
    private static final long LONGEST = 1_000_000_000;

    private long roundTrip = 20_000_000;
    private long olderCount;
    private long newerCount;
    private long newerAt;

    Pace(long now) {
        this.newerAt = now;
    }

    /** A poll that found messages waiting took so long. */
    void tookRoundTrip(long nanos) {
        long sane = Math.max(SHORTEST, Math.min(LONGEST, nanos));
        roundTrip += (sane - roundTrip) / 8;
    }

    /** Of {@code over} runs in all, those that were over lately. */
    long recent(long over, long now) {
        long window = 2 * roundTrip;
        long since = now - newerAt;
        if (since >= 2 * window) {
            olderCount = over;
            newerCount = over;
            newerAt = now;
        } else if (since >= window) {
            olderCount = newerCount;
            newerCount = over;
            newerAt = now;
        }
        return over - olderCount;
    }
}
