package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.time.Duration;

/**
 * The forks: which events each takes, and what happens when something goes wrong. The same fork runs in Lambda, in a
 * poller and in a test. The factories without arguments work in this process only, against services in its memory.
 */
public final class Forks {

    /** Three tries, a second apart; then an event goes to the dead-letter queue. */
    private static final RetryPolicy THREE_TRIES =
            RetryPolicy.fixed(Duration.ofSeconds(1)).withAttempts(3);

    private Forks() {}

    /** Counts signups and logins. */
    public static Fork analytics(EventCounter counter) {
        Analytics analytics = new Analytics(counter);
        return Fork.named("analytics")
                .on("signup", Signup.class, analytics::signup)
                .on("login", Login.class, analytics::login)
                .retry(THREE_TRIES)
                .idempotency(oncePerId())
                .build();
    }

    /** Puts who signs up on the mailing list. */
    public static Fork mailingList(Subscribers subscribers) {
        return Fork.named("mailing-list")
                .on("signup", Signup.class, new MailingList(subscribers))
                .retry(THREE_TRIES)
                .idempotency(oncePerId())
                .build();
    }

    /** Tells the chat who signed up. */
    public static Fork chatNotifications(Chat chat) {
        return Fork.named("chat-notifications")
                .on("signup", Signup.class, new ChatNotifications(chat))
                .retry(THREE_TRIES)
                .idempotency(oncePerId())
                .build();
    }

    /** {@link #analytics(EventCounter)} with a counter in memory. */
    public static Fork analytics() {
        return analytics(new InMemoryEventCounter());
    }

    /** {@link #mailingList(Subscribers)} with a list in memory. */
    public static Fork mailingList() {
        return mailingList(new InMemorySubscribers());
    }

    /** {@link #chatNotifications(Chat)} with a chat in memory. */
    public static Fork chatNotifications() {
        return chatNotifications(new InMemoryChat());
    }

    /**
     * The publisher's own id, in the attribute {@code id}, says what is the same event: SNS gives each publish a new
     * one, so a publisher that tries again would be heard twice. An event without that attribute goes by SNS's id.
     *
     * <p>A store in memory knows what this process did. Where several share the work, they need a store in common.
     */
    private static Idempotency oncePerId() {
        return Idempotency.in(new InMemoryIdempotencyStore())
                .by(IdempotencyKey.attribute("id").orEventId());
    }
}
