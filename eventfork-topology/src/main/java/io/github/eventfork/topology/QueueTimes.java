package io.github.eventfork.topology;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.Duration;

/**
 * How long a fork's queues keep messages, and how long a received one stays invisible.
 *
 * <p><b>Invariant:</b> every value is one that
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html">SQS</a>
 * takes, and the dead-letter queue keeps at least as long as the queue: a message that moves there keeps its
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html">
 * enqueue time</a>, so it would expire there before anyone looked.
 */
record QueueTimes(Duration retention, Duration deadLetterRetention, Duration visibilityTimeout) {

    private static final Duration SHORTEST_RETENTION = Duration.ofSeconds(60);
    private static final Duration LONGEST_RETENTION = Duration.ofDays(14);
    private static final Duration LONGEST_VISIBILITY = Duration.ofHours(12);

    /** Four days, fourteen days, and the 30 s that SQS gives by itself; after the limits that it is held to. */
    static final QueueTimes STANDARD = new QueueTimes(Duration.ofDays(4), Duration.ofDays(14), Duration.ofSeconds(30));

    QueueTimes {
        check("retention", retention, SHORTEST_RETENTION, LONGEST_RETENTION);
        check("dead-letter retention", deadLetterRetention, SHORTEST_RETENTION, LONGEST_RETENTION);
        check("visibility timeout", visibilityTimeout, Duration.ZERO, LONGEST_VISIBILITY);
        if (deadLetterRetention.compareTo(retention) < 0) {
            throw new IllegalArgumentException("dead-letter retention must be at least the retention, because a message"
                    + " in a dead-letter queue keeps its age: was " + deadLetterRetention + ", less than " + retention
                    + ". To lower both, lower the retention first");
        }
    }

    QueueTimes withRetention(Duration other) {
        return new QueueTimes(other, deadLetterRetention, visibilityTimeout);
    }

    QueueTimes withDeadLetterRetention(Duration other) {
        return new QueueTimes(retention, other, visibilityTimeout);
    }

    QueueTimes withVisibilityTimeout(Duration other) {
        return new QueueTimes(retention, deadLetterRetention, other);
    }

    /**
     * Refuses a retention in which a message can't be received as often as it may be: it would expire while it is invisible,
     * and never reach the dead-letter queue.
     */
    static void refuseExpiry(Duration retention, Duration visibilityTimeout, int receives) {
        if (retention.compareTo(visibilityTimeout.multipliedBy(receives)) <= 0) {
            throw new IllegalArgumentException(
                    "retention must be more than maxReceiveCount times the visibility timeout, or a"
                            + " message that fails expires before it is received so often: was " + retention + ", and "
                            + receives
                            + " times " + visibilityTimeout);
        }
    }

    private static void check(String what, Duration given, Duration least, Duration most) {
        if (given.compareTo(least) < 0
                || given.compareTo(most) > 0
                || !given.truncatedTo(SECONDS).equals(given)) {
            throw new IllegalArgumentException(
                    what + " must be whole seconds from " + least + " to " + most + ", was " + given);
        }
    }
}
