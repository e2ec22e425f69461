package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.examples.run.FanOut;
import io.github.eventfork.examples.standin.StandIns;
import io.github.eventfork.topology.Topology;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Forks behind the topic {@code user-events}, each made from the services that it asks for. Topology, commands and local
 * run follow from it. Immutable.
 */
record ForkList(List<Function<Services, Fork>> forks) {

    private static final String SECRET = "_SECRET";

    /** Copies the list. */
    ForkList {
        forks = List.copyOf(forks);
    }

    /** The same and one more. */
    ForkList with(Function<Services, Fork> fork) {
        return new ForkList(Stream.concat(forks.stream(), Stream.of(fork)).toList());
    }

    /** Topic and forks to look at: no environment describes what they work with. */
    Topology shape() {
        return topology(nowhere());
    }

    /**
     * Topic and forks, with the services that {@code environment} describes.
     *
     * @throws IllegalStateException that names all that is missing
     */
    Topology topology(Map<String, String> environment) {
        Services services = new Services(environment);
        Topology topology = topology(services);
        services.check();
        return topology;
    }

    private Topology topology(Services services) {
        return Topology.of("user-events")
                .forks(forks.stream().map(fork -> fork.apply(services)).toArray(Fork[]::new));
    }

    /** By each fork's name, what makes it and no other, with the services that {@code environment} describes. */
    Map<String, Supplier<Fork>> workers(Map<String, String> environment) {
        Map<String, Supplier<Fork>> workers = new LinkedHashMap<>();
        for (Function<Services, Fork> fork : forks) {
            workers.put(fork.apply(nowhere()).name(), () -> Forks.from(environment, fork));
        }
        return workers;
    }

    /** As a local run takes it: with stand-ins for the three services, and {@code environment} for what else there is. */
    FanOut fanOut(StandIns standIns, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        standIns.environment().keySet().forEach(name -> all.remove(name + SECRET));
        all.putAll(standIns.environment());
        return new FanOut(topology(all), Functions::of, StandInService.all(standIns));
    }

    private static Services nowhere() {
        return new Services(Map.of());
    }
}
