package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.local.http.HttpAnswer;
import io.github.eventfork.local.http.HttpCall;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Has noted what rights requests of the older query protocol need, and passes them on. Keeps nothing itself. */
final class WatchedQueries implements SqsQueries {
    private final WatchedSqs watched;
    private final SqsQueries next;

    WatchedQueries(WatchedSqs watched, SqsQueries next) {
        this.watched = watched;
        this.next = next;
    }

    @Override
    public HttpAnswer pass(HttpCall request) throws IOException {
        Optional<SqsCall> call = read(request);
        if (call.isPresent()) {
            watched.note(call.get());
        }
        try {
            return next.pass(request);
        } finally {
            watched.answered();
        }
    }

    /** The call as it would be in the JSON protocol, as far as rights depend on it; what is malformed is none. */
    private static Optional<SqsCall> read(HttpCall request) {
        String form = request.method().equals("GET")
                ? Optional.ofNullable(request.uri().getRawQuery()).orElse("")
                : request.body().map(body -> new String(body, UTF_8)).orElse("");
        try {
            QueryRequest query = QueryRequest.parse(form, Optional.empty());
            ObjectNode parameters = JsonNodeFactory.instance.objectNode();
            if (request.uri().getPath().length() > 1) {
                parameters.put("QueueUrl", request.uri().getPath());
            }
            query.parameters().forEach(parameters::put);
            if (query.parameters().keySet().stream().anyMatch(name -> name.startsWith("Tag."))) {
                parameters.putObject("tags").put("some", "");
            }
            return Optional.of(new SqsCall(query.action(), parameters, Map.of()));
        } catch (SnsError e) {
            return Optional.empty();
        }
    }
}
