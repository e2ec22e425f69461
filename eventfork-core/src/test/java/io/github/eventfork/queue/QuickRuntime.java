package io.github.eventfork.queue;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** Real threads, and a clock that runs much faster than others; usually a second of it is a millisecond. */
final class QuickRuntime implements ForkRuntime, AutoCloseable {

    private final int speed;
    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(2, QuickRuntime::daemon);
    private final ExecutorService handlers = Executors.newCachedThreadPool(QuickRuntime::daemon);
    private final long beginning = System.nanoTime();

    QuickRuntime() {
        this(1_000);
    }

    QuickRuntime(int speed) {
        this.speed = speed;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "quick");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanoTime());
    }

    @Override
    public long nanoTime() {
        return (System.nanoTime() - beginning) * speed;
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        var timer = timers.schedule(task, delay.toNanos() / speed, TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Duration atMost)
            throws TimeoutException, ExecutionException, InterruptedException {
        return stage.toCompletableFuture().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Executor handlers() {
        return handlers;
    }

    @Override
    public Executor callers(Object of, int most) {
        return handlers;
    }

    @Override
    public Cancellable keepAlive(String name) {
        return () -> {};
    }

    @Override
    public Cancellable onExit(String name, Runnable task) {
        return () -> {};
    }

    @Override
    public void close() {
        timers.shutdownNow();
        handlers.shutdownNow();
    }
}
