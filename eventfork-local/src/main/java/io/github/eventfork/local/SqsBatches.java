package io.github.eventfork.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * Copies in the words of SQS's API, in batches within
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html">its limits</a>.
 * Keeps nothing.
 */
final class SqsBatches {
    private static final int MAX_ENTRIES = 10;
    private static final int MAX_BYTES = 1_048_576;

    private SqsBatches() {}

    /** In the order given; a copy that is too long goes alone, for the queue to refuse. */
    static List<List<QueueCopy>> of(List<QueueCopy> copies) {
        List<List<QueueCopy>> batches = new ArrayList<>();
        List<QueueCopy> batch = new ArrayList<>();
        long bytes = 0;
        for (QueueCopy copy : copies) {
            bytes += copy.bytesAtMost();
            if (!batch.isEmpty() && (bytes > MAX_BYTES || batch.size() == MAX_ENTRIES)) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = copy.bytesAtMost();
            }
            batch.add(copy);
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    /** Their ids are their indexes. */
    static List<SendMessageBatchRequestEntry> entries(List<QueueCopy> copies) {
        return IntStream.range(0, copies.size())
                .mapToObj(index -> entry(String.valueOf(index), copies.get(index)))
                .toList();
    }

    private static SendMessageBatchRequestEntry entry(String id, QueueCopy copy) {
        SendMessageBatchRequestEntry.Builder entry =
                SendMessageBatchRequestEntry.builder().id(id).messageBody(copy.body());
        if (!copy.attributes().isEmpty()) {
            entry.messageAttributes(attributes(copy));
        }
        copy.groupId().ifPresent(entry::messageGroupId);
        copy.traceHeader().ifPresent(header -> entry.messageSystemAttributes(trace(header)));
        return entry.build();
    }

    /** A copy for a FIFO queue. */
    static SendMessageRequest single(QueueCopy copy, String queueUrl) {
        SendMessageRequest.Builder request =
                SendMessageRequest.builder().queueUrl(queueUrl).messageBody(copy.body());
        if (!copy.attributes().isEmpty()) {
            request.messageAttributes(attributes(copy));
        }
        copy.groupId().ifPresent(request::messageGroupId);
        copy.deduplicationId().ifPresent(request::messageDeduplicationId);
        copy.traceHeader().ifPresent(header -> request.messageSystemAttributes(trace(header)));
        return request.build();
    }

    private static Map<String, MessageAttributeValue> attributes(QueueCopy copy) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        for (MessageAttributes.Attribute attribute : copy.attributes()) {
            MessageAttributeValue.Builder value =
                    MessageAttributeValue.builder().dataType(attribute.dataType());
            values.put(
                    attribute.name(),
                    attribute.isBinary()
                            ? value.binaryValue(SdkBytes.fromByteArray(attribute.bytes()))
                                    .build()
                            : value.stringValue(attribute.value()).build());
        }
        return values;
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
