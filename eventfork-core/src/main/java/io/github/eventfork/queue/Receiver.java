package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Health;
import io.github.eventfork.engine.Dispatcher;
import io.github.eventfork.engine.Elapsed;
import io.github.eventfork.queue.Attempts.Attempt;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Facts;
import io.github.eventfork.queue.Port.Received;
import io.github.eventfork.queue.Port.Unanswered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives from a queue what its fork can take, until it is closed.
 *
 * <p>It owns the life: starting, pausing, recovering, draining. How it is, is {@link PollerHealth}'s, how much is asked for
 * {@link Intake}'s, leases are {@link Leases}', lanes and threads the {@link Dispatcher}'s. Thread-safe.
 */
public final class Receiver {

    private static final Logger log = LoggerFactory.getLogger(Receiver.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

    /** A poll that is as young when the drain begins may bring what is on its way already. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(1);

    private final Fork fork;
    private final ForkRuntime runtime;
    private final Options options;
    private final Elapsed time;
    private final Port port;
    private final KnownFacts facts;
    private final Attempts attempts;
    private final Intake intake;
    private final PollerHealth health;
    private final @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Set once, when the queue's facts are known. */
    private volatile @Nullable Engine engine;

    @GuardedBy("this")
    private int failures;

    /** What the drain has planned. */
    @GuardedBy("this")
    private final List<ForkRuntime.Cancellable> planned = new ArrayList<>();

    /** What is planned after a failure, if anything is. */
    @GuardedBy("this")
    private ForkRuntime.@Nullable Cancellable retry;

    /**
     * What bounds a poller.
     *
     * @param concurrency how many handlers run at once, 1 to 10,000
     * @param inHand how many messages are asked for, waiting, running and being settled, at least {@code concurrency}
     * @param longPoll how long a poll waits for a first message; whole seconds, 0 to 20
     * @param processingLimit after what time a handler is interrupted; positive, at most 12 h
     * @param drainTimeout within what time {@link #close()} ends; 0 to 12 h, the longest that SQS hides a message
     * @param visibilityTimeout how long leases are, at first and when they are renewed; whole seconds, 1 to 43,200; empty
     *     for the queue's own
     */
    public record Options(
            int concurrency,
            int inHand,
            Duration longPoll,
            Duration processingLimit,
            Duration drainTimeout,
            Optional<Duration> visibilityTimeout) {

        private static final Options DEFAULTS =
                new Options(10, 80, Duration.ofSeconds(20), Duration.ofMinutes(15), Duration.ofSeconds(25));

        /** The same with the queue's own visibility timeout. */
        public Options(
                int concurrency, int inHand, Duration longPoll, Duration processingLimit, Duration drainTimeout) {
            this(concurrency, inHand, longPoll, processingLimit, drainTimeout, Optional.empty());
        }

        /** Checks the ranges. */
        public Options {
            check(concurrency >= 1 && concurrency <= 10_000, "concurrency must be 1 to 10000, was " + concurrency);
            check(inHand >= concurrency, "inHand must be at least the concurrency " + concurrency + ", was " + inHand);
            check(
                    longPoll.getNano() == 0 && longPoll.getSeconds() >= 0 && longPoll.getSeconds() <= 20,
                    "a long poll waits 0 to 20 whole seconds, was " + longPoll);
            check(
                    !processingLimit.isNegative()
                            && !processingLimit.isZero()
                            && processingLimit.compareTo(Duration.ofHours(12)) <= 0,
                    "the processing limit must be positive and at most 12 h, was " + processingLimit);
            check(
                    !drainTimeout.isNegative() && drainTimeout.compareTo(Duration.ofHours(12)) <= 0,
                    "the drain timeout must be 0 to 12 h, was " + drainTimeout);
            visibilityTimeout.ifPresent(timeout -> check(
                    timeout.getNano() == 0 && timeout.getSeconds() >= 1 && timeout.getSeconds() <= 43_200,
                    "a visibility timeout is 1 to 43,200 whole seconds, was " + timeout));
        }

        /** 10 handlers, 80 in hand, long polls of 20 s, a processing limit of 15 min, a drain timeout of 25 s. */
        public static Options defaults() {
            return DEFAULTS;
        }

        private static void check(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }

    /** When the youngest poll began. */
    @GuardedBy("this")
    private long lastPoll;

    /** How many settlements of the drain are not known to stand. */
    @GuardedBy("this")
    private int unknown;

    /** What exists once the queue's facts are known. */
    private record Engine(boolean fifo, Leases leases, InHand inHand, Dispatcher dispatcher) {}

    private final class Watcher implements Dispatcher.Watcher {

        @Override
        public void broken(VirtualMachineError error) {
            stopBroken(error);
        }

        @Override
        public void runOver() {
            pollMore();
            checkDrained();
        }

        @Override
        public void classMissing(Optional<String> problem) {
            health.classMissing(problem);
        }
    }

    /** A poller of {@code queue}, not started yet. Handlers run with the context class loader of the thread that makes it. */
    public Receiver(Fork fork, MessageQueue queue, PollBudget polls, ForkRuntime runtime, Options options) {
        this.fork = fork;
        this.runtime = runtime;
        this.options = options;
        this.time = new Elapsed(runtime);
        this.port = new Port(queue, runtime, time);
        this.facts = new KnownFacts(port, runtime, options.visibilityTimeout());
        this.lastPoll = runtime.nanoTime() - ON_ITS_WAY.toNanos();
        this.attempts = new Attempts(time, runtime.random());
        this.intake = new Intake(options.inHand(), polls, runtime.nanoTime());
        this.health = new PollerHealth(fork.name(), runtime, port::lastAnswer, this::overdue);
    }

    /**
     * Starts it; it goes on by itself until it is closed.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public void start() {
        if (!health.become(Health.Status.RUNNING, Health.Status.NEW)) {
            throw new IllegalStateException(
                    "Fork '" + fork.name() + "': its poller is " + health().status() + ", and starts once only");
        }
        askFacts();
    }

    /** Receives nothing more until it is resumed. What is in hand goes on, and so does a poll in flight. */
    public synchronized void pause() {
        if (health.become(Health.Status.PAUSED, Health.Status.RUNNING)) {
            intake.open(false);
        }
    }

    /** Receives again. Does nothing unless it is paused. */
    public void resume() {
        synchronized (this) {
            if (!health.become(Health.Status.RUNNING, Health.Status.PAUSED)) {
                return;
            }
            beginAnew();
            intake.open(true);
        }
        if (engine == null) {
            askFacts();
        }
        pollMore();
    }

    /** How it is, and since when. */
    public Health health() {
        return health.now();
    }

    /** Ends when it is closed, or has stopped by itself because of an error that no process should survive. */
    public CompletionStage<Void> closed() {
        return closed.minimalCompletionStage();
    }

    /**
     * Closes it within the drain timeout: no new poll; what waits is given back, but what is at its last receive runs;
     * handlers finish, and are interrupted when four fifths of the time are over; settlements are sent; renewals stop
     * last. Twice is fine. On a thread of one of its handlers or listeners it begins the drain and returns.
     */
    public void close() {
        drain();
        Engine running = engine;
        if (running != null && running.dispatcher.onOwnThread()) {
            return;
        }
        try {
            runtime.await(closed, options.drainTimeout().plusSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            log.warn("Fork '{}': its poller did not close in time", fork.name(), e);
        }
    }

    // Receiving.

    /** What should have ended by now: a call to the queue, or a word to the fork's listeners, before which no place is free. */
    private Optional<Unanswered> overdue() {
        return port.overdue()
                .or(() -> Optional.ofNullable(engine)
                        .map(running -> running.dispatcher.listenersLate())
                        .filter(late -> late.compareTo(Port.OVERDUE) > 0)
                        .map(late -> new Unanswered("telling the fork's listeners", late)));
    }

    private void askFacts() {
        facts.now().whenComplete((known, error) -> {
            if (error != null) {
                failed("the queue can't be asked for its attributes", error, this::askFacts);
            } else {
                build(known);
                pollMore();
            }
        });
    }

    private synchronized void build(Facts known) {
        if (engine != null) {
            return;
        }
        WatchedQueue watched = new WatchedQueue(port, health, this::stopBroken);
        Leases leases = new Leases(watched, runtime, time, this::leaseLength, this::stopBroken);
        InHand inHand = new InHand(watched, leases, runtime, facts);
        Dispatcher.Limits limits =
                new Dispatcher.Limits(options.concurrency(), Optional.of(options.processingLimit()), true, true);
        engine = new Engine(
                known.name().endsWith(".fifo"),
                leases,
                inHand,
                new Dispatcher(fork, runtime, inHand, limits, new Watcher(), context));
        succeeded();
    }

    /** As the queue told last: it may be told to hide messages for longer or shorter at any time. */
    private Duration leaseLength() {
        return facts.known().map(Facts::visibilityTimeout).orElseThrow();
    }

    /** Begins as many polls as the intake asks for. */
    private void pollMore() {
        Engine running = engine;
        if (running == null) {
            return;
        }
        for (int size = ask(running); size > 0; size = ask(running)) {
            poll(running, size);
        }
    }

    private int ask(Engine running) {
        return running.dispatcher.mayReceive() ? intake.ask(running.dispatcher.load(), runtime.nanoTime()) : 0;
    }

    private void poll(Engine running, int size) {
        long begun = runtime.nanoTime();
        synchronized (this) {
            lastPoll = begun;
        }
        Attempt attempt;
        try {
            attempt = next(running, size);
        } catch (RuntimeException | Error e) {
            notReceived(size, e);
            return;
        }
        port.receive(attempt.asked, intake::receives, late -> cameLate(attempt, late))
                .whenComplete((received, error) -> {
                    try {
                        polled(running, attempt, size, received, error, begun);
                    } catch (Throwable e) {
                        Port.fatal(e).ifPresentOrElse(this::stopBroken, () -> faulty(e));
                    }
                    checkDrained();
                });
    }

    /** The queue is asked along with it whether it still is what it was. */
    private Attempt next(Engine running, int size) {
        facts.last();
        Polling polling = Polling.of(leaseLength(), options.longPoll(), options.drainTimeout());
        return attempts.next(size, polling.longPoll(), polling.hides(), running.fifo);
    }

    private void notReceived(int size, @Nullable Throwable error) {
        intake.failed(size);
        intake.open(false);
        failed("receiving failed", error, this::reopen);
    }

    private void polled(
            Engine running,
            Attempt attempt,
            int size,
            @Nullable Received received,
            @Nullable Throwable error,
            long begun) {
        if (received == null || error != null) {
            attempts.lost(attempt);
            notReceived(size, error);
            return;
        }
        int got = received.deliveries().size();
        long now = runtime.nanoTime();
        if (!intake.came(size, got, now - begun, now)) {
            cameLate(attempt, received);
            return;
        }
        succeeded();
        if (got > 0) {
            running.inHand.take(received, attempt.hides(), running.dispatcher, this::over);
        } else if (intake.rests(now) > 0) {
            runtime.schedule(Duration.ofNanos(intake.rests(now)), this::pollMore);
        }
        pollMore();
    }

    /** The settlement of one message stands, or it is not known what does. */
    private void over(@Nullable Throwable notKnown) {
        if (notKnown != null && health.draining()) {
            synchronized (this) {
                unknown++;
            }
        }
        intake.settled();
        pollMore();
        checkDrained();
    }

    /** Nobody is told of an error on the thread of an answer, and without another poll nothing would come any more. */
    private void faulty(Throwable fault) {
        log.error(
                "Fork '{}': a fault of eventfork or of a callback at a poll's answer; it polls on", fork.name(), fault);
        pollMore();
    }

    /** What a receive brings after its limit, or after the end, nobody works on: others may have it at once. */
    private void cameLate(Attempt attempt, Received late) {
        if (late.deliveries().isEmpty() || !attempts.takeBack(attempt, late.sent())) {
            return;
        }
        log.info(
                "Fork '{}': {} messages came too late and are given back",
                fork.name(),
                late.deliveries().size());
        port.changeVisibility(
                        late.deliveries().stream()
                                .map(delivery -> new Change(delivery.receipt(), Duration.ZERO))
                                .toList(),
                        change -> attempts.stillHides(attempt, late.sent()))
                .whenComplete((entries, error) -> {
                    if (error != null) {
                        log.debug("What came too late could not be given back; it comes again by itself", error);
                    }
                });
    }

    private void reopen() {
        synchronized (this) {
            if (!health.running()) {
                return;
            }
            intake.open(true);
        }
        pollMore();
    }

    // Failing and recovering.

    private void failed(String what, @Nullable Throwable error, Runnable again) {
        Port.fatal(error).ifPresent(this::stopBroken);
        if (!health.receivingFailed(what, error)) {
            return;
        }
        synchronized (this) {
            if (retry == null) {
                retry = runtime.schedule(BACKOFF.after(++failures, runtime.random()), () -> {
                    synchronized (this) {
                        retry = null;
                    }
                    again.run();
                });
            }
        }
    }

    private void succeeded() {
        noFailures();
        health.receivingSucceeded();
    }

    private synchronized void noFailures() {
        failures = 0;
    }

    /** What was planned before a pause is tried now. */
    private synchronized void beginAnew() {
        failures = 0;
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    // The end.

    private void drain() {
        if (!health.become(Health.Status.DRAINING, Health.Status.NEW, Health.Status.RUNNING, Health.Status.PAUSED)) {
            return;
        }
        intake.stop();
        plan(options.drainTimeout(), this::drainTimedOut);
        Engine running = engine;
        if (running != null) {
            plan(options.drainTimeout().multipliedBy(4).dividedBy(5), running.dispatcher::interrupt);
            running.dispatcher.stop();
        }
        Duration grace = grace();
        if (grace.isZero()) {
            leavePolls();
        } else {
            plan(grace, this::leavePolls);
        }
    }

    private synchronized void plan(Duration delay, Runnable task) {
        if (health.draining()) {
            planned.add(runtime.schedule(delay, task));
        }
    }

    /** How long a poll is waited for: one that has waited for a while has found nothing, and may wait for long. */
    private synchronized Duration grace() {
        long age = runtime.nanoTime() - lastPoll;
        return Duration.ofNanos(Math.max(0, ON_ITS_WAY.toNanos() - age));
    }

    private void leavePolls() {
        intake.leavePolls();
        checkDrained();
    }

    private void drainTimedOut() {
        String problem = "the drain timeout of " + options.drainTimeout()
                + " was over before all was settled; what is left comes again";
        if (end(Health.Status.CLOSED, Optional.of(problem))) {
            log.warn("Fork '{}': {}", fork.name(), problem);
        }
    }

    private void checkDrained() {
        if (intake.idle() && health.draining()) {
            Engine running = engine;
            if (running == null) {
                end(Health.Status.CLOSED, Optional.empty());
            } else if (running.dispatcher.load().free() == options.concurrency()) {
                running.inHand.flush().whenComplete((flushed, error) -> end(Health.Status.CLOSED, unknown()));
            }
        }
    }

    private synchronized Optional<String> unknown() {
        return unknown == 0
                ? Optional.empty()
                : Optional.of("it is not known what stands of " + unknown
                        + " of the messages in hand: they may come again, and not before"
                        + " their visibility timeout ends");
    }

    private void stopBroken(VirtualMachineError error) {
        try {
            intake.stop();
            end(Health.Status.STOPPED, Optional.of("stopped by " + error));
        } finally {
            Engine running = engine;
            if (running != null) {
                running.dispatcher.stop();
            }
        }
        log.error("Fork '{}': its poller has stopped", fork.name(), error);
    }

    private boolean end(Health.Status status, Optional<String> problem) {
        if (!health.end(status, problem)) {
            return false;
        }
        try {
            intake.close();
            callOff();
            port.leaveReceives();
            Engine running = engine;
            if (running != null) {
                running.leases.close();
                running.dispatcher.close();
            }
        } finally {
            closed.complete(null);
        }
        return true;
    }

    /** No timer holds what is closed: whoever serves several applications in one JVM would keep all that one has left. */
    private synchronized void callOff() {
        planned.forEach(ForkRuntime.Cancellable::cancel);
        planned.clear();
        beginAnew();
    }
}
