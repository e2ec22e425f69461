package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of each queue: the attributes kept for it, and what ElasticMQ said of it.
 *
 * <p><b>Invariant:</b> nothing that was asked before a change is remembered after it. There is an entry per queue that was
 * created or used, until it is deleted.
 *
 * <p><b>Ownership:</b> all of it belongs to whoever holds this object's monitor; no I/O runs under it.
 */
final class KnownQueues {
    @GuardedBy("this")
    private final Map<String, Map<String, String>> kept = new HashMap<>();

    @GuardedBy("this")
    private final Map<String, JsonNode> learnt = new HashMap<>();

    @GuardedBy("this")
    private long changes;

    /** The attributes kept for the queue. */
    synchronized Map<String, String> kept(String queue) {
        return kept.getOrDefault(queue, Map.of());
    }

    /** True if nothing was kept for the queue before. */
    synchronized boolean keepIfNew(String queue, Map<String, String> attributes) {
        return kept.putIfAbsent(queue, Map.copyOf(attributes)) == null;
    }

    /** These attributes have new values, and the others may have. */
    synchronized void changed(String queue, Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>(kept(queue));
        all.putAll(attributes);
        kept.put(queue, Map.copyOf(all));
        learnt.remove(queue);
        changes++;
    }

    synchronized void forget(String queue) {
        kept.remove(queue);
        learnt.remove(queue);
        changes++;
    }

    /** What ElasticMQ said of the queue, if nothing has changed since. */
    synchronized Optional<JsonNode> find(String queue) {
        return Optional.ofNullable(learnt.get(queue));
    }

    /** A number that is another one after each change. */
    synchronized long changes() {
        return changes;
    }

    /**
     * Remembers what ElasticMQ said of the queue, unless anything changed since {@code before}:
     * 1. A asks, and is told the old value. 2. B changes it, and forgets. 3. A would remember the old value for good.
     */
    synchronized void learnt(String queue, JsonNode attributes, long before) {
        if (changes == before) {
            learnt.put(queue, attributes);
        }
    }
}
