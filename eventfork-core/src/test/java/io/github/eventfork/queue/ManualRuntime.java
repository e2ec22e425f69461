package io.github.eventfork.queue;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Time that stands still until told, for one thread; it can leap while nobody looks, as in a process that was paused. */
public final class ManualRuntime implements ForkRuntime {

    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::at));
    private final RandomGenerator random = new Random(1);
    private Executor callers = Runnable::run;
    private Instant wall = Instant.EPOCH;
    private long now;
    private int readingsUntilLeap = Integer.MAX_VALUE;
    private Duration leap = Duration.ZERO;
    private @Nullable Error noThread;
    private @Nullable RuntimeException refusal;
    private @Nullable RuntimeException afterTask;
    private Executor handlers = this::runHere;
    private Runnable beforeTimer = () -> {};
    private Runnable atReading = () -> {};
    private int readings = Integer.MAX_VALUE;

    private record Timer(long at, Runnable task) {}

    /** The clock leaps by {@code time} after this many readings of it. */
    public void leapAfter(int readings, Duration time) {
        readingsUntilLeap = readings;
        leap = time;
    }

    /** No thread can be made from now on: whoever starts a handler gets this error. */
    public void makeNoThread(Error error) {
        noThread = error;
    }

    /** Whoever starts a handler is refused a thread with this exception, until threads are given again. */
    public void refuseThreads(RuntimeException reason) {
        refusal = reason;
    }

    /** Whoever starts a handler gets a thread again, and no exception. */
    public void giveThreads() {
        noThread = null;
        refusal = null;
        afterTask = null;
    }

    /** Whoever starts a handler gets a thread, and this exception as well. */
    public void giveThreadsButThrow(RuntimeException reason) {
        afterTask = reason;
    }

    /** This runtime, but whoever starts a handler hands it to {@code executor}. */
    public ManualRuntime withHandlers(Executor executor) {
        handlers = executor;
        return this;
    }

    /** What happens at the {@code number}th reading of the clock from now on. */
    public void atReading(int number, Runnable task) {
        readings = number;
        atReading = task;
    }

    /** What happens while somebody is about to set a timer. */
    public void beforeTimer(Runnable task) {
        beforeTimer = task;
    }

    /** Lets time pass, and runs what it brings. */
    public void advance(Duration time) {
        long until = now + time.toNanos();
        while (!timers.isEmpty() && timers.peek().at() <= Math.max(now, until)) {
            Timer next = timers.remove();
            now = Math.max(now, next.at());
            next.task().run();
        }
        now = Math.max(now, until);
    }

    /** How many timers are set. */
    public int timers() {
        return timers.size();
    }

    @Override
    public Instant now() {
        return wall.plusNanos(nanoTime());
    }

    @Override
    public long nanoTime() {
        if (--readings == 0) {
            atReading.run();
        }
        long reading = now;
        if (--readingsUntilLeap == 0) {
            now += leap.toNanos();
        }
        return reading;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        beforeTimer.run();
        Timer timer = new Timer(now + delay.toNanos(), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Duration atMost) {
        return stage.toCompletableFuture().join();
    }

    @Override
    public Executor handlers() {
        return handlers;
    }

    private void runHere(Runnable task) {
        if (noThread != null) {
            throw noThread;
        }
        if (refusal != null) {
            throw refusal;
        }
        task.run();
        if (afterTask != null) {
            throw afterTask;
        }
    }

    /** Where calls begin; at once, on the thread that makes them, unless a test says otherwise. */
    public void callers(Executor callers) {
        this.callers = callers;
    }

    /** The wall clock alone goes on by {@code time}: forward as in a machine that was suspended, or back. */
    public void jumpWallClock(Duration time) {
        wall = wall.plus(time);
    }

    @Override
    public Executor callers(Object of, int most) {
        return task -> callers.execute(task);
    }

    @Override
    public Cancellable keepAlive(String name) {
        return () -> {};
    }

    @Override
    public Cancellable onExit(String name, Runnable task) {
        return () -> {};
    }
}
