package io.github.eventfork.conformance;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What many tests are given: a fork with fixed delays, and messages about signups. */
final class Given {

    static final Duration DELAY = Duration.ofSeconds(2);

    private static final String TOPIC = "arn:aws:sns:us-east-2:111122223333:user-events";

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

    /** The key of the event of that id in a notification of the testkit, for this fork. */
    static String key(String fork, String eventId) {
        return fork + "#sns:" + TOPIC.length() + ":" + TOPIC + ":" + eventId;
    }

    /** The same in the message group that its id begins with: {@code a-1} is in {@code a}. */
    static Message grouped(String messageId) {
        return signup(messageId).group(messageId.substring(0, messageId.indexOf('-')));
    }

    /** Delivers so that one receive brings up to ten of them: no poll is on its way when the first is sent. */
    static void deliverTogether(PollerHarness harness, Message... messages) {
        harness.pause();
        harness.advance(seconds(21));
        for (Message message : messages) {
            harness.queue().send(message);
        }
        harness.resume();
    }

    /** Lets 20 quick messages through, so that the poller asks for more than its free handlers could take. */
    static void warmUp(PollerHarness harness) {
        harness.deliver(IntStream.range(0, 20)
                .mapToObj(i -> signup("quick-" + i).group("quick-" + i))
                .toArray(Message[]::new));
        harness.advance(Duration.ofMillis(30));
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
