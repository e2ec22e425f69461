package io.github.eventfork.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.local.http.HttpAnswer;
import io.github.eventfork.local.http.HttpCall;
import io.github.eventfork.local.http.HttpLimits;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a request of the JSON protocol of SQS and writes its answer; what it means is the business of the
 * {@link SqsService} behind. Errors carry the header that
 * <a href="https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#awsquerycompatible-trait">clients of the older
 * protocol</a> know them by. Thread-safe.
 */
final class SqsEndpoint {
    /** All actions of the API. */
    static final Set<String> ACTIONS = Set.of(
            "AddPermission",
            "CancelMessageMoveTask",
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "CreateQueue",
            "DeleteMessage",
            "DeleteMessageBatch",
            "DeleteQueue",
            "GetQueueAttributes",
            "GetQueueUrl",
            "ListDeadLetterSourceQueues",
            "ListMessageMoveTasks",
            "ListQueueTags",
            "ListQueues",
            "PurgeQueue",
            "ReceiveMessage",
            "RemovePermission",
            "SendMessage",
            "SendMessageBatch",
            "SetQueueAttributes",
            "StartMessageMoveTask",
            "TagQueue",
            "UntagQueue");

    static final String CONTENT_TYPE = "application/x-amz-json-1.0";

    /** Remembers no names of members: whoever calls could have it remember any number. */
    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build());

    private static final Logger LOG = LoggerFactory.getLogger(SqsEndpoint.class);
    private static final String TARGET = "AmazonSQS.";
    private static final List<String> READ_BY_SQS = List.of("x-amzn-trace-id", "x-amzn-query-mode", SqsCall.UNNOTED);

    private final SqsService service;

    SqsEndpoint(SqsService service) {
        this.service = service;
    }

    /**
     * Answers a request for {@code target}.
     *
     * @throws IOException if there is no answer
     */
    HttpAnswer answer(String target, HttpCall request) throws IOException {
        String action = target.startsWith(TARGET) ? target.substring(TARGET.length()) : "";
        if (!ACTIONS.contains(action)) {
            return written(protocolError(400, "UnknownOperationException", "The operation is not one of SQS"));
        }
        if (request.body().isEmpty()) {
            return written(protocolError(
                    413,
                    "RequestEntityTooLargeException",
                    "A request may have " + HttpLimits.standard().bodyBytes() / (1024 * 1024) + " MiB at most"));
        }
        JsonNode parameters;
        try {
            parameters = JSON.readTree(request.body().get());
        } catch (JsonProcessingException e) {
            parameters = JsonNodeFactory.instance.missingNode();
        }
        if (!(parameters instanceof ObjectNode object)) {
            return written(protocolError(400, "SerializationException", "The body is not a JSON object"));
        }
        Optional<String> wrong = SqsTypes.wrong(object);
        if (wrong.isPresent()) {
            return written(protocolError(400, "SerializationException", wrong.get()));
        }
        return written(answer(request.id(), new SqsCall(action, object, headers(request))));
    }

    private SqsAnswer answer(String requestId, SqsCall call) throws IOException {
        try {
            return service.answer(call);
        } catch (RuntimeException e) {
            // the text of an exception may hold what was sent: not above DEBUG
            LOG.error(
                    "SQS request {} failed inside eventfork-local: {}",
                    requestId,
                    e.getClass().getName());
            LOG.debug("SQS request {} failed", requestId, e);
            return SqsError.internal("eventfork-local failed; its log has request " + requestId)
                    .answer();
        }
    }

    private static Map<String, String> headers(HttpCall request) {
        Map<String, String> headers = new HashMap<>();
        for (String name : READ_BY_SQS) {
            request.header(name).ifPresent(value -> headers.put(name, value));
        }
        return headers;
    }

    /** An error of the protocol, not of the API: it has no code in the older one. */
    private static SqsAnswer protocolError(int status, String shape, String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("__type", "com.amazon.coral.service#" + shape).put("message", message);
        return new SqsAnswer(status, body, Optional.empty());
    }

    private static HttpAnswer written(SqsAnswer answer) throws IOException {
        return new HttpAnswer(
                answer.status(),
                CONTENT_TYPE,
                JSON.writeValueAsBytes(answer.body()),
                answer.queryError()
                        .map(error -> Map.of("x-amzn-query-error", error))
                        .orElse(Map.of()));
    }
}
