package io.github.eventfork.examples.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Counts events as Segment does: an event whose {@code messageId} it has seen is taken, and not counted again. */
final class TrackingApi implements Api {

    static final String PATH = "/v1/track";
    static final String WRITE_KEY = "local-write-key";

    private final Set<String> seen = new HashSet<>();

    @Override
    public synchronized Answer answer(Request request) {
        JsonNode track = request.json();
        if (!request.method().equals("POST") || !request.path().equals(PATH)) {
            return Answer.json(404, "{\"success\":false,\"message\":\"not found\"}");
        }
        if (!request.hasPassword(Optional.of(WRITE_KEY), "")) {
            return Answer.json(401, "{\"success\":false,\"message\":\"invalid write key\"}");
        }
        if (isMissing(track, "messageId") || isMissing(track, "event") || isMissing(track, "userId")) {
            return Answer.json(400, "{\"success\":false,\"message\":\"messageId, event and userId must be given\"}");
        }
        boolean known = !seen.add(track.path("messageId").textValue());
        return Answer.json(200, "{\"success\":true}").repeated(known);
    }

    private static boolean isMissing(JsonNode json, String name) {
        return !json.path(name).isTextual() || json.path(name).textValue().isBlank();
    }

    @Override
    public synchronized List<String> things() {
        return List.copyOf(seen);
    }
}
