package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps the attributes of queues that ElasticMQ takes and forgets, and knows those that other mends need. Of the kept ones
 * only {@code MaximumMessageSize} has an effect here.
 *
 * <p>A queue that was created or changed through the older query protocol is known by what ElasticMQ says of it, and its
 * changes after the first use through this one are not seen. Thread-safe; what it remembers is in {@link KnownQueues}.
 */
final class QueueAttributes implements SqsService {
    private static final Map<String, Range> RANGES = Map.of(
            "VisibilityTimeout", new Range(0, 43_200),
            "DelaySeconds", new Range(0, 900),
            "ReceiveMessageWaitTimeSeconds", new Range(0, 20),
            "MaximumMessageSize", new Range(1_024, 1_048_576),
            "MessageRetentionPeriod", new Range(60, 1_209_600),
            "KmsDataKeyReusePeriodSeconds", new Range(60, 86_400));

    /** What ElasticMQ forgets, or does not take. */
    private static final Set<String> KEPT = Set.of(
            "Policy",
            "MaximumMessageSize",
            "MessageRetentionPeriod",
            "RedriveAllowPolicy",
            "KmsMasterKeyId",
            "KmsDataKeyReusePeriodSeconds",
            "SqsManagedSseEnabled",
            "DeduplicationScope",
            "FifoThroughputLimit");

    private static final Set<String> OF_ELASTICMQ = Set.of(
            "VisibilityTimeout",
            "DelaySeconds",
            "ReceiveMessageWaitTimeSeconds",
            "RedrivePolicy",
            "FifoQueue",
            "ContentBasedDeduplication");

    private static final Set<String> READ_ONLY = Set.of(
            "All",
            "QueueArn",
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesDelayed",
            "ApproximateNumberOfMessagesNotVisible",
            "CreatedTimestamp",
            "LastModifiedTimestamp");

    private static final Map<String, String> DEFAULTS = Map.of(
            "MaximumMessageSize", "1048576",
            "MessageRetentionPeriod", "345600",
            "SqsManagedSseEnabled", "true");

    private static final Map<String, String> FIFO_DEFAULTS =
            Map.of("DeduplicationScope", "queue", "FifoThroughputLimit", "perQueue");

