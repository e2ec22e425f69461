package io.github.eventfork.poller;

import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.AWS_TRACE_HEADER;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.MESSAGE_GROUP_ID;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Turns a message of the SDK into a {@link Delivery}. Never throws: a message that lacks something is delivered without
 * it, because whoever threw here would hide it from everybody.
 */
final class Incoming {

    /** What must be asked for; SQS sends nothing unasked. */
    static final List<MessageSystemAttributeName> NEEDED = List.of(
            APPROXIMATE_RECEIVE_COUNT,
            APPROXIMATE_FIRST_RECEIVE_TIMESTAMP,
            MESSAGE_GROUP_ID,
            MESSAGE_DEDUPLICATION_ID,
            AWS_TRACE_HEADER);

    private Incoming() {}

    static Delivery delivery(String queue, Message message) {
        Map<String, String> system = message.attributesAsStrings();
        return Delivery.of(queue, orEmpty(message.messageId()), orEmpty(message.body()))
                .receipt(orEmpty(message.receiptHandle()))
                .attributes(attributes(message.messageAttributes()))
                .receiveCount(count(system.get(APPROXIMATE_RECEIVE_COUNT.toString())))
                .group(system.get(MESSAGE_GROUP_ID.toString()))
                .deduplicationId(system.get(MESSAGE_DEDUPLICATION_ID.toString()))
                .traceHeader(system.get(AWS_TRACE_HEADER.toString()))
                .firstReceived(instant(system.get(APPROXIMATE_FIRST_RECEIVE_TIMESTAMP.toString())))
                .build();
    }

    private static Attributes attributes(Map<String, MessageAttributeValue> values) {
        if (values.isEmpty()) {
            return Attributes.none();
        }
        Attributes.Builder attributes = Attributes.builder();
        values.forEach((name, value) -> put(attributes, name, value));
        return attributes.build();
    }

    /** Bytes tell a Binary: its text would have to be base64, which is not promised. */
    private static void put(Attributes.Builder attributes, String name, MessageAttributeValue value) {
        String type = value.dataType() == null ? "String" : value.dataType();
        if (value.binaryValue() != null) {
            attributes.put(name, type, value.binaryValue().asByteArray());
        } else if (value.stringValue() != null) {
            putText(attributes, name, type, value.stringValue());
        }
    }

    private static void putText(Attributes.Builder attributes, String name, String type, String text) {
        try {
            attributes.put(name, type, text);
        } catch (IllegalArgumentException notBase64) {
            // a Binary without bytes: what SQS calls one always has them, so its text is kept as text
            attributes.string(name, text);
        }
    }

    private static int count(@Nullable String text) {
        try {
            return text == null ? 1 : Integer.parseInt(text);
        } catch (NumberFormatException unknown) {
            return 1;
        }
    }

    private static @Nullable Instant instant(@Nullable String epochMillis) {
        try {
            return epochMillis == null ? null : Instant.ofEpochMilli(Long.parseLong(epochMillis));
        } catch (NumberFormatException | DateTimeException unknown) {
            return null;
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
