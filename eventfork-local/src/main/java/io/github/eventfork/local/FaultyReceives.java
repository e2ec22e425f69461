package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The layer in which SQS hands messages out in any order, and twice. Keeps nothing itself. */
final class FaultyReceives implements SqsService {
    private final Faults faults;
    private final SqsService next;

    FaultyReceives(Faults faults, SqsService next) {
        this.faults = faults;
        this.next = next;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        SqsAnswer answer = next.answer(call);
        JsonNode messages = answer.body().path("Messages");
        if (!call.action().equals("ReceiveMessage") || !answer.succeeded() || messages.isEmpty()) {
            return answer;
        }
        String queue = call.queueName().orElse("");
        List<JsonNode> received = new ArrayList<>();
        messages.forEach(received::add);
        for (JsonNode message : received) {
            if (faults.handsOutTwice(queue)) {
                next.answer(visibleAgain(call, message));
            }
        }
        return inOrder(answer, faults.ordered(queue, received));
    }

    private static SqsCall visibleAgain(SqsCall call, JsonNode message) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        parameters.set("QueueUrl", call.parameters().path("QueueUrl"));
        parameters.set("ReceiptHandle", message.path("ReceiptHandle"));
        parameters.put("VisibilityTimeout", 0);
        return new SqsCall("ChangeMessageVisibility", parameters, call.headers());
    }

    private static SqsAnswer inOrder(SqsAnswer answer, List<JsonNode> messages) {
        ObjectNode body = answer.body().deepCopy();
        ArrayNode ordered = body.putArray("Messages");
        messages.forEach(ordered::add);
        return new SqsAnswer(answer.status(), body, answer.queryError());
    }
}
