package io.github.eventfork.examples;

import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;
import io.github.eventfork.RejectedEventException;
import java.io.IOException;

/**
 * Puts who signs up on the mailing list. Who is on it already stays on it: so an event may come twice. An address that never
 * will be one is rejected at once, by a text that does not hold it: it ends up in logs and dead letters.
 */
final class MailingList implements EventHandler<Signup> {

    private final Subscribers subscribers;

    MailingList(Subscribers subscribers) {
        this.subscribers = subscribers;
    }

    @Override
    public void handle(Event<Signup> event) throws IOException, InterruptedException {
        Signup signup = event.payload();
        if (!signup.email().contains("@")) {
            throw new RejectedEventException("the e-mail address has no @");
        }
        subscribers.upsert(signup.email(), signup.name());
    }
}
