package io.github.eventfork.testkit;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A runtime in which time stands still until a test moves it. What is to run waits in a queue until {@link
 * #runUntilIdle()}, {@link #advance} or {@link #await} runs it, in the order in which it came; timers run when time
 * reaches them, in the order of their time. So nothing happens behind the test's back, and the same seed gives the same
 * run.
 *
 * <p>Handlers run on the thread that runs the tasks. With {@link #handlersOnThreads(long)} each has a real daemon thread
 * of its own and takes turns with the test: only one of them runs at any time, and a handler's turn lasts until it ends
 * or waits in a {@link Hold}, in {@link #sleep} or in {@link #await}. A turn that takes longer than 10 real seconds fails
 * the test with the stack of that thread.
 *
 * <p>Tasks are run by one thread at a time. Tasks and timers may be given to it by any thread.
 *
 * <p><b>Ownership:</b> all mutable fields belong to whoever holds this object's monitor; tasks run without it.
 */
public final class VirtualRuntime implements ForkRuntime {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Readings of a real clock may be negative, and so are these in the first minute. */
    private static final long FIRST_READING = -Duration.ofMinutes(1).toNanos();

    private static final long MOST_TASKS = 10_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final long seed;
    private final Random random;
    private final boolean onThreads;
    private final Duration patience;

    private final Deque<Runnable> ready = new ArrayDeque<>();

    private final PriorityQueue<Timer> timers = new PriorityQueue<>();

    private final List<Parking> parked = new ArrayList<>();

    private final Map<Long, String> keptAlive = new LinkedHashMap<>();

    private final Map<Long, Runnable> exits = new LinkedHashMap<>();

    private long elapsed;

    private long numbers;

    private long tasksAtThisTime;

    private @Nullable Thread runner;

    private @Nullable AssertionError stuck;

    private static final class Timer implements Comparable<Timer> {
        final long at;
        final long number;
        final Runnable task;
        volatile boolean cancelled;

        Timer(long at, long number, Runnable task) {
            this.at = at;
            this.number = number;
            this.task = task;
        }

        @Override
        public int compareTo(Timer other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    /** One wait of a handler's thread; over once it is taken out of {@code parked}. */
    private static final class Parking {
        final HandlerThread thread;

        Parking(HandlerThread thread) {
            this.thread = thread;
        }
    }

    VirtualRuntime(long seed, boolean onThreads, Duration patience) {
        this.seed = seed;
        this.random = new Random(seed);
        this.onThreads = onThreads;
        this.patience = patience;
    }

    /** A runtime whose handlers run on the thread that moves time. {@code seed} decides all chance. */
    public static VirtualRuntime seeded(long seed) {
        return new VirtualRuntime(seed, false, PATIENCE);
    }

    /** A runtime whose handlers run on threads of their own, in turns, so that they may wait in a {@link Hold}. */
    public static VirtualRuntime handlersOnThreads(long seed) {
        return new VirtualRuntime(seed, true, PATIENCE);
    }

    // What a test does.

    /** Runs what is ready now, and what becomes ready by it, until nothing is left to do without time passing. */
    public void runUntilIdle() {
        run(() -> false, elapsedNanos());
    }

    /**
     * Lets {@code time} pass, from timer to timer, running after each what it made ready. A handler on the runner's own
     * thread may call it to take its time: what starts meanwhile ends first.
     */
    public void advance(Duration time) {
        long until = in(time);
        run(() -> false, until);
        passTo(until);
    }

    /** How much time has passed since the beginning. */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos());
    }

    /**
     * Lets a handler take its time: {@code time} passes for it. On the runner's own thread, what starts meanwhile ends
     * first.
     *
     * @throws InterruptedException if its thread is interrupted meanwhile
     */
    public void sleep(Duration time) throws InterruptedException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Cancellable timer = schedule(time, () -> over.complete(null));
        try {
            await(over, time);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("a timer was late", e);
        } finally {
            timer.cancel();
        }
    }

    /** A closed gate at which handlers on threads of their own can wait. */
    public Hold hold() {
        return new Hold(this);
    }

    /** The names under which the JVM is kept alive now, in the order in which they were given. */
    public synchronized List<String> keptAliveBy() {
        return List.copyOf(keptAlive.values());
    }

    /** What happens when the JVM is told to end: each task given to {@link #onExit} runs to its end, once. */
    public void exit() {
        Collection<Runnable> hooks;
        synchronized (this) {
            hooks = List.copyOf(exits.values());
            exits.clear();
        }
        hooks.forEach(Runnable::run);
    }

    // What a fork's engine does.

    @Override
    public Instant now() {
        return START.plusNanos(elapsedNanos());
    }

    @Override
    public long nanoTime() {
        return FIRST_READING + elapsedNanos();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public synchronized Cancellable schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(in(delay), ++numbers, task);
        timers.add(timer);
        return () -> timer.cancelled = true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Waiting is running what is ready and letting time pass. A stage that a real thread of somebody else's completes
     * is not waited for: to it, no time passes.
     */
    @Override
    public <T> T await(CompletionStage<T> stage, Duration atMost)
            throws TimeoutException, ExecutionException, InterruptedException {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (Thread.currentThread() instanceof HandlerThread) {
            awaitInTurn(future, atMost);
        } else {
            awaitRunning(future, atMost);
        }
        if (!future.isDone()) {
            throw new TimeoutException("not over after " + atMost + " of virtual time");
        }
        return future.get();
    }

    @Override
    public Executor handlers() {
        return onThreads ? task -> post(() -> turn(new HandlerThread(nextNumber(), task))) : this::post;
    }

    @Override
    public synchronized Cancellable keepAlive(String name) {
        long number = ++numbers;
        Map<Long, ?> all = keptAlive;
        keptAlive.put(number, name);
        return () -> forget(all, number);
    }

    @Override
    public synchronized Cancellable onExit(String name, Runnable task) {
        long number = ++numbers;
        Map<Long, ?> all = exits;
        exits.put(number, task);
        return () -> forget(all, number);
    }

    // What the testkit does.

    /** Runs {@code task} after all that is ready now. */
    synchronized void post(Runnable task) {
        ready.add(task);
    }

    /** The same after {@code delay}, if there is one. */
    void post(Duration delay, Runnable task) {
        if (delay.isZero()) {
            post(task);
        } else {
            schedule(delay, task);
        }
    }

    /** A source of chance of its own, so that drawing from it changes nothing else. */
    Random chance(String purpose) {
        return new Random(seed * 31 + purpose.hashCode());
    }

    /**
     * On a handler's thread: gives its turn back until {@code waker}'s task is run or the thread is interrupted, in which
     * case its flag is set again.
     */
    void park(Waker waker) {
        if (!(Thread.currentThread() instanceof HandlerThread thread)) {
            throw new IllegalStateException("only a handler on a thread of its own can wait: use handlersOnThreads()");
        }
        Parking parking = new Parking(thread);
        synchronized (this) {
            parked.add(parking);
        }
        waker.wakeBy(() -> wake(parking));
        thread.giveTurnBack();
    }

    /** Is handed the task that ends a wait. */
    interface Waker {
        void wakeBy(Runnable wake);
    }

    private synchronized void wake(Parking parking) {
        if (parked.remove(parking)) {
            ready.add(() -> turn(parking.thread));
        }
    }

    private void turn(HandlerThread thread) {
        try {
            thread.letRun(patience);
        } catch (HandlerThread.Stuck e) {
            synchronized (this) {
                stuck = e;
            }
            throw e;
        }
    }

    private void awaitInTurn(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        if (future.isDone()) {
            return;
        }
        CompletionStage<?> stage = future;
        park(wake -> {
            stage.whenComplete((value, error) -> wake.run());
            schedule(atMost, wake);
        });
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void awaitRunning(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        long until = in(atMost);
        Thread thread = Thread.currentThread();
        run(() -> future.isDone() || thread.isInterrupted(), until);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!future.isDone()) {
            passTo(until);
        }
    }

    /** Runs what is ready, then what time up to {@code until} brings, until nothing is left or it is {@code over}. */
    private void run(BooleanSupplier over, long until) {
        boolean outermost = becomeRunner();
        try {
            while (!over.getAsBoolean()) {
                Runnable next = next(until);
                if (next == null) {
                    return;
                }
                next.run();
            }
        } finally {
            if (outermost) {
                synchronized (this) {
                    runner = null;
                }
            }
        }
    }

    private synchronized boolean becomeRunner() {
        Thread thread = Thread.currentThread();
        if (thread instanceof HandlerThread) {
            throw new IllegalStateException("a handler on a thread of its own can't move time: let it sleep(..)");
        }
        if (runner != null && runner != thread) {
            throw new IllegalStateException("time is being moved by thread " + runner.getName());
        }
        boolean outermost = runner == null;
        runner = thread;
        return outermost;
    }

    private synchronized @Nullable Runnable next(long until) {
        if (stuck != null) {
            throw stuck;
        }
        for (Parking parking : List.copyOf(parked)) {
            if (parking.thread.wasInterrupted()) {
                wake(parking);
            }
        }
        Runnable task = ready.poll();
        if (task != null) {
            return counted(task);
        }
        while (!timers.isEmpty() && timers.peek().cancelled) {
            timers.remove();
        }
        if (timers.isEmpty() || timers.peek().at > until) {
            return null;
        }
        Timer timer = timers.remove();
        passTo(timer.at);
        return counted(timer.task);
    }

    private Runnable counted(Runnable task) {
        if (++tasksAtThisTime > MOST_TASKS) {
            throw new AssertionError(MOST_TASKS + " tasks ran at " + Duration.ofNanos(elapsed)
                    + " without time passing: something spins. The next is " + task);
        }
        return task;
    }

    private synchronized void passTo(long time) {
        if (time > elapsed) {
            elapsed = time;
            tasksAtThisTime = 0;
        }
    }

    /** The time that it will be then; time ends after 292 years. */
    private synchronized long in(Duration time) {
        long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(time));
        return elapsed + Math.min(nanos, Long.MAX_VALUE - elapsed);
    }

    private synchronized long elapsedNanos() {
        return elapsed;
    }

    private synchronized long nextNumber() {
        return ++numbers;
    }

    private synchronized void forget(Map<Long, ?> things, long number) {
        things.remove(number);
    }
}
