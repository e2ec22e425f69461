package io.github.eventfork;

import java.time.Duration;

/**
 * Thrown by a handler that knows when to be tried again, such as after a {@code Retry-After}. It is a failure with that
 * delay instead of the {@link RetryPolicy}'s.
 *
 * <p>In a poller it makes no dead letters by itself: with receives left the delivery is given back for the delay; at its last
 * one it waits in hand, for a second at least, however often the handler says so, up to 12 h from receipt. On a FIFO queue
 * it waits in hand from the first time on, and those behind it too. To wait in hand is no attempt; to be given back uses a
 * receive, and so an attempt. A poller that closes runs what is at its last receive once more, and dead-letters what is put
 * off even then. On Lambda it is a failure as any other.
 */
public class RetryLaterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration delay;

    /**
     * Creates one.
     *
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public RetryLaterException(Duration delay, String message) {
        super(message);
        this.delay = notNegative(delay);
    }

    /**
     * Creates one with what led to it.
     *
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public RetryLaterException(Duration delay, String message, Throwable cause) {
        super(message, cause);
        this.delay = notNegative(delay);
    }

    /** How long to wait before the next try; not negative. */
    public Duration delay() {
        return delay;
    }

    private static Duration notNegative(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative, was " + delay);
        }
        return delay;
    }
}