    private record Range(long min, long max) {
        boolean holds(String text) {
            try {
                long value = Long.parseLong(text);
                return value >= min && value <= max;
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    private final SqsService next;
    private final KnownQueues known = new KnownQueues();

    QueueAttributes(SqsService next) {
        this.next = next;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        return switch (call.action()) {
            case "CreateQueue" -> create(call);
            case "SetQueueAttributes" -> set(call);
            case "GetQueueAttributes" -> get(call);
            case "DeleteQueue" -> delete(call);
            default -> next.answer(call);
        };
    }

    /** The most bytes that a message of the called queue may have. */
    int maximumMessageSize(SqsCall call) {
        return Integer.parseInt(valueOf(call.queueName().orElse(""), "MaximumMessageSize"));
    }

    /** False also if there is no such queue. */
    boolean deduplicatesByContent(SqsCall call) throws IOException {
        return known(call).path("ContentBasedDeduplication").asText().equals("true");
    }

    /** The queue's own visibility timeout; 0 if there is no such queue. */
    long visibilitySeconds(SqsCall call) throws IOException {
        return known(call).path("VisibilityTimeout").asLong();
    }

    /** True if messages are moved out of this queue after so many receives. */
    boolean hasRedrivePolicy(SqsCall call) throws IOException {
        return known(call).has("RedrivePolicy");
    }

    /** How many messages could be received now. */
    long visibleMessages(SqsCall call) throws IOException {
        return asked(call, "ApproximateNumberOfMessages")
                .path("ApproximateNumberOfMessages")
                .asLong();
    }

    private JsonNode known(SqsCall call) throws IOException {
        String queue = call.queueName().orElse("");
        Optional<JsonNode> before = known.find(queue);
        if (before.isPresent()) {
            return before.get();
        }
        long changes = known.changes();
        JsonNode asked = asked(call, "VisibilityTimeout", "ContentBasedDeduplication", "RedrivePolicy");
        if (asked.isObject()) {
            known.learnt(queue, asked, changes);
        }
        return asked;
    }

    private JsonNode asked(SqsCall call, String... names) throws IOException {
        ObjectNode parameters = call.parameters().objectNode();
        parameters.set("QueueUrl", call.parameters().path("QueueUrl"));
        ArrayNode wanted = parameters.putArray("AttributeNames");
        for (String name : names) {
            wanted.add(name);
        }
        return next.answer(new SqsCall("GetQueueAttributes", parameters, Map.of()))
                .body()
                .path("Attributes");
    }

    private SqsAnswer create(SqsCall call) throws IOException {
        String queue = call.parameters().path("QueueName").asText();
        JsonNode attributes = call.parameters().path("Attributes");
        Optional<SqsError> error = errorIn(attributes);
        if (error.isPresent()) {
            return error.get().answer();
        }
        SqsAnswer answer = next.answer(withoutKept(call));
        if (!answer.succeeded()) {
            return answer;
        }
        Map<String, String> given = kept(attributes);
        if (known.keepIfNew(queue, given)) {
            return answer;
        }
        return given.entrySet().stream()
                .filter(attribute -> !attribute.getValue().equals(valueOf(queue, attribute.getKey())))
                .findFirst()
                .map(attribute -> SqsError.badRequest(
                                "QueueNameExists",
                                "A queue already exists with the same name and a different value for attribute "
                                        + attribute.getKey())
                        .answer())
                .orElse(answer);
    }

    private SqsAnswer set(SqsCall call) throws IOException {
        JsonNode attributes = call.parameters().path("Attributes");
        Optional<SqsError> error = errorIn(attributes);
        if (error.isPresent()) {
            return error.get().answer();
        }
        SqsAnswer answer = next.answer(withoutKept(call));
        if (answer.succeeded()) {
            known.changed(call.queueName().orElse(""), kept(attributes));
        }
        return answer;
    }

    private SqsAnswer delete(SqsCall call) throws IOException {
        SqsAnswer answer = next.answer(call);
        if (answer.succeeded()) {
            known.forget(call.queueName().orElse(""));
        }
        return answer;
    }

    private SqsAnswer get(SqsCall call) throws IOException {
        Set<String> names = new HashSet<>();
        for (JsonNode name : call.parameters().path("AttributeNames")) {
            if (!KEPT.contains(name.asText())
                    && !OF_ELASTICMQ.contains(name.asText())
                    && !READ_ONLY.contains(name.asText())) {
                return unknown(name.asText()).answer();
            }
            names.add(name.asText());
        }
        SqsAnswer answer = next.answer(call);
        if (!answer.succeeded()) {
            return answer;
        }
        ObjectNode body = Batches.shallowCopy(answer.body());
        ObjectNode attributes = body.withObject("/Attributes");
        String queue = call.queueName().orElse("");
        for (String name : KEPT) {
            String value = names.contains("All") || names.contains(name) ? valueOf(queue, name) : "";
            if (!value.isEmpty()) {
                attributes.put(name, value);
            }
        }
        return SqsAnswer.success(body);
    }

    private static Optional<SqsError> errorIn(JsonNode attributes) {
        for (Map.Entry<String, JsonNode> attribute : attributes.properties()) {
            String name = attribute.getKey();
            if (!KEPT.contains(name) && !OF_ELASTICMQ.contains(name)) {
                return Optional.of(unknown(name));
            }
            Range range = RANGES.get(name);
            if (range != null && !range.holds(attribute.getValue().asText())) {
                return Optional.of(
                        SqsError.badRequest("InvalidAttributeValue", "Invalid value for the parameter " + name + "."));
            }
        }
        return Optional.empty();
    }

    private static SqsError unknown(String name) {
        return SqsError.badRequest("InvalidAttributeName", "Unknown Attribute " + name + ".");
    }

    /** What the queue was given, or what SQS gives every queue; empty if neither. */
    private String valueOf(String queue, String name) {
        String byKind = queue.endsWith(".fifo") ? FIFO_DEFAULTS.getOrDefault(name, "") : "";
        return known.kept(queue).getOrDefault(name, DEFAULTS.getOrDefault(name, byKind));
    }

    private static Map<String, String> kept(JsonNode attributes) {
        Map<String, String> kept = new TreeMap<>();
        for (Map.Entry<String, JsonNode> attribute : attributes.properties()) {
            if (KEPT.contains(attribute.getKey())) {
                kept.put(attribute.getKey(), attribute.getValue().asText());
            }
        }
        return kept;
    }

    private static SqsCall withoutKept(SqsCall call) {
        if (!(call.parameters().path("Attributes") instanceof ObjectNode attributes)) {
            return call;
        }
        ObjectNode copy = Batches.shallowCopy(call.parameters());
        copy.set("Attributes", Batches.shallowCopy(attributes).remove(KEPT));
        return call.with(copy);
    }
}
