package io.github.eventfork.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many handlers run at once; what finds no slot waits in order.
 *
 * <p><b>Invariant:</b> nothing waits while a slot is free. A slot is given up once for each start, and goes on to the next at
 * once where a start says that it has not begun.
 *
 * <p><b>Ownership:</b> the counters and {@code waiting} belong to whoever holds this object's monitor. {@code start} is
 * called after it is let go, by the thread that offered or gave up; it throws nothing.
 */
final class Slots {

    private final int most;
    private final Predicate<Work> start;

    @GuardedBy("this")
    private int taken;

    @GuardedBy("this")
    private long givenUp;

    @GuardedBy("this")
    private final Deque<Work> waiting = new ArrayDeque<>();

    /** @param start begins a work on a thread of its own, and says whether it has */
    Slots(int most, Predicate<Work> start) {
        this.most = most;
        this.start = start;
    }

    /** Starts {@code work} now, or when it is its turn; says whether it waits. */
    boolean offer(Work work) {
        synchronized (this) {
            if (taken == most) {
                waiting.add(work);
                return true;
            }
            taken++;
        }
        start(work);
        return false;
    }

    /** A start is over: its slot goes to the next. */
    void giveUp() {
        Work next;
        synchronized (this) {
            givenUp++;
            next = nextOrFree();
        }
        start(next);
    }

    /** Starts {@code first} or, where it can't begin, the next in its slot: one after another, however many there are. */
    private void start(@Nullable Work first) {
        Work next = first;
        while (next != null && !start.test(next)) {
            synchronized (this) {
                next = nextOrFree();
            }
        }
    }

    @GuardedBy("this")
    private @Nullable Work nextOrFree() {
        Work next = waiting.poll();
        if (next == null) {
            taken--;
        }
        return next;
    }

    /** Takes all that waits, in order. */
    synchronized List<Work> takeWaiting() {
        List<Work> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    /** Takes {@code work} out if it waits, and says whether it did. */
    synchronized boolean take(Work work) {
        return waiting.remove(work);
    }

    synchronized Dispatcher.Load load() {
        return new Dispatcher.Load(most - taken, waiting.size(), givenUp);
    }
}
