package io.github.eventfork.examples.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;

/**
 * Publishes events in batches of up to 10 events and 256 KiB, as
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html">SNS</a> takes them. For one thread.
 */
final class Publisher {

    private static final int MOST_ENTRIES = 10;

    private final SnsClient sns;
    private final String topicArn;
    private final List<PublishBatchRequestEntry> batch = new ArrayList<>();
    private int batchBytes;
    private long published;

    Publisher(SnsClient sns, String topicArn) {
        this.sns = sns;
        this.topicArn = topicArn;
    }

    /** Takes {@code event} into the next batch; says whether the one before was full, and has been published. */
    boolean add(Line.Event event) {
        int bytes = bytes(event);
        boolean full = batch.size() == MOST_ENTRIES || batchBytes + bytes > EventFile.MOST_BYTES;
        if (full) {
            flush();
        }
        batchBytes += bytes;
        batch.add(PublishBatchRequestEntry.builder()
                .id(Integer.toString(batch.size()))
                .message(event.message())
                .messageAttributes(attributes(event))
                .build());
        return full;
    }

    /**
     * Publishes what was added.
     *
     * @throws IllegalStateException if SNS refuses an event
     */
    void flush() {
        if (batch.isEmpty()) {
            return;
        }
        PublishBatchResponse answer =
                sns.publishBatch(request -> request.topicArn(topicArn).publishBatchRequestEntries(batch));
        if (answer.hasFailed() && !answer.failed().isEmpty()) {
            BatchResultErrorEntry first = answer.failed().get(0);
            throw new IllegalStateException("SNS refused to publish an event: " + first.code());
        }
        published += batch.size();
        batch.clear();
        batchBytes = 0;
    }

    /** How many events SNS has taken. */
    long published() {
        return published;
    }

    /** What SNS counts of an event: the message, and each attribute's name, type and value. */
    static int bytes(Line.Event event) {
        int bytes = utf8(event.message());
        for (Map.Entry<String, String> attribute : texts(event).entrySet()) {
            bytes += utf8(attribute.getKey()) + utf8("String") + utf8(attribute.getValue());
        }
        return bytes;
    }

    /** The message attributes, all of type String. */
    static Map<String, String> texts(Line.Event event) {
        Map<String, String> texts = new LinkedHashMap<>();
        event.event().ifPresent(value -> texts.put("event", value));
        event.id().ifPresent(value -> texts.put("id", value));
        return texts;
    }

    private static Map<String, MessageAttributeValue> attributes(Line.Event event) {
        Map<String, MessageAttributeValue> values = new LinkedHashMap<>();
        texts(event)
                .forEach((name, value) -> values.put(
                        name,
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(value)
                                .build()));
        return values;
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
