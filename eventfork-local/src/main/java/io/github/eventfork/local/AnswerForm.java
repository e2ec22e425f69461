package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives answers the form of SQS's: no member for an empty list, sequence numbers of 20 digits, and a sender that is a
 * principal and no address. Holds no state.
 */
final class AnswerForm implements SqsService {
    /** As in AWS's own examples. */
    static final String SENDER = "AIDACKCEVSQ6C2EXAMPLE";

    private static final String SEQUENCE_START = "1885";
    private static final int REST_OF_SEQUENCE = 16;

    /** Members that SQS leaves out when there is nothing in them. */
    private static final Set<String> LEFT_OUT =
            Set.of("Messages", "Successful", "Failed", "QueueUrls", "Attributes", "Tags");

    private final SqsService next;

    AnswerForm(SqsService next) {
        this.next = next;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        SqsAnswer answer = next.answer(call);
        return answer.succeeded() ? SqsAnswer.success(formed(answer.body())) : answer;
    }

    private static ObjectNode formed(ObjectNode body) {
        ObjectNode copy = Batches.shallowCopy(body);
        List<String> empty = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : copy.properties()) {
            if (LEFT_OUT.contains(member.getKey()) && member.getValue().isEmpty()) {
                empty.add(member.getKey());
            }
        }
        copy.remove(empty);
        numbered(copy);
        for (JsonNode message : copy.path("Messages")) {
            if (message.path("Attributes") instanceof ObjectNode attributes) {
                numbered(attributes);
                if (attributes.has("SenderId")) {
                    attributes.put("SenderId", SENDER);
                }
            }
        }
        return copy;
    }

    /** Keeps their order. */
    private static void numbered(ObjectNode holder) {
        String number = holder.path("SequenceNumber").asText();
        if (!number.isEmpty() && number.length() <= REST_OF_SEQUENCE) {
            holder.put("SequenceNumber", SEQUENCE_START + "0".repeat(REST_OF_SEQUENCE - number.length()) + number);
        }
    }
}
