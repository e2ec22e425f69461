package io.github.eventfork;

import io.github.eventfork.engine.Dispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Where time, chance and threads come from. Nothing else in eventfork reads a clock, draws chance, waits or makes a
 * thread. Thread-safe; a hundred forks in a JVM share {@link #system()}.
 */
public interface ForkRuntime {

    /** The runtime of the real world, one for the JVM. All its threads are daemons. */
    static ForkRuntime system() {
        return SystemRuntime.INSTANCE;
    }

    /** The wall clock's time, for what people read. Elapsed time comes from {@link #nanoTime()}. */
    Instant now();

    /** A clock that only goes forward, in nanoseconds from an arbitrary start. */
    long nanoTime();

    /**
     * The source of chance, for jitter. It must be right after a restore from a snapshot too, so it is not seeded in the
     * process.
     */
    RandomGenerator random();

    /** Runs {@code task} after {@code delay} on a timer's thread. The task must not block. */
    Cancellable schedule(Duration delay, Runnable task);

    /**
     * Waits for {@code stage}: the one blocking wait.
     *
     * @throws TimeoutException if it has not ended after {@code atMost}
     * @throws ExecutionException if it ended exceptionally
     * @throws InterruptedException if this thread was interrupted meanwhile
     */
    <T> T await(CompletionStage<T> stage, Duration atMost)
            throws TimeoutException, ExecutionException, InterruptedException;

    /**
     * Starts each task at once on a thread of its own, and bounds nothing: the {@link Dispatcher} bounds. The system's are
     * virtual threads from Java 21 on. Before, they are platform threads that are kept for the next handler, and so are the
     * {@link ThreadLocal}s that a handler leaves behind: remove what you set. None inherits {@link InheritableThreadLocal}s.
     * One that refuses a task throws; the delivery is tried again a second later.
     */
    Executor handlers();

    /**
     * Where calls to {@code of} begin, a client or a store: on at most {@code most} kept daemon threads, which are platform
     * threads, that it has for itself. So a call that blocks, such as one whose credentials are slow to come, holds up
     * nobody's timers, no SDK's answers, and no calls to anything else. What finds no thread waits in order. The same object
     * (not an equal one) gets the same threads; the first to ask says how many. Default: those of {@link #system()}.
     */
    default Executor callers(Object of, int most) {
        return SystemRuntime.INSTANCE.callers(of, most);
    }

    /** Keeps the JVM alive until cancelled. Everything else here runs on daemon threads. */
    Cancellable keepAlive(String name);

    /** Runs {@code task} when the JVM is told to end, unless cancelled before. The JVM waits for the task. */
    Cancellable onExit(String name, Runnable task);

    /** Something that has been started and can be called off. */
    @FunctionalInterface
    interface Cancellable {

        /** Calls it off. Does nothing if it is over; twice is fine. */
        void cancel();
    }
}
