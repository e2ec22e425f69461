package io.github.eventfork.topology;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a fork's queue and its dead-letter queue are called.
 *
 * <p><b>Invariant:</b> both full names are such as
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html">SQS</a> takes; the
 * suffix of FIFO queues counts to their length.
 *
 * @param base the queue's name without the suffix
 * @param deadLetterBase the dead-letter queue's, if it does not follow from the queue's
 */
record QueueNames(String base, @Nullable String deadLetterBase, boolean fifo) {

    /** Ends the name of every FIFO topic and queue, and of nothing else. */
    static final String FIFO = ".fifo";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final int MOST_LETTERS = 80;

    QueueNames {
        check(base, fifo);
        check(deadLetterBase == null ? deadLetterBaseOf(base) : deadLetterBase, fifo);
    }

    String queue() {
        return full(base, fifo);
    }

    String deadLetters() {
        return full(deadLetterBase == null ? deadLetterBaseOf(base) : deadLetterBase, fifo);
    }

    QueueNames withQueue(String other) {
        return new QueueNames(other, deadLetterBase, fifo);
    }

    QueueNames withDeadLetters(String other) {
        return new QueueNames(base, other, fifo);
    }

    private static String deadLetterBaseOf(String name) {
        return name + "-dlq";
    }

    private static String full(String name, boolean fifo) {
        return fifo ? name + FIFO : name;
    }

    private static void check(String name, boolean fifo) {
        if (name.endsWith(FIFO)) {
            throw new IllegalArgumentException(
                    "a queue is named without '.fifo', which Topology.fifo() adds, was '" + name + "'");
        }
        if (!NAME.matcher(name).matches() || full(name, fifo).length() > MOST_LETTERS) {
            throw new IllegalArgumentException("a queue's name is 1 to 80 letters, digits, '-' and '_'"
                    + (fifo ? ", '.fifo' counted" : "") + ", was '" + full(name, fifo) + "'");
        }
    }
}
