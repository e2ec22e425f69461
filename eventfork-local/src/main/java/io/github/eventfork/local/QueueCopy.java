package io.github.eventfork.local;

import java.util.List;
import java.util.Optional;

/**
 * What one queue gets of one message: a body, the attributes of raw delivery, and SQS's system attributes.
 *
 * @param undeliverable why the queue cannot be given this at all; empty if it can be tried
 */
record QueueCopy(
        String messageId,
        String body,
        List<MessageAttributes.Attribute> attributes,
        Optional<String> groupId,
        Optional<String> deduplicationId,
        Optional<String> traceHeader,
        Optional<String> undeliverable) {

    /** Its size as SQS counts it, or somewhat more: a char has three bytes at most. */
    int bytesAtMost() {
        int chars = body.length();
        for (MessageAttributes.Attribute attribute : attributes) {
            chars += attribute.name().length()
                    + attribute.dataType().length()
                    + attribute.value().length();
        }
        return 3 * chars;
    }

    /** What a dead-letter queue gets of it: the same, and it is tried in any case. */
    QueueCopy asDeadLetter() {
        return new QueueCopy(messageId, body, attributes, groupId, deduplicationId, traceHeader, Optional.empty());
    }
}
