package io.github.eventfork.local.lambda;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Counts invocations and keeps the last of them: no more than {@value #KEPT}, and no more than {@value #MOST_IDS} message ids
 * of theirs, oldest out. All fields belong to whoever holds this object's monitor.
 */
final class InvocationLog {

    static final int KEPT = 1_000;

    /** Some 10 MB; the ids of ten of the largest batches. */
    static final int MOST_IDS = 100_000;

    @GuardedBy("this")
    private final Deque<Invocation> last = new ArrayDeque<>();

    @GuardedBy("this")
    private int ids;

    @GuardedBy("this")
    private long count;

    synchronized void add(Invocation invocation) {
        count++;
        last.addLast(invocation);
        ids += invocation.messageIds().size();
        while (last.size() > KEPT || ids > MOST_IDS) {
            ids -= last.removeFirst().messageIds().size();
        }
    }

    synchronized long count() {
        return count;
    }

    synchronized List<Invocation> last() {
        return List.copyOf(last);
    }
}
