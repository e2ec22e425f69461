package io.github.eventfork.testkit;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
 * <p>Clocks and threads can misbehave: the wall clock jumps, the machine is suspended, the process is paused, calls block
 * the few threads on which they begin, handlers are refused. What is elsewhere, such as an {@link InMemoryQueue}, goes on
 * in a time of its own, which {@link #elapsed()} tells.
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

    /** What decides in which order a paused process catches up. */
    private final Random resumption;

    private final Deque<Task> ready = new ArrayDeque<>();

    /** Those of the machine, in the time of {@link #nanoTime()}. */
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();

    /** Those of all that is elsewhere, in the time of {@link #elapsed()}. */
    private final PriorityQueue<Timer> elsewhere = new PriorityQueue<>();

    private final IdentityHashMap<Object, VirtualCallers> callers = new IdentityHashMap<>();

    private final List<Parking> parked = new ArrayList<>();

    private final Map<Long, String> keptAlive = new LinkedHashMap<>();

    private final Map<Long, Runnable> exits = new LinkedHashMap<>();

    private long elapsed;

    /** For how long the machine has been suspended. */
    private long asleep;

    private boolean suspended;

    private Duration wallClockAhead = Duration.ZERO;

    private boolean callersOnThreads;

    private int refusals;

    private long numbers;

    private long tasksAtThisTime;

    private @Nullable Thread runner;

    /** For whom the call is that the runner's own thread makes now. */
    private @Nullable Object callingFor;

    private @Nullable AssertionError stuck;

    /** In which order a process catches up after a pause. */
    public enum Resumption {
        /** All timers that are due run, then the answers come. */
        TIMERS_FIRST,
        /** All answers come, then the timers run that are due. */
        ANSWERS_FIRST,
        /** Timers in their order, and answers in any, as the seed draws it. */
        DRAWN
    }

    /** A timer that is set: how long it has to go, at least zero, and what it will run. */
    public record SetTimer(Duration toGo, Runnable task) {}

    /** Where something runs. */
    private enum Place {
        /** In the process. */
        PROCESS,
        /** In the process, but it comes from elsewhere. */
        ANSWER,
        /** Outside the machine. */
        ELSEWHERE
    }

    private record Task(Place place, Runnable work) {}

    private static final class Timer implements Comparable<Timer> {
        final long at;
        final long number;
        final Task task;
        volatile boolean cancelled;

        Timer(long at, long number, Task task) {
            this.at = at;
            this.number = number;
            this.task = task;
        }

        void run() {
            if (!cancelled) {
                task.work.run();
            }
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
        this.resumption = chance("resumption");
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

    /**
     * How much time has passed since the beginning, elsewhere: whatever this machine's clocks say. It is what log and
     * timeline tell.
     */
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

    /**
     * Calls to a client or a store begin on threads of their own from now on, which take turns with the test as handlers'
     * threads do: so one that blocks, in {@link #sleep} say, holds its thread and nobody else's. Without it a call that
     * waits is refused. A plan with a {@link Fault#blocking} says it by itself.
     */
    public synchronized VirtualRuntime callersOnThreads() {
        callersOnThreads = true;
        return this;
    }

    /** For which client or store the thread is on which this is asked; empty if it is none of {@link #callers}. */
    public Optional<Object> caller() {
        if (Thread.currentThread() instanceof HandlerThread thread) {
            return thread.callingFor();
        }
        synchronized (this) {
            return runner == Thread.currentThread() ? Optional.ofNullable(callingFor) : Optional.empty();
        }
    }

    /** The wall clock is set, forward or, with a negative {@code by}, backward; no time passes, and nothing else moves. */
    public synchronized void moveWallClock(Duration by) {
        wallClockAhead = wallClockAhead.plus(by);
    }

    /**
     * The machine is suspended: for {@code time} nothing of it runs, {@link #nanoTime()} and the timers stand still, and
     * only the wall clock is ahead afterwards. What answers came meanwhile come then. A handler may call it too.
     */
    public void suspend(Duration time) {
        standStill(time, true, Resumption.TIMERS_FIRST);
    }

    /**
     * The process is paused, as by SIGSTOP or a long collection of garbage: for {@code time} nothing of it runs, then both
     * clocks have leapt, timers are due and answers are there, all at once. A handler may call it too.
     */
    public void pause(Duration time, Resumption order) {
        standStill(time, false, order);
    }

    /** The next {@code tasks} that are given to {@link #handlers()} are refused, as by an executor that is full. */
    public synchronized void refuseHandlers(int tasks) {
        refusals = tasks;
    }

    /** The timers that are set now, the next one first; one that was cancelled is none. */
    public synchronized List<SetTimer> timers() {
        long now = elapsed - asleep;
        return timers.stream()
                .filter(timer -> !timer.cancelled)
                .sorted()
                .map(timer -> new SetTimer(Duration.ofNanos(Math.max(0, timer.at - now)), timer.task.work))
                .toList();
    }

    /**
     * Runs {@code task} after {@code delay} outside this machine, on which it doesn't matter then whether the machine runs:
     * what another consumer of the queue does, say, while this one is paused.
     */
    public synchronized Cancellable elsewhere(Duration delay, Runnable task) {
        Timer timer = timer(elapsed, delay, new Task(Place.ELSEWHERE, task));
        addElsewhere(delay, timer);
        return () -> timer.cancelled = true;
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
    public synchronized Instant now() {
        return START.plusNanos(elapsed).plus(wallClockAhead);
    }

    @Override
    public synchronized long nanoTime() {
        return FIRST_READING + elapsed - asleep;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public synchronized Cancellable schedule(Duration delay, Runnable task) {
        Timer timer = timer(elapsed - asleep, delay, new Task(Place.PROCESS, task));
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
        return task -> {
            refuseIfAsked();
            post(onThreads ? () -> turn(HandlerThread.handler(nextNumber(), task)) : task);
        };
    }

    /**
     * {@inheritDoc}
     *
     * <p>They run in turns as all tasks do. With {@link #callersOnThreads()} a task that blocks holds its place until it
     * ends.
     */
    @Override
    public synchronized Executor callers(Object of, int most) {
        return callers.computeIfAbsent(of, first -> new VirtualCallers(of, most, this));
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
        ready.add(new Task(Place.PROCESS, task));
    }

    /** Lets {@code task} tell the process something after {@code delay}, or as soon as it runs again. */
    synchronized void answer(Duration delay, Runnable task) {
        addElsewhere(delay, timer(elapsed, delay, new Task(Place.ANSWER, task)));
    }

    /** The reading of a clock elsewhere. */
    long trueNanoTime() {
        return FIRST_READING + elapsedNanos();
    }

    /** What a wall clock elsewhere shows. */
    Instant trueNow() {
        return START.plusNanos(elapsedNanos());
    }

    /** Makes a call for {@code owner}: on a thread of its own if it may block. */
    void call(Object owner, Runnable task) {
        boolean onThread;
        synchronized (this) {
            onThread = callersOnThreads;
            callingFor = onThread ? callingFor : owner;
        }
        if (onThread) {
            turn(HandlerThread.caller(nextNumber(), owner, task));
            return;
        }
        try {
            task.run();
        } finally {
            synchronized (this) {
                callingFor = null;
            }
        }
    }

    /**
     * Holds the thread for {@code time}, as a call does that can't go out yet. On a thread of its own nobody else is held.
     * Where timers run, all of the process is: it is paused.
     */
    void block(Duration time) {
        if (Thread.currentThread() instanceof HandlerThread) {
            park(wake -> elsewhere(time, wake));
        } else {
            pause(time, Resumption.TIMERS_FIRST);
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
            post(() -> turn(parking.thread));
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
        Cancellable[] end = new Cancellable[1];
        park(wake -> {
            stage.whenComplete((value, error) -> wake.run());
            end[0] = schedule(atMost, wake);
        });
        end[0].cancel();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void awaitRunning(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        if (future.isDone()) {
            return;
        }
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
        if (callingFor != null) {
            throw new IllegalStateException(
                    "a call to a client or a store waits, for which it needs a thread of its own:"
                            + " say callersOnThreads()");
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
        Task task = ready.poll();
        if (task != null) {
            return counted(task.work);
        }
        Timer timer = nextTimer();
        if (timer == null || due(timer) > until) {
            return null;
        }
        (timer.task.place == Place.PROCESS ? timers : elsewhere).remove();
        passTo(due(timer));
        return counted(timer::run);
    }

    /** The timer that is due first, of the machine or elsewhere. */
    private @Nullable Timer nextTimer() {
        for (PriorityQueue<Timer> all : List.of(timers, elsewhere)) {
            while (!all.isEmpty() && all.peek().cancelled) {
                all.remove();
            }
        }
        Timer here = timers.peek();
        Timer there = elsewhere.peek();
        if (here == null || there == null) {
            return here == null ? there : here;
        }
        boolean first = due(here) != due(there) ? due(here) < due(there) : here.number < there.number;
        return first ? here : there;
    }

    /** When it is due, in the time that passes elsewhere. */
    private long due(Timer timer) {
        return timer.task.place == Place.PROCESS ? timer.at + asleep : timer.at;
    }

    private void addElsewhere(Duration delay, Timer timer) {
        if (delay.isZero()) {
            ready.add(new Task(timer.task.place, timer::run));
        } else {
            elsewhere.add(timer);
        }
    }

    private Timer timer(long now, Duration delay, Task task) {
        long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(delay));
        return new Timer(now + Math.min(nanos, Long.MAX_VALUE - now), ++numbers, task);
    }

    private synchronized void refuseIfAsked() {
        if (refusals > 0) {
            refusals--;
            throw new RejectedExecutionException("no thread for this task (a fault of the test)");
        }
    }

    // A machine that stands still, while all else goes on.

    private void standStill(Duration time, boolean asleepToo, Resumption order) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a machine stands still for some time, not for " + time);
        }
        boolean inTurn = Thread.currentThread() instanceof HandlerThread;
        boolean outermost = !inTurn && becomeRunnerOfNothing();
        long until = elapsedNanos() + time.toNanos();
        try {
            stand(asleepToo);
            for (Runnable next = nextElsewhere(until); next != null; next = nextElsewhere(until)) {
                next.run();
            }
            passTo(until);
        } finally {
            synchronized (this) {
                suspended = false;
                runner = outermost ? null : runner;
            }
        }
        catchUp(order);
    }

    private synchronized void stand(boolean asleepToo) {
        suspended = asleepToo;
    }

    /** Who only lets time pass elsewhere may do so in the midst of a call. */
    private synchronized boolean becomeRunnerOfNothing() {
        Object inTheMidst = callingFor;
        callingFor = null;
        try {
            return becomeRunner();
        } finally {
            callingFor = inTheMidst;
        }
    }

    private synchronized @Nullable Runnable nextElsewhere(long until) {
        for (Task task : ready) {
            if (task.place == Place.ELSEWHERE) {
                ready.remove(task);
                return counted(task.work);
            }
        }
        while (!elsewhere.isEmpty() && elsewhere.peek().at <= until) {
            Timer timer = elsewhere.remove();
            passTo(timer.at);
            if (timer.task.place == Place.ELSEWHERE) {
                return counted(timer::run);
            }
            ready.add(timer.task);
        }
        return null;
    }

    /** What was ready before runs first. */
    private synchronized void catchUp(Resumption order) {
        List<Task> answers = new ArrayList<>(
                ready.stream().filter(task -> task.place == Place.ANSWER).toList());
        ready.removeAll(answers);
        List<Task> due = new ArrayList<>();
        while (!timers.isEmpty() && due(timers.peek()) <= elapsed) {
            Timer timer = timers.remove();
            due.add(new Task(Place.PROCESS, timer::run));
        }
        switch (order) {
            case TIMERS_FIRST -> {
                ready.addAll(due);
                ready.addAll(answers);
            }
            case ANSWERS_FIRST -> {
                ready.addAll(answers);
                ready.addAll(due);
            }
            case DRAWN -> {
                Collections.shuffle(answers, resumption);
                Deque<Task> left = new ArrayDeque<>(due);
                for (Task answer : answers) {
                    while (!left.isEmpty() && resumption.nextBoolean()) {
                        ready.add(left.remove());
                    }
                    ready.add(answer);
                }
                ready.addAll(left);
            }
        }
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
            asleep += suspended ? time - elapsed : 0;
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

    synchronized long nextNumber() {
        return ++numbers;
    }

    private synchronized void forget(Map<Long, ?> things, long number) {
        things.remove(number);
    }
}
