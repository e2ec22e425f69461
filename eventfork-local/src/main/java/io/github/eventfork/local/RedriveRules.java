package io.github.eventfork.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes redrive policies as SQS does: an empty one removes what there is, one without a {@code maxReceiveCount} has ten, and
 * a dead-letter queue is of its sources' type. ElasticMQ refuses the first two, and takes any queue. Holds no state.
 */
final class RedriveRules implements SqsService {
    private static final String POLICY = "RedrivePolicy";
    private static final String MAX_RECEIVE_COUNT = "maxReceiveCount";
    private static final int DEFAULT_MAX_RECEIVE_COUNT = 10;

    private final SqsService next;
    private final Consumer<String> removePolicyOf;

    /** {@code removePolicyOf} is given the name of a queue whose messages are to be moved no more. */
    RedriveRules(SqsService next, Consumer<String> removePolicyOf) {
        this.next = next;
        this.removePolicyOf = removePolicyOf;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        JsonNode policy = call.parameters().path("Attributes").path(POLICY);
        if (policy.isMissingNode()) {
            return next.answer(call);
        }
        if (policy.asText().isEmpty()) {
            SqsAnswer answer = next.answer(with(Optional.empty(), call));
            if (answer.succeeded()) {
                call.queueName().ifPresent(removePolicyOf);
            }
            return answer;
        }
        ObjectNode read = read(policy.asText());
        String target = read.path("deadLetterTargetArn").asText();
        String queue =
                call.queueName().orElse(call.parameters().path("QueueName").asText());
        if (!target.isEmpty() && target.endsWith(".fifo") != queue.endsWith(".fifo")) {
            return SqsError.invalidValue(
                            policy.asText(), POLICY, "Dead-letter queue must be same type of queue as the source.")
                    .answer();
        }
        if (target.isEmpty() || read.has(MAX_RECEIVE_COUNT)) {
            return next.answer(call);
        }
        return next.answer(with(
                Optional.of(
                        read.put(MAX_RECEIVE_COUNT, DEFAULT_MAX_RECEIVE_COUNT).toString()),
                call));
    }

    private static SqsCall with(Optional<String> policy, SqsCall call) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        call.parameters().path("Attributes").properties().forEach(its -> attributes.set(its.getKey(), its.getValue()));
        attributes.remove(POLICY);
        policy.ifPresent(changed -> attributes.put(POLICY, changed));
        ObjectNode parameters = Batches.shallowCopy(call.parameters());
        parameters.set("Attributes", attributes);
        return call.with(parameters);
    }

    /** An empty one if it is no object; ElasticMQ refuses it then. */
    private static ObjectNode read(String policy) {
        try {
            return SqsEndpoint.JSON.readTree(policy) instanceof ObjectNode object
                    ? object
                    : JsonNodeFactory.instance.objectNode();
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
