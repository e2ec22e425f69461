package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The entries of a batch call, and of its answer. */
final class Batches {
    /** The single call that each entry of a batch stands for. */
    private static final Map<String, String> SINGLE = Map.of(
            "SendMessageBatch", "SendMessage",
            "DeleteMessageBatch", "DeleteMessage",
            "ChangeMessageVisibilityBatch", "ChangeMessageVisibility");

    /** Says what is wrong with an entry, or with the parameters of the single call. */
    interface Check {
        Optional<SqsError> errorOf(ObjectNode parameters);
    }

    private Batches() {}

    static boolean isBatch(SqsCall call) {
        return SINGLE.containsKey(call.action());
    }

    /** The call, or what each of its entries stands for: {@code DeleteMessage} for {@code DeleteMessageBatch}. */
    static String single(SqsCall call) {
        return SINGLE.getOrDefault(call.action(), call.action());
    }

    /** The entries; what is no object is left out. */
    static List<ObjectNode> entries(SqsCall call) {
        return objects(call.parameters(), "Entries");
    }

    static List<ObjectNode> objects(ObjectNode parent, String list) {
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode element : parent.path(list)) {
            if (element instanceof ObjectNode object) {
                objects.add(object);
            }
        }
        return objects;
    }

    static String id(ObjectNode entry) {
        return entry.path("Id").asText();
    }

    /**
     * Answers a single call, or the entries of a batch that are in error, and passes on what is not. A queue that is not
     * there is told before anything else.
     *
     * @param carriesOut what is right
     * @param queues answers for the queue itself
     */
    static SqsAnswer checked(SqsCall call, Check check, SqsService carriesOut, SqsService queues) throws IOException {
        if (!isBatch(call)) {
            Optional<SqsError> error = check.errorOf(call.parameters());
            return error.isPresent() ? ifQueueIsThere(call, error.get().answer(), queues) : carriesOut.answer(call);
        }
        List<ObjectNode> failed = new ArrayList<>();
        List<ObjectNode> good = new ArrayList<>();
        for (ObjectNode entry : entries(call)) {
            check.errorOf(entry)
                    .map(error -> error.failed(id(entry)))
                    .ifPresentOrElse(failed::add, () -> good.add(entry));
        }
        if (failed.isEmpty()) {
            return carriesOut.answer(call);
        }
        SqsAnswer answer = good.isEmpty()
                ? ifQueueIsThere(call, SqsAnswer.success(call.parameters().objectNode()), queues)
                : carriesOut.answer(call.with(copyWithEntries(call, good)));
        return answer.succeeded() ? SqsAnswer.success(withFailures(answer, failed)) : answer;
    }

    private static SqsAnswer ifQueueIsThere(SqsCall call, SqsAnswer answer, SqsService queues) throws IOException {
        ObjectNode queue = call.parameters().objectNode();
        queue.set("QueueUrl", call.parameters().path("QueueUrl"));
        queue.putArray("AttributeNames").add("QueueArn");
        SqsAnswer asked = queues.answer(new SqsCall("GetQueueAttributes", queue, Map.of()));
        return asked.body().path("__type").asText().endsWith("QueueDoesNotExist") ? asked : answer;
    }

    private static ObjectNode copyWithEntries(SqsCall call, List<ObjectNode> entries) {
        ObjectNode copy = shallowCopy(call.parameters());
        copy.putArray("Entries").addAll(entries);
        return copy;
    }

    private static ObjectNode withFailures(SqsAnswer answer, List<ObjectNode> failed) {
        ObjectNode copy = shallowCopy(answer.body());
        List<ObjectNode> others = objects(answer.body(), "Failed");
        ArrayNode all = copy.putArray("Failed");
        all.addAll(others).addAll(failed);
        return copy;
    }

    static ObjectNode shallowCopy(ObjectNode node) {
        return node.objectNode().setAll(node);
    }
}
