package io.github.eventfork.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What waits in hand to be tried again.
 *
 * <p><b>Invariant:</b> each work in it has a timer; whoever takes it out, the timer or another, moves it on, and nobody
 * else does. A timer whose work was taken is called off, because it may be set for 12 h and holds the message.
 *
 * <p><b>Ownership:</b> {@code waiting} belongs to whoever holds this object's monitor; work is moved on without it.
 */
final class Waits {

    private final ForkRuntime runtime;

    /** In the order in which they came to wait: so they go back in it, and one run is like the other. */
    @GuardedBy("this")
    private final Map<Work, ForkRuntime.Cancellable> waiting = new LinkedHashMap<>();

    Waits(ForkRuntime runtime) {
        this.runtime = runtime;
    }

    /** Lets {@code work} wait, and runs {@code over} then, unless somebody takes it out before. */
    synchronized void add(Work work, Duration delay, Runnable over) {
        waiting.put(work, runtime.schedule(delay, () -> {
            if (take(work)) {
                over.run();
            }
        }));
    }

    /** Takes {@code work} out, and says whether it waited. */
    synchronized boolean take(Work work) {
        ForkRuntime.Cancellable timer = waiting.remove(work);
        if (timer == null) {
            return false;
        }
        timer.cancel();
        return true;
    }

    /** What waits now, in order. */
    synchronized List<Work> all() {
        return List.copyOf(waiting.keySet());
    }
}
