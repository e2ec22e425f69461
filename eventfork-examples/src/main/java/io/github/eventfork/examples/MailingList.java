package io.github.eventfork.examples;

import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;
import io.github.eventfork.RejectedEventException;

/**
 * Puts who signs up on the mailing list. What the service throws is a failure, and tried again; an address that never
 * will be one is rejected at once. Neither text holds the address: it would end up in logs and dead letters.
 */
final class MailingList implements EventHandler<Signup> {

    private final Subscribers subscribers;

    MailingList(Subscribers subscribers) {
        this.subscribers = subscribers;
    }

    @Override
    public void handle(Event<Signup> event) {
        Signup signup = event.payload();
        if (!signup.email().contains("@")) {
            throw new RejectedEventException("the e-mail address has no @");
        }
        subscribers.upsert(signup.email(), signup.name());
    }
}
