package io.github.eventfork.poller;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.queue.MessageQueue.Copy;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Turns a copy into an entry for the dead-letter queue: body, attributes, trace header and group as they came, our note
 * beside them.
 */
final class Outgoing {

    private Outgoing() {}

    /** The entry; {@code fifo} if the dead-letter queue keeps order, which alone takes a deduplication id. */
    static SendMessageBatchRequestEntry entry(String id, Copy copy, boolean fifo) {
        Delivery delivery = copy.delivery();
        SendMessageBatchRequestEntry.Builder entry = SendMessageBatchRequestEntry.builder()
                .id(id)
                .messageBody(delivery.body())
                .messageAttributes(attributes(copy));
        delivery.group().ifPresent(entry::messageGroupId);
        delivery.traceHeader().ifPresent(header -> entry.messageSystemAttributes(trace(header)));
        if (fifo) {
            entry.messageDeduplicationId(delivery.messageId());
        }
        return entry.build();
    }

    private static Map<String, MessageAttributeValue> attributes(Copy copy) {
        Map<String, MessageAttributeValue> values = new LinkedHashMap<>();
        Attributes attributes = copy.attributes();
        for (String name : attributes.names()) {
            attributes.value(name).ifPresent(value -> values.put(name, value(value)));
        }
        copy.note().ifPresent(note -> values.put(Attributes.NOTE, text("String", note)));
        return values;
    }

    /** A value is bytes or has a text. */
    private static MessageAttributeValue value(Attributes.Value value) {
        return value instanceof Attributes.Bytes binary
                ? MessageAttributeValue.builder()
                        .dataType(binary.dataType())
                        .binaryValue(SdkBytes.fromByteArray(binary.bytes()))
                        .build()
                : text(value.dataType(), value.text().orElse(""));
    }

    private static MessageAttributeValue text(String dataType, String text) {
        return MessageAttributeValue.builder()
                .dataType(dataType)
                .stringValue(text)
                .build();
    }

    private static Map<MessageSystemAttributeNameForSends, MessageSystemAttributeValue> trace(String header) {
        return Map.of(
                MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                MessageSystemAttributeValue.builder()
                        .dataType("String")
                        .stringValue(header)
                        .build());
    }
}
