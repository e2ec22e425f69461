package io.github.eventfork.examples.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.eventfork.local.http.HttpCall;
import java.util.Base64;
import java.util.Optional;

/** What a call brought. */
record Request(String method, String path, Optional<String> authorization, Optional<String> contentType, String body) {

    /** Remembers no names of members: whoever calls could have it remember any number. */
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build());

    /** A body that was too long to be read is empty. */
    static Request of(HttpCall call) {
        return new Request(
                call.method(),
                call.uri().getPath(),
                call.header("Authorization"),
                call.header("Content-Type"),
                new String(call.body().orElse(new byte[0]), UTF_8));
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
                .flatMap(value -> decoded(value.substring("Basic ".length())))
                .orElse("");
        return user.map(name -> given.equals(name + ":" + password)).orElseGet(() -> given.endsWith(":" + password));
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
