package io.github.eventfork.local;

import java.util.List;
import java.util.Optional;

/** Is told what is published, what each subscription's filter policy said to it, and which copies queues did not take. */
interface FanOutListener {

    /**
     * What one subscription said, and what became of its copy.
     *
     * @param refusedBy the key of its filter policy that kept the message out; empty if it was let in
     * @param undelivered why its queue did not take the copy, dead letter or not; empty if it did, or was not to get one
     */
    record Decision(Subscription subscription, Optional<String> refusedBy, Optional<String> undelivered) {
        boolean taken() {
            return refusedBy.isEmpty();
        }
    }

    /**
     * Called on the thread of the request, when the copies stand in the queues, once per message, in the order of
     * publication to one topic by one client.
     */
    void published(Topic topic, SnsMessage message, List<Decision> decisions);
}
