package io.github.eventfork.local.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * Writes messages as the JSON that <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">Lambda hands to a
 * function</a>: the same keys in the same order, without white space. Immutable.
 */
final class EventWriter {

    /** In the order of Lambda's events, which is that of a hash table. */
    private static final List<String> SYSTEM_ATTRIBUTES = List.of(
            "DeadLetterQueueSourceArn",
            "ApproximateReceiveCount",
            "AWSTraceHeader",
            "SentTimestamp",
            "SequenceNumber",
            "MessageGroupId",
            "SenderId",
            "MessageDeduplicationId",
            "ApproximateFirstReceiveTimestamp");

    private static final byte[] HEAD = "{\"Records\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = "]}".getBytes(StandardCharsets.US_ASCII);
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private final String queueArn;
    private final String region;

    EventWriter(String queueArn, String region) {
        this.queueArn = queueArn;
        this.region = region;
    }

    /** One record of an event. */
    byte[] record(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.body().length() + 1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("messageId", message.messageId());
            json.writeStringField("receiptHandle", message.receiptHandle());
            json.writeStringField("body", message.body());
            systemAttributes(json, message.attributesAsStrings());
            messageAttributes(json, message.messageAttributes());
            if (message.md5OfMessageAttributes() != null
                    && !message.messageAttributes().isEmpty()) {
                json.writeStringField("md5OfMessageAttributes", message.md5OfMessageAttributes());
            }
            json.writeStringField("md5OfBody", message.md5OfBody());
            json.writeStringField("eventSource", "aws:sqs");
            json.writeStringField("eventSourceARN", queueArn);
            json.writeStringField("awsRegion", region);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The event of these records. */
    static byte[] event(List<byte[]> records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size(records));
        bytes.writeBytes(HEAD);
        for (int i = 0; i < records.size(); i++) {
            if (i > 0) {
                bytes.write(',');
            }
            bytes.writeBytes(records.get(i));
        }
        bytes.writeBytes(TAIL);
        return bytes.toByteArray();
    }

    /** How many bytes the event of these records has. */
    private static int size(List<byte[]> records) {
        return HEAD.length
                + records.stream().mapToInt(record -> record.length + 1).sum()
                + TAIL.length;
    }

    private static void systemAttributes(JsonGenerator json, Map<String, String> attributes) throws IOException {
        json.writeObjectFieldStart("attributes");
        for (String name : SYSTEM_ATTRIBUTES) {
            String value = attributes.get(name);
            if (value != null) {
                json.writeStringField(name, value);
            }
        }
        json.writeEndObject();
    }

    private static void messageAttributes(JsonGenerator json, Map<String, MessageAttributeValue> attributes)
            throws IOException {
        json.writeObjectFieldStart("messageAttributes");
        for (Map.Entry<String, MessageAttributeValue> attribute : new HashMap<>(attributes).entrySet()) {
            MessageAttributeValue value = attribute.getValue();
            json.writeObjectFieldStart(attribute.getKey());
            if (value.stringValue() != null) {
                json.writeStringField("stringValue", value.stringValue());
            }
            if (value.binaryValue() != null) {
                json.writeBinaryField("binaryValue", value.binaryValue().asByteArrayUnsafe());
            }
            emptyList(json, "stringListValues");
            emptyList(json, "binaryListValues");
            json.writeStringField("dataType", value.dataType());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** SQS has no lists in attributes, but Lambda has them in events. */
    private static void emptyList(JsonGenerator json, String name) throws IOException {
        json.writeArrayFieldStart(name);
        json.writeEndArray();
    }
}
