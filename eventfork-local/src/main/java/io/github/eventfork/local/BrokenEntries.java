package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Some entries of a batch to SQS are not done, whatever is said of them; the others are. Stateless. */
record BrokenEntries(Which which, Told told) implements Breakage {

    /** Says which entries are broken, by index and number of all. */
    interface Which {
        boolean broken(int index, int of);

        /** Those at these indexes; with none, all. */
        static Which at(Set<Integer> indexes) {
            return (index, of) -> indexes.isEmpty() || indexes.contains(index);
        }

        static Which last(int count) {
            return (index, of) -> index >= of - count;
        }
    }

    /** Writes what is said of a broken entry into the answer. */
    interface Told {
        void write(String id, ObjectNode answer);

        static Told nothing() {
            return (id, answer) -> {};
        }

        static Told done() {
            return (id, answer) ->
                    answer.withArrayProperty("Successful").addObject().put("Id", id);
        }

        static Told failed(String code) {
            return (id, answer) -> answer.withArrayProperty("Failed")
                    .addObject()
                    .put("Id", id)
                    .put("Code", code)
                    .put("Message", "Not done (a fault of the test).")
                    .put("SenderFault", false);
        }
    }

    @Override
    public SqsAnswer onSqs(SqsCall call, SqsService next, Pauses pauses) throws IOException {
        JsonNode entries = call.parameters().path("Entries");
        return entries.isArray() ? onBatch(call, (ArrayNode) entries, next) : onSingle(call, next);
    }

    private SqsAnswer onSingle(SqsCall call, SqsService next) throws IOException {
        return which.broken(0, 1) ? SqsAnswer.success(JsonNodeFactory.instance.objectNode()) : next.answer(call);
    }

    private SqsAnswer onBatch(SqsCall call, ArrayNode entries, SqsService next) throws IOException {
        List<String> broken = new ArrayList<>();
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        for (int index = 0; index < entries.size(); index++) {
            if (which.broken(index, entries.size())) {
                broken.add(entries.path(index).path("Id").asText());
            } else {
                kept.add(entries.path(index));
            }
        }
        SqsAnswer answer = kept.isEmpty() && !broken.isEmpty()
                ? SqsAnswer.success(JsonNodeFactory.instance.objectNode())
                : next.answer(call.with(with(call.parameters(), kept)));
        return answer.succeeded() ? told(answer, broken) : answer;
    }

    private static ObjectNode with(ObjectNode parameters, ArrayNode entries) {
        ObjectNode changed = parameters.deepCopy();
        changed.set("Entries", entries);
        return changed;
    }

    private SqsAnswer told(SqsAnswer answer, List<String> broken) {
        ObjectNode body = answer.body().deepCopy();
        broken.forEach(id -> told.write(id, body));
        return new SqsAnswer(answer.status(), body, answer.queryError());
    }

    /** Is never planned for a call to SNS. */
    @Override
    public XmlWriter onSns(QueryRequest call, SnsService next, Pauses pauses) throws IOException {
        return next.answer(call);
    }
}
