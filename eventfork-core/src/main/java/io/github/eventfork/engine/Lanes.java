package io.github.eventfork.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the deliveries of one lane through one at a time, in order; lanes do not wait for each other.
 *
 * <p><b>Invariant:</b> a lane is a key of {@code behind} exactly while one of its deliveries, its head, has its turn. So
 * an idle lane costs nothing, and ten million groups seen once leave an empty map.
 *
 * <p><b>Ownership:</b> {@code behind} and the queues in it belong to whoever holds this object's monitor. No user code
 * and no I/O runs under it.
 */
final class Lanes {

    /** What waits behind the head of a lane that has nothing behind it; never filled. */
    private static final Deque<Work> NOTHING = new ArrayDeque<>(0);

    @GuardedBy("this")
    private final Map<String, Deque<Work>> behind = new HashMap<>();

    /** Whether {@code work} is the head of its lane now; else it waits behind it. */
    synchronized boolean offer(Work work) {
        Deque<Work> waiting = behind.putIfAbsent(work.lane(), NOTHING);
        if (waiting == null) {
            return true;
        }
        if (waiting == NOTHING) {
            waiting = new ArrayDeque<>(4);
            behind.put(work.lane(), waiting);
        }
        waiting.add(work);
        return false;
    }

    /** The head has had its turn: answers with the next, now the head, or forgets the lane. */
    synchronized @Nullable Work next(String lane) {
        Deque<Work> waiting = behind.getOrDefault(lane, NOTHING);
        Work next = waiting.poll();
        if (next == null) {
            behind.remove(lane);
        }
        return next;
    }

    /** The same, and the head's message is done or dead-lettered: other sights of it that wait behind it are told. */
    synchronized @Nullable Work nextOfDone(Work head) {
        for (Work waiting : behind.getOrDefault(head.lane(), NOTHING)) {
            if (waiting.delivery.messageId().equals(head.delivery.messageId())) {
                waiting.firstSightDone = true;
            }
        }
        return next(head.lane());
    }

    /**
     * Takes what waits behind the head, in order, up to another sight of its message: that was handed out when the queue had
     * the head back, so that it is next, and what came after it stands behind it. The lane stays the head's.
     */
    synchronized List<Work> takeRest(Work head) {
        Deque<Work> waiting = behind.getOrDefault(head.lane(), NOTHING);
        List<Work> rest = new ArrayList<>(waiting.size());
        for (Work next = waiting.peek();
                next != null && !next.delivery.messageId().equals(head.delivery.messageId());
                next = waiting.peek()) {
            rest.add(waiting.remove());
        }
        return rest;
    }

    /** Takes {@code work}, if it waits in its lane, and all that waits behind it, in order. */
    synchronized List<Work> takeFrom(Work work) {
        Deque<Work> waiting = behind.getOrDefault(work.lane(), NOTHING);
        List<Work> taken = waiting.stream().dropWhile(other -> other != work).toList();
        taken.forEach(waiting::remove);
        return taken;
    }

    /** Takes {@code work} out if it waits in its lane, and says whether it did. */
    synchronized boolean take(Work work) {
        return behind.getOrDefault(work.lane(), NOTHING).remove(work);
    }

    /** Whether anything waits behind the head. */
    synchronized boolean anyBehind(String lane) {
        return !behind.getOrDefault(lane, NOTHING).isEmpty();
    }

    /** What waits behind the head now, in order. */
    synchronized List<Work> behind(String lane) {
        return List.copyOf(behind.getOrDefault(lane, NOTHING));
    }
}
