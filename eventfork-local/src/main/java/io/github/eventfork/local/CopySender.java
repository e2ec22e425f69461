package io.github.eventfork.local;

import java.util.List;
import java.util.Map;

/** Puts copies into queues, or a layer in front of that. Thread-safe. */
interface CopySender {

    /** Returns when every copy stands in its queue, or where else it ended. */
    void send(Map<Subscription, List<QueueCopy>> copies);
}
