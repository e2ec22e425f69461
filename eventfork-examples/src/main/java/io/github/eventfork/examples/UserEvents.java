package io.github.eventfork.examples;

import io.github.eventfork.examples.run.FanOut;
import io.github.eventfork.examples.standin.StandIns;
import io.github.eventfork.topology.Topology;
import java.util.Map;

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

    /**
     * The same with the services that {@code environment} describes.
     *
     * @throws IllegalStateException that names all that is missing
     */
    public static Topology topology(Map<String, String> environment) {
        Services services = new Services(environment);
        Topology topology = topology(services.analytics(), services.mailingList(), services.chat());
        services.check();
        return topology;
    }

    /** The same with stand-ins for the services, as a local run takes it. They stay the caller's to close. */
    public static FanOut fanOut(StandIns standIns) {
        return new FanOut(topology(standIns.environment()), Functions::of, StandInService.all(standIns));
    }

    /** The same with forks that do nothing: for what asks for its shape only, such as a template or a picture. */
    public static Topology outline() {
        return topology((event, email) -> {}, (email, name) -> {}, text -> {});
    }
}
