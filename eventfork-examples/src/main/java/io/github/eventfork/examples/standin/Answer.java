package io.github.eventfork.examples.standin;

import java.time.Duration;
import java.util.Optional;

/**
 * What a stand-in answers.
 *
 * @param repeated whether it had what the call brought already
 */
record Answer(int status, String contentType, String body, Optional<Duration> retryAfter, boolean repeated) {

    static Answer json(int status, String body) {
        return new Answer(status, "application/json", body, Optional.empty(), false);
    }

    static Answer text(int status, String body) {
        return new Answer(status, "text/plain", body, Optional.empty(), false);
    }

    /** As Mailchimp puts it. */
    static Answer problem(int status, String title, String detail) {
        return new Answer(
                status,
                "application/problem+json",
                "{\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\"" + detail + "\"}",
                Optional.empty(),
                false);
    }

    /** The same, to be tried again after a delay, in whole seconds and at least that long. */
    Answer after(Duration delay) {
        return new Answer(status, contentType, body, Optional.of(delay), repeated);
    }

    /** The same, if the call brought nothing new. */
    Answer repeated(boolean known) {
        return new Answer(status, contentType, body, retryAfter, known);
    }

    boolean done() {
        return status / 100 == 2;
    }
}
