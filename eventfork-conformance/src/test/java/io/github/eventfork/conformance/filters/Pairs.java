package io.github.eventfork.conformance.filters;

import io.github.eventfork.testkit.Message;

/** A fork and an event, for assertions. */
final class Pairs {

    private Pairs() {}

    static Message message(RandomEvent event) {
        Message message = Message.raw(event.bodyText());
        for (String name : event.attributes().keySet()) {
            message = message.attribute(name, event.dataType(name), event.text(name));
        }
        return message;
    }

    static String described(long seed, RandomFork fork, RandomEvent event, boolean expected) {
        return "seed " + seed + ": by its conditions, the fork " + (expected ? "receives" : "ignores")
                + " the event. Policy " + fork.fork().filterPolicy() + "; " + event;
    }
}
