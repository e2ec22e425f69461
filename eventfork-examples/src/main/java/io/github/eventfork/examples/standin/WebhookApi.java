package io.github.eventfork.examples.standin;

import java.util.ArrayList;
import java.util.List;

/** Posts as an incoming webhook of Slack does: whatever comes, however often. */
final class WebhookApi implements Api {

    static final String PATH = "/services/";
    static final String WEBHOOK = PATH + "T0LOCAL/B0LOCAL/local-webhook";

    private final List<String> posts = new ArrayList<>();

    @Override
    public synchronized Answer answer(Request request) {
        if (!request.method().equals("POST") || !request.path().equals(WEBHOOK)) {
            return Answer.text(404, "no_service");
        }
        String text = request.json().path("text").asText();
        if (text.isEmpty()) {
            return Answer.text(400, "invalid_payload");
        }
        posts.add(text);
        return Answer.text(200, "ok");
    }

    /** What was posted, oldest first. */
    @Override
    public synchronized List<String> things() {
        return List.copyOf(posts);
    }
}
