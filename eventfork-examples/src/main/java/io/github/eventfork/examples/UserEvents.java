package io.github.eventfork.examples;

import io.github.eventfork.topology.Topology;

/**
 * The fan-out: one topic, and behind it for each fork a queue, a dead-letter queue and a filter policy. A fork is added or
 * removed in one line, here; queues, policies, pollers and the table at the end follow.
 */
public final class UserEvents {

    private UserEvents() {}

    /** The topic {@code user-events} and the forks behind it, working with these services. */
    public static Topology topology(EventCounter counter, Subscribers subscribers, Chat chat) {
        return Topology.of("user-events")
                .forks(Forks.analytics(counter), Forks.mailingList(subscribers), Forks.chatNotifications(chat));
    }

    /** The same with forks that do nothing: for what asks for its shape only, such as a template or a picture. */
    public static Topology outline() {
        return topology(event -> {}, (email, name) -> {}, text -> {});
    }
}
