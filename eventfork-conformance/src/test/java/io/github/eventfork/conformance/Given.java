package io.github.eventfork.conformance;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.testkit.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What many tests are given: a fork with fixed delays, and messages about signups. */
final class Given {

    static final Duration DELAY = Duration.ofSeconds(2);

    private Given() {}

    /** A fork that retries after 2 s and tries 3 times. */
    static Fork.Builder fork() {
        return Fork.named("fork").retry(RetryPolicy.fixed(DELAY).withAttempts(3));
    }

    /** An SNS notification of a signup, for messages whose SQS id matters. */
    static Message signup(String messageId) {
        return Message.sns("signup", "{\"email\":\"" + messageId + "@example.org\"}")
                .messageId(messageId)
                .eventId("event-of-" + messageId);
    }

    static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** The message ids of what a handler saw, in order; safe for handlers on several threads. */
    static final class Seen {

        private final List<String> ids = new ArrayList<>();

        synchronized void add(Event<?> event) {
            ids.add(event.delivery().messageId());
        }

        synchronized List<String> ids() {
            return List.copyOf(ids);
        }
    }
}
