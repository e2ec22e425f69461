package io.github.eventfork.local.lambda;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Counts invocations and keeps the last of them. All fields belong to whoever holds this object's monitor. */
final class InvocationLog {

    static final int KEPT = 1_000;

    @GuardedBy("this")
    private final Deque<Invocation> last = new ArrayDeque<>();

    @GuardedBy("this")
    private long count;

    synchronized void add(Invocation invocation) {
        count++;
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(invocation);
    }

    synchronized long count() {
        return count;
    }

    synchronized List<Invocation> last() {
        return List.copyOf(last);
    }
}
