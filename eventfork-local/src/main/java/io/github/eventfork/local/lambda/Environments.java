package io.github.eventfork.local.lambda;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The environments of a function. The one used last is taken first, as Lambda does; where all are busy, one is made.
 *
 * <p><b>Invariant:</b> an environment stands in {@code idle} only while it runs nothing and was not thrown away; after
 * {@link #close()} none does.
 *
 * <p><b>Ownership:</b> {@code idle} and {@code made} belong to whoever holds this object's monitor. Nothing of a user's runs
 * under it.
 */
final class Environments {

    private final IntFunction<Environment> makeNumbered;

    @GuardedBy("this")
    private final Deque<Environment> idle = new ArrayDeque<>();

    @GuardedBy("this")
    private int made;

    @GuardedBy("this")
    private boolean closed;

    Environments(IntFunction<Environment> makeNumbered) {
        this.makeNumbered = makeNumbered;
    }

    synchronized Environment take() {
        Environment warm = idle.pollFirst();
        if (warm != null) {
            return warm;
        }
        made++;
        return makeNumbered.apply(made);
    }

    void giveBack(Environment environment) {
        synchronized (this) {
            if (!closed) {
                idle.addFirst(environment);
                return;
            }
        }
        environment.throwAway();
    }

    /** Throws away what is idle, and what is given back from now on. */
    void close() {
        List<Environment> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(idle);
            idle.clear();
        }
        all.forEach(Environment::throwAway);
    }
}
