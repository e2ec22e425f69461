package io.github.eventfork.local;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A message that stands in a queue, as it was when it was looked at. Immutable.
 *
 * @param attributes by name
 * @param groupId its message group, if it was sent with one
 * @param receiveCount how often it was received, in the queue that it was moved from too
 * @param sentAt when it was sent, to the queue that it was moved from if it was
 * @param hiddenUntil until when it is not handed out: received and not given back, or delayed; empty if it is visible. A
 *     message behind a hidden one of its group on a FIFO queue is visible here, though SQS does not hand it out
 * @param movedFrom the name of the queue from which it came to this dead-letter queue
 */
public record Standing(
        String messageId,
        String body,
        Map<String, Attribute> attributes,
        Optional<String> groupId,
        int receiveCount,
        Instant sentAt,
        Optional<Instant> hiddenUntil,
        Optional<String> movedFrom) {

    /** Copies what can change. */
    public Standing {
        attributes = Map.copyOf(attributes);
    }

    /** Whether it could be received. */
    public boolean visible() {
        return hiddenUntil.isEmpty();
    }
}
