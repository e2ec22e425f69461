package io.github.eventfork.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Knows whose dead-letter queue a queue is, and moves messages out of dead-letter queues only.
 *
 * <p>ElasticMQ forgets a redrive policy that was set after its queue was created, takes any queue as the source of a move,
 * gives no answer where it finds nowhere to move to, and calls a second task on a queue unsupported. Out of a FIFO queue it
 * moves nothing, so that is refused. What is not mended: if several queues share a dead-letter queue, a move without a
 * destination brings all messages to one of them. Holds no state.
 */
final class DeadLetterSources implements SqsService {
    private final SqsService next;

    DeadLetterSources(SqsService next) {
        this.next = next;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        return switch (call.action()) {
            case "ListDeadLetterSourceQueues" -> list(call);
            case "StartMessageMoveTask" -> move(call);
            default -> next.answer(call);
        };
    }

    private SqsAnswer list(SqsCall call) throws IOException {
        Optional<JsonNode> queue = attributes(call.parameters().path("QueueUrl").asText());
        if (queue.isEmpty()) {
            return next.answer(call);
        }
        ObjectNode body = call.parameters().objectNode();
        ArrayNode urls = body.putArray("queueUrls");
        for (Source source : sourcesOf(queue.get().path("QueueArn").asText())) {
            urls.add(source.url());
        }
        return SqsAnswer.success(body);
    }

    private SqsAnswer move(SqsCall call) throws IOException {
        String dead = call.parameters().path("SourceArn").asText();
        if (urlOf(dead).isEmpty()) {
            return noSuch("SourceArn");
        }
        List<Source> sources = sourcesOf(dead);
        if (sources.isEmpty()) {
            return SqsError.invalidValue("Source queue must be configured as a Dead Letter Queue.")
                    .answer();
        }
        if (dead.endsWith(".fifo")) {
            return SqsError.badRequest(
                            "UnsupportedOperation",
                            "eventfork-local moves no messages out of FIFO queues, as SQS does.")
                    .answer();
        }
        String destination = call.parameters().path("DestinationArn").asText();
        if (!destination.isEmpty() && urlOf(destination).isEmpty()) {
            return noSuch("DestinationArn");
        }
        ObjectNode parameters = Batches.shallowCopy(call.parameters());
        parameters.put("DestinationArn", destination.isEmpty() ? sources.get(0).arn() : destination);
        SqsAnswer answer = next.answer(call.with(parameters));
        return answer.body().path("__type").asText().endsWith("UnsupportedOperation")
                ? SqsError.invalidValue("There is already a task running. Only one active task is allowed for a source"
                                + " queue arn at a given time.")
                        .answer()
                : answer;
    }

    private static SqsAnswer noSuch(String parameter) {
        return new SqsError(
                        404,
                        "ResourceNotFoundException",
                        "The resource that you specified for the " + parameter + " parameter doesn't exist.")
                .answer();
    }

    private record Source(String url, String arn) {}

    private List<Source> sourcesOf(String deadLetterArn) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (JsonNode url :
                asked("ListQueues", SqsEndpoint.JSON.createObjectNode()).path("QueueUrls")) {
            Optional<JsonNode> queue = attributes(url.asText());
            if (queue.isPresent() && deadLetterArn.equals(targetOf(queue.get()))) {
                sources.add(
                        new Source(url.asText(), queue.get().path("QueueArn").asText()));
            }
        }
        return sources;
    }

    private static String targetOf(JsonNode queue) {
        try {
            return SqsEndpoint.JSON
                    .readTree(queue.path("RedrivePolicy").asText())
                    .path("deadLetterTargetArn")
                    .asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** Empty if there is no such queue. */
    private Optional<JsonNode> attributes(String url) throws IOException {
        ObjectNode parameters = SqsEndpoint.JSON.createObjectNode().put("QueueUrl", url);
        parameters.putArray("AttributeNames").add("QueueArn").add("RedrivePolicy");
        JsonNode attributes = asked("GetQueueAttributes", parameters).path("Attributes");
        return attributes.isObject() ? Optional.of(attributes) : Optional.empty();
    }

    private Optional<String> urlOf(String arn) throws IOException {
        ObjectNode name = SqsEndpoint.JSON.createObjectNode().put("QueueName", arn.substring(arn.lastIndexOf(':') + 1));
        String url = asked("GetQueueUrl", name).path("QueueUrl").asText();
        return url.isEmpty() ? Optional.empty() : Optional.of(url);
    }

    private ObjectNode asked(String action, ObjectNode parameters) throws IOException {
        return next.answer(new SqsCall(action, parameters, Map.of())).body();
    }
}
