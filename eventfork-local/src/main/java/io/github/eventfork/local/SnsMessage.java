package io.github.eventfork.local;

import java.time.Instant;
import java.util.Optional;

/**
 * A message that was published and found in order.
 *
 * @param text what an SQS subscription gets: of a message per protocol, the text for SQS
 * @param perProtocol whether it came with {@code MessageStructure=json}
 * @param deduplicationId on a FIFO topic, the one it came with or the one made from its text; else empty
 * @param sequenceNumber on a FIFO topic, from the moment on when it is its turn; else empty
 */
record SnsMessage(
        String id,
        String text,
        boolean perProtocol,
        Optional<String> subject,
        MessageAttributes attributes,
        Optional<String> groupId,
        Optional<String> deduplicationId,
        Optional<String> sequenceNumber,
        Optional<String> traceHeader,
        Instant publishedAt) {

    SnsMessage numbered(String number) {
        return new SnsMessage(
                id,
                text,
                perProtocol,
                subject,
                attributes,
                groupId,
                deduplicationId,
                Optional.of(number),
                traceHeader,
                publishedAt);
    }
}
