package io.github.eventfork.examples.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** What a call brought. */
record Request(String method, String path, Optional<String> authorization, Optional<String> contentType, String body) {

    private static final JsonMapper JSON = new JsonMapper();

    static Request read(HttpExchange exchange) throws IOException {
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type")),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    }

    /** The body; what is no JSON, or is not said to be, has nothing in it. */
    JsonNode json() {
        if (!contentType.orElse("").startsWith("application/json")) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Whether it comes with this name and password, or with this password and any name. */
    boolean hasPassword(Optional<String> user, String password) {
        String given = authorization
                .filter(value -> value.startsWith("Basic "))
                .map(value -> new String(Base64.getDecoder().decode(value.substring("Basic ".length())), UTF_8))
                .orElse("");
        return user.map(name -> given.equals(name + ":" + password)).orElseGet(() -> given.endsWith(":" + password));
    }
}
