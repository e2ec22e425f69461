package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

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

    /** The parameters of a batch; the entries' ids are their indexes. */
    static ObjectNode batch(List<QueueCopy> copies, String queueUrl) {
        ObjectNode batch = JsonNodeFactory.instance.objectNode().put("QueueUrl", queueUrl);
        ArrayNode entries = batch.putArray("Entries");
        for (int index = 0; index < copies.size(); index++) {
            write(copies.get(index), entries.addObject().put("Id", String.valueOf(index)));
        }
        return batch;
    }

    /** The parameters of a single call. */
    static ObjectNode single(QueueCopy copy, String queueUrl) {
        ObjectNode call = JsonNodeFactory.instance.objectNode().put("QueueUrl", queueUrl);
        write(copy, call);
        return call;
    }

    private static void write(QueueCopy copy, ObjectNode message) {
        message.put("MessageBody", copy.body());
        if (!copy.attributes().isEmpty()) {
            ObjectNode attributes = message.putObject("MessageAttributes");
            copy.attributes()
                    .forEach(attribute -> attributes
                            .putObject(attribute.name())
                            .put("DataType", attribute.dataType())
                            .put(attribute.isBinary() ? "BinaryValue" : "StringValue", attribute.value()));
        }
        copy.groupId().ifPresent(group -> message.put("MessageGroupId", group));
        copy.deduplicationId().ifPresent(id -> message.put("MessageDeduplicationId", id));
        copy.traceHeader()
                .ifPresent(header -> message.putObject("MessageSystemAttributes")
                        .putObject("AWSTraceHeader")
                        .put("DataType", "String")
                        .put("StringValue", header));
    }
}
