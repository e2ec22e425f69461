package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/**
 * The forks: which events each takes, and what happens when something goes wrong. The same fork runs in Lambda, in a
 * poller and in a test. The factories without arguments take their services from the process's environment; see {@link
 * Services}.
 */
public final class Forks {

    /** Three tries; then an event goes to the dead-letter queue. Between them, a service has time to come back. */
    private static final RetryPolicy THREE_TRIES = RetryPolicy.exponential(Duration.ofSeconds(2), Duration.ofMinutes(5))
            .withJitter()
            .withAttempts(3);

    /**
     * The publisher's own id, in the attribute {@code id}, says what is the same event: SNS gives each publish a new
     * one, so a publisher that tries again would be heard twice. An event without that attribute goes by SNS's id.
     */
    private static final IdempotencyKey PUBLISHERS_ID =
            IdempotencyKey.attribute("id").orEventId();

    private Forks() {}

    /** Counts signups and logins. The service drops a key that it has seen, so none is claimed here. */
    public static Fork analytics(EventCounter counter) {
        Analytics analytics = new Analytics(counter);
        return Fork.named("analytics")
                .on("signup", Signup.class, analytics::signup)
                .on("login", Login.class, analytics::login)
                .retry(THREE_TRIES)
                .idempotency(Idempotency.downstream().by(PUBLISHERS_ID))
                .build();
    }

    /** Puts who signs up on the mailing list. Whoever is put there twice is there once, so no key is claimed. */
    public static Fork mailingList(Subscribers subscribers) {
        return Fork.named("mailing-list")
                .on("signup", Signup.class, new MailingList(subscribers))
                .retry(THREE_TRIES)
                .build();
    }

    /** Tells the chat who signed up, once as far as this process knows: see {@link #chatNotifications(Chat, IdempotencyStore)}. */
    public static Fork chatNotifications(Chat chat) {
        return chatNotifications(chat, new InMemoryIdempotencyStore());
    }

    /**
     * Tells the chat who signed up, once as far as {@code store} knows. Processes and Lambda environments that share the
     * queue need one in common: one in memory does not know what another has told.
     */
    public static Fork chatNotifications(Chat chat, IdempotencyStore store) {
        return Fork.named("chat-notifications")
                .on("signup", Signup.class, new ChatNotifications(chat))
                .retry(THREE_TRIES)
                .idempotency(Idempotency.in(store).by(PUBLISHERS_ID))
                .build();
    }

    /**
     * {@link #analytics(EventCounter)} with the service that the environment describes.
     *
     * @throws IllegalStateException that names all that is missing
     */
    public static Fork analytics() {
        return from(System.getenv(), Forks::analytics);
    }

    /**
     * {@link #mailingList(Subscribers)} with the service that the environment describes.
     *
     * @throws IllegalStateException that names all that is missing
     */
    public static Fork mailingList() {
        return from(System.getenv(), Forks::mailingList);
    }

    /**
     * {@link #chatNotifications(Chat)} with the service that the environment describes.
     *
     * @throws IllegalStateException that names all that is missing
     */
    public static Fork chatNotifications() {
        return from(System.getenv(), Forks::chatNotifications);
    }

    static Fork analytics(Services services) {
        return analytics(services.analytics());
    }

    static Fork mailingList(Services services) {
        return mailingList(services.mailingList());
    }

    static Fork chatNotifications(Services services) {
        return chatNotifications(services.chat());
    }

    /**
     * A fork with the services that {@code environment} describes.
     *
     * @throws IllegalStateException that names all that is missing
     */
    static Fork from(Map<String, String> environment, Function<Services, Fork> fork) {
        Services services = new Services(environment);
        Fork made = fork.apply(services);
        services.check();
        return made;
    }
}
