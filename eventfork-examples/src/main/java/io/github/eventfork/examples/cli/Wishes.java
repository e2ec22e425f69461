package io.github.eventfork.examples.cli;

import io.github.eventfork.examples.run.Expectation;
import io.github.eventfork.text.LogText;
import io.github.eventfork.topology.ForkQueue;
import io.github.eventfork.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which events the forks want, by their filter policies, and which of the published ones none of them does. For one thread. */
final class Wishes {

    private final Topology topology;
    private final List<Expectation> forks;
    private final Map<String, Integer> unwanted = new LinkedHashMap<>();
    private long wanted;

    Wishes(Topology topology) {
        this.topology = topology;
        this.forks = topology.queues().stream()
                .map(queue -> new Expectation(queue.filterPolicy()))
                .toList();
    }

    void published(Map<String, String> attributes, String message) {
        if (forks.stream().anyMatch(fork -> fork.letsIn(attributes, message))) {
            wanted++;
        } else {
            String type = attributes.get("event");
            unwanted.merge(type == null ? "without a type" : "of type '" + printable(type) + "'", 1, Integer::sum);
        }
    }

    /** Whether a fork wants any of them. */
    boolean anyWanted() {
        return wanted > 0;
    }

    /** What no fork wants, a line each kind. */
    List<String> complaints() {
        String types = topology.queues().stream()
                .map(ForkQueue::fork)
                .flatMap(fork -> fork.types().stream())
                .distinct()
                .collect(Collectors.joining(", "));
        return unwanted.entrySet().stream()
                .map(kind -> "No fork of " + topology.topicName() + " wants "
                        + (kind.getValue() == 1 ? "an event " : kind.getValue() + " events ") + kind.getKey()
                        + "; the types that forks want: " + types + ".")
                .toList();
    }

    private static String printable(String type) {
        return LogText.of(type);
    }
}
