package io.github.eventfork.local;

import java.util.List;
import java.util.Optional;

/** Is told what is published, what each subscription's filter policy said to it, and which copies queues did not take. */
interface FanOutListener {

    /**
     * What one subscription said.
     *
     * @param refusedBy the key of its filter policy that kept the message out; empty if it was let in
     */
    record Decision(Subscription subscription, Optional<String> refusedBy) {
        boolean taken() {
            return refusedBy.isEmpty();
        }
    }

    /** Called on the thread of the request, before any copy is sent, once per message, in the order of publication to one topic by one client. */
    void published(Topic topic, SnsMessage message, List<Decision> decisions);

    /** Called when a copy that a subscription was to get is not taken by its queue, dead letter or not; on any thread. */
    default void undelivered(String messageId, Subscription subscription, String reason) {}
}
