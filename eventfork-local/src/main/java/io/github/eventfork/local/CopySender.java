package io.github.eventfork.local;

import java.util.List;
import java.util.Map;

/** Puts copies into queues, or a layer in front of that. Thread-safe. */
interface CopySender {

    /** That a subscription's queue did not take its copy of a message, which is a dead letter or dropped then; and why. */
    record Undelivered(String messageId, Subscription subscription, String reason) {}

    /** Returns what was not delivered, when every copy stands in its queue, or where else it ended. */
    List<Undelivered> send(Map<Subscription, List<QueueCopy>> copies);
}
