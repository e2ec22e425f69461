package io.github.eventfork.examples;

import io.github.eventfork.Event;
import java.io.IOException;

/**
 * Counts signups and logins with an analytics service, which drops what it has seen: so an event may come twice. One class
 * may serve several routes: a method is a handler.
 */
final class Analytics {

    private final EventCounter counter;

    Analytics(EventCounter counter) {
        this.counter = counter;
    }

    void signup(Event<Signup> event) throws IOException, InterruptedException {
        counter.count(event, event.payload().email());
    }

    void login(Event<Login> event) throws IOException, InterruptedException {
        counter.count(event, event.payload().email());
    }
}
