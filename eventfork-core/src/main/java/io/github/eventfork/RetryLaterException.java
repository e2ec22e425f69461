package io.github.eventfork;

import java.time.Duration;

/**
 * Thrown by a handler that knows when to be tried again, such as after a {@code Retry-After}. It is a failure with that
 * delay instead of the {@link RetryPolicy}'s, and counts as an attempt.
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
