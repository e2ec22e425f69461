package io.github.eventfork.examples;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts in this process. Thread-safe. */
public final class InMemoryEventCounter implements EventCounter {

    private final Map<String, Long> counts = new ConcurrentHashMap<>();

    /** A counter of nothing yet. */
    public InMemoryEventCounter() {}

    @Override
    public void count(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    /** How often an event of this name was counted. */
    public long of(String name) {
        return counts.getOrDefault(name, 0L);
    }
}
