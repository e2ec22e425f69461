package io.github.eventfork.lambda;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">record of an SQS event</a> into a
 * delivery. Holds no state. Nothing that a record lacks makes it throw, but what it can't be understood without.
 */
final class RecordReader {

    private static final String NO_QUEUE = "unknown";

    private RecordReader() {}

    /**
     * The delivery of {@code message}, which has a message id.
     *
     * @throws IllegalArgumentException if its body is missing or an attribute contradicts itself; names no value
     */
    static Delivery read(SQSMessage message) {
        if (message.getBody() == null) {
            throw new IllegalArgumentException("it has no body");
        }
        Delivery.Builder delivery = Delivery.of(queue(message), message.getMessageId(), message.getBody())
                .attributes(attributes(message))
                .receiveCount(receiveCount(message))
                .group(group(message))
                .deduplicationId(attribute(message, "MessageDeduplicationId"))
                .traceHeader(attribute(message, "AWSTraceHeader"))
                .firstReceived(firstReceived(message));
        return message.getReceiptHandle() == null
                ? delivery.build()
                : delivery.receipt(message.getReceiptHandle()).build();
    }

    /** The queue's ARN. Without one, a sequence number still tells a FIFO queue: no other has it. */
    static String queue(SQSMessage message) {
        if (message.getEventSourceArn() != null) {
            return message.getEventSourceArn();
        }
        return attribute(message, "SequenceNumber") == null ? NO_QUEUE : NO_QUEUE + ".fifo";
    }

    /** The message group, if there is one. */
    static @Nullable String group(SQSMessage message) {
        return attribute(message, "MessageGroupId");
    }

    private static @Nullable String attribute(SQSMessage message, String name) {
        return message.getAttributes() == null ? null : message.getAttributes().get(name);
    }

    /** The receive count; what is no number counts as the first receive, so that nothing is given up too early. */
    private static int receiveCount(SQSMessage message) {
        Long count = number(message, "ApproximateReceiveCount");
        return count == null ? 1 : (int) Math.max(1, Math.min(count, Integer.MAX_VALUE));
    }

    private static @Nullable Instant firstReceived(SQSMessage message) {
        Long millis = number(message, "ApproximateFirstReceiveTimestamp");
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    private static @Nullable Long number(SQSMessage message, String name) {
        String text = attribute(message, name);
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException broken) {
            return null;
        }
    }

    private static Attributes attributes(SQSMessage message) {
        Attributes.Builder attributes = Attributes.builder();
        Map<String, MessageAttribute> all = message.getMessageAttributes();
        if (all != null) {
            all.forEach((name, attribute) -> put(attributes, name, attribute));
        }
        return attributes.build();
    }

    private static void put(Attributes.Builder attributes, String name, @Nullable MessageAttribute attribute) {
        if (attribute == null) {
            return;
        }
        if (attribute.getBinaryValue() != null) {
            attributes.put(name, typeOf(attribute, "Binary"), bytes(attribute.getBinaryValue()));
        } else if (attribute.getStringValue() != null) {
            putText(attributes, name, typeOf(attribute, "String"), attribute.getStringValue());
        }
    }

    private static void putText(Attributes.Builder attributes, String name, String dataType, String text) {
        try {
            attributes.put(name, dataType, text);
        } catch (IllegalArgumentException notBase64) {
            // its own text quotes the attribute's name, which is the publisher's
            throw new IllegalArgumentException("a message attribute is a Binary but its text is not base64");
        }
    }

    private static String typeOf(MessageAttribute attribute, String otherwise) {
        return attribute.getDataType() == null ? otherwise : attribute.getDataType();
    }

    /** The bytes; the buffer's position, which others may rely on, stays. */
    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
