package io.github.eventfork;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Bounds how many handlers run at once; what finds no slot waits in order.
 *
 * <p><b>Invariant:</b> nothing waits while a slot is free. A slot is given up once for each start.
 *
 * <p><b>Ownership:</b> the counters and {@code waiting} belong to whoever holds this object's monitor. {@code start} is
 * called after it is let go, by the thread that offered or gave up.
 */
final class Slots {

    private final int most;
    private final Consumer<Work> start;

    @GuardedBy("this")
    private int taken;

    @GuardedBy("this")
    private long givenUp;

    @GuardedBy("this")
    private final Deque<Work> waiting = new ArrayDeque<>();

    Slots(int most, Consumer<Work> start) {
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
        start.accept(work);
        return false;
    }

    /** A start is over: its slot goes to the next. */
    void giveUp() {
        Work next;
        synchronized (this) {
            givenUp++;
            next = waiting.poll();
            if (next == null) {
                taken--;
                return;
            }
        }
        start.accept(next);
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
