package io.github.eventfork.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * A model of the few threads on which calls to one client or store begin.
 *
 * <p><b>Invariant:</b> at most {@code most} tasks have begun and not ended; while fewer have, none waits. Who waits begins
 * in the order of coming.
 *
 * <p><b>Ownership:</b> {@code begun} and {@code waiting} belong to whoever holds this object's monitor. Tasks run without
 * it, as tasks of the runtime.
 */
final class VirtualCallers implements Executor {

    private final Object of;
    private final int most;
    private final VirtualRuntime runtime;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int begun;

    VirtualCallers(Object of, int most, VirtualRuntime runtime) {
        if (most < 1) {
            throw new IllegalArgumentException("calls begin on at least one thread, not on " + most);
        }
        this.of = of;
        this.most = most;
        this.runtime = runtime;
    }

    @Override
    public synchronized void execute(Runnable task) {
        if (begun == most) {
            waiting.add(task);
        } else {
            begun++;
            begin(task);
        }
    }

    private void begin(Runnable task) {
        runtime.post(() -> runtime.call(of, () -> {
            try {
                task.run();
            } finally {
                ended();
            }
        }));
    }

    private synchronized void ended() {
        Runnable next = waiting.poll();
        if (next == null) {
            begun--;
        } else {
            begin(next);
        }
    }
}
