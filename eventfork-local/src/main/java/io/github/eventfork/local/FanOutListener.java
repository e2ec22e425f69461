package io.github.eventfork.local;

import java.util.List;
import java.util.Optional;

/** Is told what is published, what each subscription's filter policy said to it, and which copies were dropped. */
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

    /** Called when a copy that a subscription was to get will not reach its queue; on any thread. */
    void dropped(String messageId, Subscription subscription, String reason);
}
