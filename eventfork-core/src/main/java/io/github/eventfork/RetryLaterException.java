package io.github.eventfork;

import java.time.Duration;

/**
 * Thrown by a handler that knows when to be tried again, such as after a {@code Retry-After}. It is a failure with that
 * delay instead of the {@link RetryPolicy}'s.
 *
 * <p>It makes no dead letters by itself: with attempts left the delivery is given back for the delay; at its last one it
 * waits in hand, however often the handler says so, as long as the lease can be kept (in a poller up to 12 h from receipt,
 * on Lambda within the invocation). On a FIFO queue in a poller it waits in hand from the first time on, and no attempt is
 * counted.
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
