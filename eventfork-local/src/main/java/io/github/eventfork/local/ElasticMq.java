package io.github.eventfork.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.local.http.HttpAnswer;
import io.github.eventfork.local.http.HttpCall;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Asks ElasticMQ: the last {@link SqsService} of the chain. Requests of the older query protocol are passed to it as they are,
 * and no layer sees or mends them. Holds no state; a call is made on the thread of its caller.
 */
final class ElasticMq implements SqsService, SqsQueries {
    private final RawSqs server;

    ElasticMq(RawSqs server) {
        this.server = server;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        Map<String, String> headers = new HashMap<>(call.headers());
        headers.put("Content-Type", SqsEndpoint.CONTENT_TYPE);
        headers.put("X-Amz-Target", "AmazonSQS." + call.action());
        HttpAnswer received = server.ask("POST", "/", headers, SqsEndpoint.JSON.writeValueAsBytes(call.parameters()));
        return received.status() == 200 ? SqsAnswer.success(json(received)) : error(received);
    }

    /** ElasticMQ answers some calls with an empty body, and failures of its own with a text. */
    private static ObjectNode json(HttpAnswer received) throws IOException {
        try {
            JsonNode body = SqsEndpoint.JSON.readTree(received.body());
            return body instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static SqsAnswer error(HttpAnswer received) throws IOException {
        ObjectNode body = json(received);
        String type = body.path("__type").asText();
        return type.isEmpty()
                ? SqsError.internal("The embedded SQS server failed with status " + received.status())
                        .answer()
                : new SqsError(
                                received.status(),
                                shape(type),
                                body.path("Message").asText())
                        .answer();
    }

    /** ElasticMQ gives some errors the code of the older protocol for a shape. */
    private static String shape(String type) {
        String shape = type.substring(type.indexOf('#') + 1);
        return switch (shape) {
            case "InvalidParameterValue" -> "InvalidParameterValueException";
            case "MissingParameter" -> "MissingRequiredParameterException";
            default -> shape;
        };
    }

    /** Passes a request of the query protocol on as it came. */
    @Override
    public HttpAnswer pass(HttpCall request) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String name : new String[] {"Content-Type", "X-Amzn-Trace-Id"}) {
            request.header(name).ifPresent(value -> headers.put(name, value));
        }
        return server.ask(
                request.method(),
                request.uri().toString(),
                headers,
                request.body().orElse(new byte[0]));
    }
}
