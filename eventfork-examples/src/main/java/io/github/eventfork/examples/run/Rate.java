package io.github.eventfork.examples.run;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Lets at most so many events through in any second, wherever that second begins. For one thread. */
final class Rate {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final int perSecond;
    private final ForkRuntime runtime;
    private final CompletableFuture<Void> stop;

    /** What went in the last second, oldest first. */
    private final Deque<Gone> gone = new ArrayDeque<>();

    private long inTheLastSecond;

    private record Gone(long at, int events) {}

    Rate(int perSecond, ForkRuntime runtime, CompletableFuture<Void> stop) {
        this.perSecond = perSecond;
        this.runtime = runtime;
        this.stop = stop;
    }

    /**
     * Waits until at least one more may go; answers how many of {@code wanted} may. To {@linkplain #take} so many waits no
     * more.
     *
     * @throws CancellationException if it is told to end meanwhile
     */
    int room(int wanted) throws InterruptedException {
        waitFor(1);
        return (int) Math.min(wanted, perSecond - inTheLastSecond);
    }

    /**
     * Waits until so many may go at once, and counts them as gone; no more than may in a second.
     *
     * @throws CancellationException if it is told to end meanwhile
     */
    void take(int events) throws InterruptedException {
        waitFor(events);
        gone.add(new Gone(runtime.nanoTime(), events));
        inTheLastSecond += events;
    }

    private void waitFor(int events) throws InterruptedException {
        forget();
        while (inTheLastSecond + events > perSecond) {
            pause(Duration.ofNanos(gone.element().at() + SECOND - runtime.nanoTime()));
            forget();
        }
    }

    private void forget() {
        long now = runtime.nanoTime();
        while (!gone.isEmpty() && now - gone.element().at() >= SECOND) {
            inTheLastSecond -= gone.remove().events();
        }
    }

    /**
     * Lets that much time pass.
     *
     * @throws CancellationException if it is told to end meanwhile
     */
    void pause(Duration duration) throws InterruptedException {
        try {
            runtime.await(stop, duration);
            throw new CancellationException("it was told to end");
        } catch (TimeoutException over) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing ends it exceptionally", e);
        }
    }
}
