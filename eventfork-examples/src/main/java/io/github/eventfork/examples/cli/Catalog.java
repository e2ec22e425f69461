package io.github.eventfork.examples.cli;

import io.github.eventfork.Fork;
import io.github.eventfork.topology.FunctionSettings;
import io.github.eventfork.topology.Topology;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which forks the commands work on. Immutable.
 *
 * @param topology the topic and the forks behind it, to look at: what they work with is never called
 * @param functions how each fork runs in Lambda
 * @param workers the same forks by name, made from the environment's configuration when one is to work; one that can't
 *     be made says why in one sentence, by an exception
 */
public record Catalog(
        Topology topology, Function<Fork, FunctionSettings> functions, Map<String, Supplier<Fork>> workers) {

    /** Copies the map. */
    public Catalog {
        workers = Collections.unmodifiableMap(new LinkedHashMap<>(workers));
    }

    /** What makes the fork of this name. */
    Optional<Supplier<Fork>> worker(String name) {
        return Optional.ofNullable(workers.get(name));
    }
}
