package io.github.eventfork.local;

import java.time.Instant;
import java.util.Optional;

/**
 * A message that was published and found in order.
 *
 * @param text what an SQS subscription gets: of a message per protocol, the text for SQS
 * @param perProtocol whether it came with {@code MessageStructure=json}
 */
record SnsMessage(
        String id,
        String text,
        boolean perProtocol,
        Optional<String> subject,
        MessageAttributes attributes,
        Optional<String> groupId,
        Optional<String> traceHeader,
        Instant publishedAt) {}
