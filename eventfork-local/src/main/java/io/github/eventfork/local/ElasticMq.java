package io.github.eventfork.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

/**
 * Asks the embedded ElasticMQ, over its own hidden port: the last {@link SqsService} of the chain. Requests of the older
 * query protocol are passed to it as they are, and no layer sees or mends them.
 *
 * <p><b>Ownership:</b> the pool of connections is ours, and ends with us, calls under way included. A call is made on the
 * thread of its caller.
 */
final class ElasticMq implements SqsService, SqsQueries, AutoCloseable {
    /** As many calls at once as ElasticMQ is told to take connections; a long poll holds one. */
    static final int CONNECTIONS = 8_192;

    /** A long poll waits for 20 s at most, and ElasticMQ gives up after 40. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI endpoint;
    private final SdkHttpClient http = Apache5HttpClient.builder()
            .maxConnections(CONNECTIONS)
            .socketTimeout(PATIENCE)
            .expectContinueEnabled(false)
            .proxyConfiguration(none())
            .build();

    ElasticMq(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Loopback is never behind the proxy that the machine may have. */
    private static ProxyConfiguration none() {
        return ProxyConfiguration.builder()
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false)
                .build();
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .uri(endpoint)
                .encodedPath("/")
                .method(SdkHttpMethod.POST)
                .putHeader("Content-Type", SqsEndpoint.CONTENT_TYPE)
                .putHeader("X-Amz-Target", "AmazonSQS." + call.action());
        call.headers().forEach(request::putHeader);
        HttpAnswer received = send(request, SqsEndpoint.JSON.writeValueAsBytes(call.parameters()));
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
        SdkHttpRequest.Builder passed = SdkHttpRequest.builder()
                .uri(endpoint.resolve(request.uri().toString()))
                .method(SdkHttpMethod.fromValue(request.method()));
        for (String name : new String[] {"Content-Type", "X-Amzn-Trace-Id"}) {
            request.header(name).ifPresent(value -> passed.putHeader(name, value));
        }
        return send(passed, request.body().orElse(new byte[0]));
    }

    private HttpAnswer send(SdkHttpRequest.Builder request, byte[] body) throws IOException {
        request.putHeader("Content-Length", String.valueOf(body.length));
        HttpExecuteResponse response = http.prepareRequest(HttpExecuteRequest.builder()
                        .request(request.build())
                        .contentStreamProvider(() -> new ByteArrayInputStream(body))
                        .build())
                .call();
        try (InputStream content = response.responseBody()
                .orElseGet(() -> AbortableInputStream.create(new ByteArrayInputStream(new byte[0])))) {
            return new HttpAnswer(
                    response.httpResponse().statusCode(),
                    response.httpResponse().firstMatchingHeader("Content-Type").orElse("text/plain"),
                    content.readAllBytes());
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
