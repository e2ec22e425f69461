package io.github.eventfork.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ids of the messages that may stand in a queue.
 *
 * <p>ElasticMQ tells of messages that come and go, but of some not in that order, and of a purge and of what a long poll
 * moves to a dead-letter queue it tells nothing. So these are candidates: who wants to know asks ElasticMQ about each,
 * and has the gone ones forgotten. Whoever makes calls sees to it that this is done when {@link #isLookDue}.
 *
 * <p><b>Invariant:</b> a message that stands in a queue is here if the call that sent it was answered. A look is due when a
 * queue has more than {@value #FEW} ids and twice as many as the last look left.
 *
 * <p><b>Ownership:</b> {@code byQueue}, ids with the number of the event that brought them, and {@code lookAt} belong to
 * whoever holds this object's monitor. Nobody is called under it.
 */
final class KnownMessages {
    private static final int FEW = 1_000;

    @GuardedBy("this")
    private final Map<String, Map<String, Long>> byQueue = new HashMap<>();

    /** How many ids of a queue are too many, if more than few. */
    @GuardedBy("this")
    private final Map<String, Integer> lookAt = new HashMap<>();

    @GuardedBy("this")
    private long events;

    synchronized void came(String queue, String messageId) {
        byQueue.computeIfAbsent(queue, none -> new LinkedHashMap<>()).put(messageId, ++events);
    }

    synchronized void went(String queue, String messageId) {
        Map<String, Long> messages = byQueue.get(queue);
        if (messages != null) {
            messages.remove(messageId);
        }
    }

    synchronized void queueWent(String queue) {
        byQueue.remove(queue);
        lookAt.remove(queue);
    }

    synchronized boolean isLookDue(String queue) {
        return byQueue.getOrDefault(queue, Map.of()).size() > lookAt.getOrDefault(queue, FEW);
    }

    /** All that are gone from this queue were forgotten. */
    synchronized void looked(String queue) {
        Map<String, Long> left = byQueue.get(queue);
        if (left != null) {
            lookAt.put(queue, Math.max(FEW, 2 * left.size()));
        }
    }

    /** The ids of a queue, oldest first, each with the number to forget it by. */
    synchronized Map<String, Long> of(String queue) {
        return new LinkedHashMap<>(byQueue.getOrDefault(queue, Map.of()));
    }

    /**
     * Forgets a message that was looked for and not found.
     *
     * <p>The bad interleaving: 1. A looks for a message, which has just been moved away. 2. B moves it back, and it comes
     * again. 3. A forgets it. It cannot happen, because it came with another number.
     */
    synchronized void forget(String queue, String messageId, long number) {
        Map<String, Long> messages = byQueue.get(queue);
        if (messages != null) {
            messages.remove(messageId, number);
        }
    }
}
