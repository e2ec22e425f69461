package io.github.eventfork.examples.run;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import io.github.eventfork.topology.Topology;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What is run.
 *
 * @param topology the forks behind their topic
 * @param functions makes the function that a fork runs in on Lambda
 * @param downstreams what forks work with, by their names; those that are not named are not looked at
 */
public record FanOut(
        Topology topology, BiFunction<Fork, Settings, ForkFunction> functions, Map<String, Downstream> downstreams) {

    /** Copies the map. */
    public FanOut {
        downstreams = Map.copyOf(downstreams);
    }
}
