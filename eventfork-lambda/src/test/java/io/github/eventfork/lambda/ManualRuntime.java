package io.github.eventfork.lambda;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * A runtime whose time stands still until the test moves it on; its handlers have real threads.
 *
 * <p><b>Ownership:</b> time, timers and threads belong to whoever holds this object's monitor; tasks run without it, on
 * the thread that moves the time on.
 */
final class ManualRuntime implements ForkRuntime {

    private final RandomGenerator random = new Random(1);
    private final List<Timer> timers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private long now;

    private record Timer(long due, Runnable task) {}

    /**
     * Moves the time on, and runs what falls due on the way, in order. Not before an invocation waits for its answer: until
     * then it may still be setting its timers, which would then never fall due.
     */
    void advance(Duration by) throws InterruptedException {
        if (!waiting.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("no invocation waits for its answer");
        }
        long target = nanoTime() + by.toNanos();
        for (Timer next = due(target); next != null; next = due(target)) {
            next.task.run();
        }
        synchronized (this) {
            now = target;
        }
    }

    private synchronized Timer due(long target) {
        Timer next = timers.stream()
                .min(Comparator.comparingLong(Timer::due))
                .filter(timer -> timer.due <= target)
                .orElse(null);
        if (next != null) {
            timers.remove(next);
            now = Math.max(now, next.due);
        }
        return next;
    }

    /** Waits until every handler's thread has ended. */
    void joinHandlers() throws InterruptedException {
        for (Thread thread : handlerThreads()) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
            if (thread.isAlive()) {
                throw new AssertionError(thread + " still runs");
            }
        }
    }

    private synchronized List<Thread> handlerThreads() {
        return List.copyOf(threads);
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanoTime());
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public synchronized Cancellable schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(now + delay.toNanos(), task);
        timers.add(timer);
        return () -> {
            synchronized (this) {
                timers.remove(timer);
            }
        };
    }

    /** Waits in real time: a test that hangs must end. */
    @Override
    public <T> T await(CompletionStage<T> stage, Duration atMost)
            throws TimeoutException, ExecutionException, InterruptedException {
        waiting.countDown();
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Override
    public Executor handlers() {
        return task -> {
            Thread thread = new Thread(task, "handler");
            thread.setDaemon(true);
            synchronized (this) {
                threads.add(thread);
            }
            thread.start();
        };
    }

    @Override
    public Executor callers(Object of, int most) {
        return Runnable::run;
    }

    @Override
    public Cancellable keepAlive(String name) {
        throw new UnsupportedOperationException("Lambda keeps the JVM alive");
    }

    @Override
    public Cancellable onExit(String name, Runnable task) {
        throw new UnsupportedOperationException("Lambda has no exit");
    }
}
