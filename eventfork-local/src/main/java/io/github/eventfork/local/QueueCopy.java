package io.github.eventfork.local;

import java.util.List;
import java.util.Optional;

/** What one queue gets of one message: a body, the attributes of raw delivery, and SQS's system attributes. */
record QueueCopy(
        String messageId,
        String body,
        List<MessageAttributes.Attribute> attributes,
        Optional<String> groupId,
        Optional<String> traceHeader) {}
