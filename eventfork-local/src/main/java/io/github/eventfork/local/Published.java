package io.github.eventfork.local;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message that SNS took, and what became of it. Immutable.
 *
 * @param message what queues get: of a message per protocol, the text for SQS
 * @param attributes by name
 * @param decisions one of each subscription that its topic had
 */
public record Published(
        String topicArn,
        String messageId,
        String message,
        Optional<String> subject,
        Map<String, Attribute> attributes,
        Optional<String> groupId,
        Instant publishedAt,
        List<Decision> decisions) {

    /** Copies what can change. */
    public Published {
        attributes = Map.copyOf(attributes);
        decisions = List.copyOf(decisions);
    }

    /**
     * What one subscription did with it. Immutable.
     *
     * @param refusedBy the key of its filter policy that kept the message out; empty if it was let in
     * @param undelivered why its queue did not take the copy, which is dropped or a dead letter of the subscription
     *     then; empty if it did take it, or was not to get one
     */
    public record Decision(
            String subscriptionArn, String queueArn, Optional<String> refusedBy, Optional<String> undelivered) {

        /** Whether the filter policy let it in, or there is none. */
        public boolean taken() {
            return refusedBy.isEmpty();
        }
    }

    /**
     * What the subscription of this queue did with it; empty if the topic had none.
     *
     * @param queue its name
     */
    public Optional<Decision> decisionOf(String queue) {
        return decisions.stream()
                .filter(decision -> decision.queueArn().endsWith(":" + queue))
                .findFirst();
    }
}
