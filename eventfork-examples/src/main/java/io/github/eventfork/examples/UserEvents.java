package io.github.eventfork.examples;

import io.github.eventfork.examples.run.FanOut;
import io.github.eventfork.examples.standin.StandIns;
import io.github.eventfork.topology.Topology;
import java.util.List;
import java.util.Map;

/**
 * The fan-out: one topic, and behind it for each fork a queue, a dead-letter queue and a filter policy. A fork is added or
 * removed in one line, here; queues, policies, pollers, commands and the table at the end follow.
 */
public final class UserEvents {

    private static final ForkList FORKS =
            new ForkList(List.of(Forks::analytics, Forks::mailingList, Forks::chatNotifications));

    private UserEvents() {}

    /** The forks themselves. */
    static ForkList forks() {
        return FORKS;
    }

    /**
     * The topic {@code user-events} and the forks behind it, with the services that {@code environment} describes.
     *
     * @throws IllegalStateException that names all that is missing
     */
    public static Topology topology(Map<String, String> environment) {
        return FORKS.topology(environment);
    }

    /** The same with stand-ins for the services, as a local run takes it. They stay the caller's to close. */
    public static FanOut fanOut(StandIns standIns) {
        return FORKS.fanOut(standIns, Map.of());
    }

    /** The same with services that are nowhere: for what asks for its shape only, such as a template or a picture. */
    public static Topology outline() {
        return FORKS.shape();
    }
}
