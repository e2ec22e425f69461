package io.github.eventfork;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Says how long a failed delivery stays invisible before SQS hands it out again, and how often it is tried.
 *
 * <p>The settler rounds a delay up to whole seconds, as SQS counts them, and lets none reach past 12 h after receipt, the
 * most that <a
 * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html">
 * ChangeMessageVisibility</a> allows. Attempts count from 1: the receive count, plus the failed runs since that receipt.
 *
 * <p>Immutable and thread-safe: one policy may serve many forks. Nothing here is null.
 */
public final class RetryPolicy {

    private static final Duration LONGEST = Duration.ofHours(12);
    private static final int MOST_ATTEMPTS = 1000;

    private final Delay delay;
    private final boolean jitter;
    private final int attempts;

    private RetryPolicy(Delay delay, boolean jitter, int attempts) {
        this.delay = delay;
        this.jitter = jitter;
        this.attempts = attempts;
    }

    /** How long to wait after a failure, before jitter. Thread-safe. */
    @FunctionalInterface
    public interface Delay {

        /** The delay after attempt number {@code attempt}, from 1, that failed with {@code cause}; not negative. */
        Duration after(int attempt, Throwable cause);
    }

    /** Exponential from 1 s to 15 min, with jitter, 5 attempts: what a fork has that names no policy. */
    public static RetryPolicy standard() {
        return exponential(Duration.ofSeconds(1), Duration.ofMinutes(15)).withJitter();
    }

    /**
     * Doubles the delay from {@code first} with each attempt, up to {@code most}. 5 attempts.
     *
     * @throws IllegalArgumentException if {@code first} is negative, or {@code most} less than it or over 12 h
     */
    public static RetryPolicy exponential(Duration first, Duration most) {
        if (first.isNegative() || most.compareTo(first) < 0 || most.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "delays must be 0 <= first <= most <= 12 h, were " + first + " and " + most);
        }
        return delayed((attempt, cause) -> doubled(first, attempt, most));
    }

    /**
     * The same delay after each failure. 5 attempts.
     *
     * @throws IllegalArgumentException if {@code delay} is negative or over 12 h
     */
    public static RetryPolicy fixed(Duration delay) {
        return exponential(delay, delay);
    }

    /** A delay of your own, such as one that depends on the cause. 5 attempts. */
    public static RetryPolicy delayed(Delay delay) {
        return new RetryPolicy(delay, false, 5);
    }

    /** The same, but a delay is drawn evenly between half of it and all of it, so that failures spread out. */
    public RetryPolicy withJitter() {
        return new RetryPolicy(delay, true, attempts);
    }

    /**
     * The same with {@code attempts} tries before the dead-letter queue. Default: 5. Where the queue can be asked, its
     * {@code maxReceiveCount} holds if it is smaller.
     *
     * @throws IllegalArgumentException unless it is 1 to 1000, as
     *     <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html">
     *     SQS</a> has it
     */
    public RetryPolicy withAttempts(int attempts) {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts must be 1 to " + MOST_ATTEMPTS + ", was " + attempts);
        }
        return new RetryPolicy(delay, jitter, attempts);
    }

    /** How often a delivery is tried. */
    public int attempts() {
        return attempts;
    }

    /**
     * Returns the delay after a failed attempt; zero means at once. Jitter, if any, is drawn from {@code random}.
     *
     * @throws IllegalArgumentException if {@code attempt} is less than 1
     */
    public Duration delayAfter(int attempt, Throwable cause, RandomGenerator random) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt must be at least 1, was " + attempt);
        }
        Duration full = delay.after(attempt, cause);
        Duration sane = full.isNegative() ? Duration.ZERO : full.compareTo(LONGEST) > 0 ? LONGEST : full;
        long half = sane.toMillis() / 2;
        return jitter && half > 0 ? sane.minusMillis(random.nextLong(half + 1)) : sane;
    }

    /** {@code first} after the first attempt, doubled with each further one, up to {@code most}. */
    static Duration doubled(Duration first, int attempt, Duration most) {
        Duration delay = first;
        for (int i = 1; i < attempt && delay.compareTo(most) < 0 && !delay.isZero(); i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(most) > 0 ? most : delay;
    }
}
