package io.github.eventfork.queue;

import java.time.Duration;

/**
 * How a poll waits and for how long it hides what it brings: so long that what comes at the end of the long poll has a lease
 * yet, though leases begin when the poll is sent; and no longer than a drain lasts, so that what the poll of a closed poller
 * takes is soon received by another. A handler that outlasts that pays with a renewal.
 *
 * @param longPoll whole seconds, 0 to 20
 * @param hides whole seconds, 1 to 43,200
 */
record Polling(Duration longPoll, Duration hides) {

    /** What a drain counts for at least: a shorter one would let polls wait so little that an idle queue costs more calls. */
    private static final long SHORTEST_DRAIN = 10;

    /** What is to be left of a lease at the end of a long poll, if the lease is not shorter anyway. */
    private static final long LEFT = 5;

    private static final long LONGEST = 43_200;

    static Polling of(Duration lease, Duration longPoll, Duration drain) {
        long most = Math.max(SHORTEST_DRAIN, drain.toSeconds());
        long hides = Math.min(LONGEST, Math.min(most, lease.toSeconds() + longPoll.toSeconds()));
        long left = Math.min(LEFT, lease.toSeconds());
        return new Polling(Duration.ofSeconds(Math.min(longPoll.toSeconds(), hides - left)), Duration.ofSeconds(hides));
    }
}
