package io.github.eventfork.local;

import java.util.Optional;

/** A queue that gets the messages of a topic which its options let in. */
record Subscription(String arn, String topicArn, String queueArn, SubscriptionOptions options) {
    /** The key of the filter policy that keeps a message out; empty if it is let in. */
    Optional<String> refusedBy(SnsMessage message) {
        return options.policy().refusedBy(message.attributes().asFilterJson(), message.text());
    }

    boolean hasFilterPolicy() {
        return !options.policy().json().isEmpty();
    }

    boolean hasFifoQueue() {
        return queueArn.endsWith(".fifo");
    }

    /** Where copies go that the queue does not take; empty if they are dropped. */
    Optional<String> deadLetterQueueArn() {
        return options.redrive().map(RedrivePolicy::deadLetterQueueArn);
    }
}
