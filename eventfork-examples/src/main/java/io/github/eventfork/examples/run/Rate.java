package io.github.eventfork.examples.run;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Lets so many events through in a second. For one thread. */
final class Rate {

    private static final double SECOND = 1e9;

    private final int perSecond;
    private final ForkRuntime runtime;
    private long next;

    Rate(int perSecond, ForkRuntime runtime) {
        this.perSecond = perSecond;
        this.runtime = runtime;
        this.next = runtime.nanoTime();
    }

    /** Waits until so many more may go. */
    void await(int events) throws InterruptedException {
        long now = runtime.nanoTime();
        if (next - now > 0) {
            pause(runtime, Duration.ofNanos(next - now));
        } else {
            next = now;
        }
        next += Math.round(events * SECOND / perSecond);
    }

    /** Lets that much time pass. */
    static void pause(ForkRuntime runtime, Duration duration) throws InterruptedException {
        try {
            runtime.await(new CompletableFuture<>(), duration);
        } catch (TimeoutException over) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes it", e);
        }
    }
}
