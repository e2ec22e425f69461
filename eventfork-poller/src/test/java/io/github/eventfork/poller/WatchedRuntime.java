package io.github.eventfork.poller;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The real runtime, but it only notes who keeps the JVM alive and who waits for its end. */
final class WatchedRuntime implements ForkRuntime {

    private final ForkRuntime real = ForkRuntime.system();
    private final List<String> alive = new CopyOnWriteArrayList<>();
    private final List<Runnable> atExit = new CopyOnWriteArrayList<>();
    private volatile @Nullable RuntimeException ending;
    private volatile boolean noThread;

    /** The names of those who keep the JVM alive. */
    List<String> alive() {
        return alive;
    }

    /** What would run when the JVM is told to end. */
    List<Runnable> atExit() {
        return atExit;
    }

    /** From now on nobody may register for the end. */
    void end(RuntimeException thrown) {
        ending = thrown;
    }

    /** No thread can be made from now on. */
    void makeNoThread() {
        noThread = true;
    }

    @Override
    public Cancellable keepAlive(String name) {
        alive.add(name);
        return () -> alive.remove(name);
    }

    @Override
    public Cancellable onExit(String name, Runnable task) {
        RuntimeException thrown = ending;
        if (thrown != null) {
            throw thrown;
        }
        atExit.add(task);
        return () -> atExit.remove(task);
    }

    @Override
    public Instant now() {
        return real.now();
    }

    @Override
    public long nanoTime() {
        return real.nanoTime();
    }

    @Override
    public RandomGenerator random() {
        return real.random();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return real.schedule(delay, task);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Duration atMost)
            throws TimeoutException, ExecutionException, InterruptedException {
        return real.await(stage, atMost);
    }

    @Override
    public Executor handlers() {
        return task -> {
            if (noThread) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            real.handlers().execute(task);
        };
    }
}
