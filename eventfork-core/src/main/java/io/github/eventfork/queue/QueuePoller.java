package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.Delivery;
import io.github.eventfork.Dispatcher;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Health;
import io.github.eventfork.queue.MessageQueue.Facts;
import io.github.eventfork.queue.MessageQueue.Receive;
import java.time.Duration;
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
public final class QueuePoller {

    private static final Logger log = LoggerFactory.getLogger(QueuePoller.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

    private final Fork fork;
    private final MessageQueue queue;
    private final ForkRuntime runtime;
    private final Options options;
    private final KnownFacts facts;
    private final Intake intake;
    private final PollerHealth health;
    private final @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Set once, when the queue's facts are known. */
    private volatile @Nullable Engine engine;

    @GuardedBy("this")
    private int failures;

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
     * @param drainTimeout within what time {@link #close()} ends; not negative
     */
    public record Options(
            int concurrency, int inHand, Duration longPoll, Duration processingLimit, Duration drainTimeout) {

        private static final Options DEFAULTS =
                new Options(10, 80, Duration.ofSeconds(20), Duration.ofMinutes(15), Duration.ofSeconds(25));

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
            check(!drainTimeout.isNegative(), "the drain timeout must not be negative, was " + drainTimeout);
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

    /** What exists once the queue's facts are known. */
    private record Engine(Leases leases, InHand inHand, Dispatcher dispatcher) {}

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
    public QueuePoller(Fork fork, MessageQueue queue, PollBudget polls, ForkRuntime runtime, Options options) {
        this.fork = fork;
        this.queue = queue;
        this.runtime = runtime;
        this.options = options;
        this.facts = new KnownFacts(queue, runtime);
        this.intake = new Intake(options.inHand(), polls, runtime.nanoTime());
        this.health = new PollerHealth(fork.name(), runtime);
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
    public void pause() {
        if (health.become(Health.Status.PAUSED, Health.Status.RUNNING)) {
            intake.open(false);
        }
    }

    /** Receives again. Does nothing unless it is paused. */
    public void resume() {
        if (health.become(Health.Status.RUNNING, Health.Status.PAUSED)) {
            beginAnew();
            intake.open(true);
            if (engine == null) {
                askFacts();
            }
            pollMore();
        }
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
     * last. Twice is fine. On a thread of one of its handlers it begins the drain and returns.
     */
    public void close() {
        drain();
        Engine running = engine;
        if (running != null && running.dispatcher.onHandlersThread()) {
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

    private void askFacts() {
        facts.get().whenComplete((known, error) -> {
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
        WatchedQueue watched = new WatchedQueue(queue, health, this::stopBroken);
        Leases leases = new Leases(watched, runtime, known.visibilityTimeout(), this::stopBroken);
        InHand inHand = new InHand(watched, leases, runtime, facts);
        Dispatcher.Limits limits =
                new Dispatcher.Limits(options.concurrency(), Optional.of(options.processingLimit()), true, true);
        engine = new Engine(leases, inHand, new Dispatcher(fork, runtime, inHand, limits, new Watcher(), context));
        succeeded();
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
        PortCall.of(() -> queue.receive(Receive.of(size, options.longPoll()))).whenComplete((deliveries, error) -> {
            if (error != null) {
                intake.open(false);
                intake.failed(size);
                failed("receiving failed", error, this::reopen);
            } else {
                try {
                    received(running, deliveries, size, runtime.nanoTime() - begun);
                } catch (VirtualMachineError e) {
                    stopBroken(e);
                }
            }
            checkDrained();
        });
    }

    private void received(Engine running, List<Delivery> deliveries, int size, long nanos) {
        intake.came(size, deliveries.size(), nanos);
        succeeded();
        running.inHand.take(deliveries, running.dispatcher, () -> {
            intake.settled();
            pollMore();
            checkDrained();
        });
        pollMore();
    }

    private void reopen() {
        if (!health.running()) {
            return;
        }
        intake.open(true);
        pollMore();
    }

    // Failing and recovering.

    private void failed(String what, Throwable error, Runnable again) {
        PortCall.fatal(error).ifPresent(this::stopBroken);
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
        runtime.schedule(options.drainTimeout(), this::drainTimedOut);
        Engine running = engine;
        if (running != null) {
            runtime.schedule(options.drainTimeout().multipliedBy(4).dividedBy(5), running.dispatcher::interrupt);
            running.dispatcher.stop();
        }
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
        if (intake.idle() && health().status() == Health.Status.DRAINING) {
            Engine running = engine;
            if (running == null) {
                end(Health.Status.CLOSED, Optional.empty());
            } else if (running.dispatcher.load().free() == options.concurrency()) {
                running.inHand.flush().whenComplete((flushed, error) -> end(Health.Status.CLOSED, Optional.empty()));
            }
        }
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
            Engine running = engine;
            if (running != null) {
                running.leases.close();
            }
        } finally {
            closed.complete(null);
        }
        return true;
    }
}
