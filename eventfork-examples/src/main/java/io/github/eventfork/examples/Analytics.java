package io.github.eventfork.examples;

import io.github.eventfork.Event;

/** Counts signups and logins with an analytics service. One class may serve several routes: a method is a handler. */
final class Analytics {

    private final EventCounter counter;

    Analytics(EventCounter counter) {
        this.counter = counter;
    }

    void signup(Event<Signup> event) {
        counter.count("signup");
    }

    void login(Event<Login> event) {
        counter.count("login");
    }
}
