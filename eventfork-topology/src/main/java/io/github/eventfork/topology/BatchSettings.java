package io.github.eventfork.topology;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How an event source mapping makes batches. What of it goes together depends on the queue, and is
 * {@link #checkFor checked} once that is known.
 */
record BatchSettings(int size, Duration window, OptionalInt concurrency) {

    static final BatchSettings STANDARD = new BatchSettings(10, Duration.ZERO, OptionalInt.empty());

    private static final int MOST_AT_ONCE = 10;

    /**
     * Refuses what <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html">Lambda</a> refuses.
     *
     * @throws IllegalArgumentException if size and window don't fit, or the queue
     */
    void checkFor(boolean fifo) {
        if (fifo && (size > MOST_AT_ONCE || !window.isZero())) {
            throw new IllegalArgumentException(
                    "a FIFO queue has batches of at most 10 and no batching window, were " + size + " and " + window);
        }
        if (size > MOST_AT_ONCE && window.isZero()) {
            throw new IllegalArgumentException(
                    "a batch size of more than 10 needs a batching window of at least 1 s, was " + size);
        }
    }
}
