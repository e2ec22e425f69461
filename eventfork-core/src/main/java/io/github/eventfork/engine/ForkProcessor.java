package io.github.eventfork.engine;

import io.github.eventfork.AlreadyHandledException;
import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Route;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.EnvelopeException;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.payload.PayloadException;
import io.github.eventfork.text.LogText;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a delivery into an outcome, in three steps: <i>prepare</i> (read the envelope, route by type, read the payload,
 * claim the key), <i>run</i> (interceptors, handler) and <i>conclude</i> (complete or release the claim).
 *
 * <p>Thread-safe; it blocks as long as the handler and the store do. It settles nothing: what an outcome means is the
 * {@link Dispatcher}'s to carry out.
 */
public final class ForkProcessor {

    private static final Logger log = LoggerFactory.getLogger(ForkProcessor.class);

    /** What SQS lets a message be, in bytes; a body of more characters has more bytes. */
    private static final int LONGEST_BODY = 1_048_576;

    private static final String NOT_LET_THROUGH = "an interceptor returned without letting the event through. "
            + "To refuse an event it throws; to say that nothing is left to do, an AlreadyHandledException.";

    /** How long to wait when a class is missing: a class path hardly heals, but a file system that holds it may. */
    private static final Duration CLASS_RETRY_AT_LEAST = Duration.ofSeconds(1);

    private static final Duration CLASS_RETRY_AT_MOST = Duration.ofMinutes(1);

    private static final Duration STORE_RETRY = Duration.ofSeconds(5);
    private static final Duration CLAIM_RETRY_AT_LEAST = Duration.ofMillis(100);
    private static final Duration CLAIM_RETRY_AT_MOST = Duration.ofSeconds(1);

    private final Fork fork;
    private final Parts parts;
    private final ForkRuntime runtime;
    private final Listeners listeners;
    private final Runs runs;
    private final Executor renewals;

    /** The routes of which a run has got through, so the class path has what they need; by identity. Replaced, never changed. */
    private volatile Set<Route<?>> proven = Collections.newSetFromMap(new IdentityHashMap<>());

    /** A processor whose handlers are interrupted after {@code processingLimit}, if there is one. */
    public ForkProcessor(Fork fork, ForkRuntime runtime, Optional<Duration> processingLimit) {
        this(fork, Parts.of(fork), runtime, processingLimit, Runnable::run, runtime.handlers());
    }

    /**
     * @param words where listeners are told what is not said on a handler's thread
     * @param renewals where claims are renewed: on threads that may block
     */
    ForkProcessor(
            Fork fork,
            Parts parts,
            ForkRuntime runtime,
            Optional<Duration> processingLimit,
            Executor words,
            Executor renewals) {
        this.fork = fork;
        this.parts = parts;
        this.runtime = runtime;
        this.renewals = renewals;
        this.listeners = new Listeners(fork.name(), parts.listeners, words);
        this.runs = new Runs(runtime, processingLimit);
    }

    /**
     * Processes {@code delivery} on this thread.
     *
     * @param attempt which attempt this is, from 1
     * @return what became of it; an {@link Error} of the handler is an outcome too
     * @throws VirtualMachineError other than a {@link StackOverflowError}: no adapter survives it
     */
    public Outcome process(Delivery delivery, KeptLease lease, int attempt) {
        return tried(delivery, lease, attempt, 0).outcome();
    }

    /**
     * An outcome and, for the log, the event type as far as it was read.
     *
     * @param missing which class this process has not, if that is why it could not run, or failed
     */
    record Tried(Outcome outcome, String type, MissingClasses.@Nullable Missing missing) {}

    /** @param misses how often it was tried before without the classes for it */
    Tried tried(Delivery delivery, KeptLease lease, int attempt, int misses) {
        return new Try(delivery, lease, attempt, misses).process();
    }

    private void prove(Route<?> route) {
        if (!proven.contains(route)) {
            synchronized (this) {
                Set<Route<?>> more = Collections.newSetFromMap(new IdentityHashMap<>());
                more.addAll(proven);
                more.add(route);
                proven = more;
            }
        }
    }

    /** Who is told what happens. */
    Listeners listeners() {
        return listeners;
    }

    /** The handlers that run now. */
    Runs runs() {
        return runs;
    }

    /** One delivery on its way through the three steps; used once, by one thread. */
    private final class Try {

        private final Delivery delivery;
        private final KeptLease lease;
        private final int attempt;
        private final int misses;
        private String type = "";
        private @Nullable HeldClaim claim;
        private boolean handled;

        /** What was thrown last of all that was thrown before the adapter's stop, if anything was. */
        private @Nullable Throwable thrownUnstopped;

        private MissingClasses.@Nullable Missing missing;

        Try(Delivery delivery, KeptLease lease, int attempt, int misses) {
            this.delivery = delivery;
            this.lease = lease;
            this.attempt = attempt;
            this.misses = misses;
        }

        Tried process() {
            Outcome outcome;
            try {
                outcome = prepareAndRun();
            } catch (Throwable e) {
                Errors.rethrowFatal(e);
                outcome = unlessMissing(e, () -> failed(e));
            }
            conclude(outcome);
            return new Tried(outcome, type, missing);
        }

        /**
         * What was thrown before the handler was called: if a class is missing, that is a fault of the process, and the
         * message waits for it unread; else {@code otherwise}.
         */
        private Outcome unlessMissing(Throwable thrown, Supplier<Outcome> otherwise) {
            LinkageError error = handled ? null : Errors.missing(thrown);
            if (error == null) {
                return otherwise.get();
            }
            missing = new MissingClasses.Missing(error, false);
            return new Outcome.Postponed(
                    "a class is missing or does not fit: " + LogText.of(error.toString()),
                    Parts.doubledEachTime(CLASS_RETRY_AT_LEAST, misses + 1, CLASS_RETRY_AT_MOST));
        }

        private Outcome prepareAndRun() {
            if (delivery.body().length() > LONGEST_BODY) {
                return rejected("the body is longer than the 1 MiB that SQS allows", "Publish a reference instead.");
            }
            Envelope envelope;
            try {
                envelope = parts.envelopes.read(delivery.body(), delivery.attributes());
            } catch (EnvelopeException e) {
                return rejected(String.valueOf(e.getMessage()));
            }
            Optional<String> found;
            try {
                found = parts.typeOf(envelope);
            } catch (RuntimeException e) {
                return unlessMissing(
                        e,
                        () -> unreadable(
                                "the type function threw " + e.getClass().getName(), "Mend the function.", e));
            }
            type = found.orElse("");
            Optional<Route<?>> route = found.flatMap(parts::routeFor);
            return route.isPresent() ? read(route.get(), envelope) : unrouted();
        }

        private Outcome unrouted() {
            return switch (parts.unrouted) {
                case DISCARD -> new Outcome.Discarded();
                case REJECT ->
                    rejected(
                            type.isEmpty() ? "it has no event type" : "no route wants this type",
                            "Fix the filter policy or the publisher, add a route, or build the fork with "
                                    + "unrouted(DISCARD).");
            };
        }

        private <T> Outcome read(Route<T> route, Envelope envelope) {
            T payload;
            try {
                payload = envelope.binary()
                        ? parts.payloads.read(envelope.bytes(), Parts.readAs(route))
                        : parts.payloads.read(envelope.text(), Parts.readAs(route));
            } catch (PayloadException e) {
                Throwable detail = e.detail().orElse(e);
                return unlessMissing(
                        detail,
                        () -> unreadable(
                                String.valueOf(e.getMessage()),
                                "Fix the publisher, or give the fork a PayloadReader that accepts this form too.",
                                detail));
            } catch (RuntimeException e) {
                return unlessMissing(
                        e,
                        () -> unreadable(
                                "the PayloadReader threw " + e.getClass().getName(),
                                "Let it throw PayloadException.",
                                e));
            }
            Event<T> event = Parts.in(envelope, Event.builder(type, payload))
                    .id(envelope.id().orElse(delivery.messageId()))
                    .delivery(delivery)
                    .fork(fork.name())
                    .attempt(attempt)
                    .lease(lease)
                    .build();
            return parts.key.map(by -> keyed(route, event, envelope, by)).orElseGet(() -> run(route, event));
        }

        private <T> Outcome keyed(Route<T> route, Event<T> event, Envelope envelope, Parts.Key by) {
            Optional<String> key;
            try {
                key = by.of(event, envelope);
            } catch (RuntimeException e) {
                return unlessMissing(
                        e,
                        () -> unreadable(
                                "the key function threw " + e.getClass().getName(), "Mend the function.", e));
            }
            if (key.isEmpty()) {
                return by.required()
                        ? rejected(
                                "its idempotency key is missing: " + by.name(),
                                "Fix the publisher, or say what a missing key means: orEventId() or orRunWithout().")
                        : run(route, event);
            }
            String full = Keys.of(fork, key.get());
            return by.memory()
                    .map(memory -> claimed(route, event, full, memory))
                    .orElseGet(() -> run(route, Parts.under(full, event)));
        }

        private <T> Outcome claimed(Route<T> route, Event<T> event, String key, Parts.Memory memory) {
            long since = runtime.nanoTime();
            Duration hold = lease.remaining();
            Claim answer;
            try {
                answer = Objects.requireNonNull(memory.store().claim(key, hold), "the store answered null");
            } catch (Throwable e) {
                Errors.rethrowFatal(e);
                return storeDown(route, event, memory, e);
            }
            if (answer instanceof Claim.Acquired acquired) {
                claim = new HeldClaim(
                        memory,
                        key,
                        acquired.token(),
                        since,
                        hold,
                        lease,
                        runtime,
                        renewals,
                        () -> listeners.claimLost(delivery));
                return run(route, Parts.under(key, event));
            }
            if (answer instanceof Claim.InProgress inProgress) {
                return new Outcome.Postponed("another holds its idempotency key", untilFree(inProgress.remaining()));
            }
            return new Outcome.Duplicate();
        }

        /** A store's exception may quote the key, and a key may be a value of the payload. */
        private <T> Outcome storeDown(Route<T> route, Event<T> event, Parts.Memory memory, Throwable e) {
            log.debug("{}: the idempotency store failed", this, e);
            if (memory.failsOpen()) {
                log.warn(
                        "{} runs without a claim: the idempotency store failed with {}",
                        this,
                        e.getClass().getName());
                return run(route, event);
            }
            log.warn(
                    "{} waits: the idempotency store failed with {}",
                    this,
                    e.getClass().getName());
            return unlessMissing(
                    e,
                    () -> new Outcome.Postponed(
                            "the idempotency store failed with " + e.getClass().getName(), STORE_RETRY));
        }

        /** The other may end before its time; a store that counts in seconds may say zero for a while. */
        private Duration untilFree(Duration left) {
            if (left.compareTo(CLAIM_RETRY_AT_LEAST) < 0) {
                return CLAIM_RETRY_AT_LEAST;
            }
            return left.compareTo(CLAIM_RETRY_AT_MOST) > 0 ? CLAIM_RETRY_AT_MOST : left;
        }

        private <T> Outcome run(Route<T> route, Event<T> event) {
            if (lease.lost() || runs.stopped()) {
                return new Outcome.Postponed("its time was over before the handler could start", Duration.ZERO);
            }
            ForkListener.Scope scope = listeners.started(event);
            Outcome outcome = null;
            try {
                outcome = ran(route, event);
                return outcome;
            } finally {
                scope.close(outcome == null ? cutOff() : outcome);
            }
        }

        /** What a listener is told of a run that no adapter survives. Made only then: its stack would cost each run. */
        private static Outcome cutOff() {
            return new Outcome.Failed(new IllegalStateException("the run was cut off"), Duration.ZERO);
        }

        private <T> Outcome ran(Route<T> route, Event<T> event) {
            Runs.Run run = runs.begin(lease);
            Throwable thrown = null;
            try {
                proceed(0, run, route, event);
            } catch (Throwable e) {
                thrown = e;
            } finally {
                run.end();
            }
            if (thrown == null && handled) {
                prove(route);
                return new Outcome.Handled();
            }
            return outcomeOf(thrown == null ? new IllegalStateException(NOT_LET_THROUGH) : thrown, run, route);
        }

        /** An interceptor may proceed again, to try in place: then all that come after it are called again. */
        private <T> void proceed(int interceptor, Runs.Run run, Route<T> route, Event<T> event) throws Exception {
            try {
                if (interceptor < parts.interceptors.size()) {
                    parts.interceptors
                            .get(interceptor)
                            .intercept(event, () -> proceed(interceptor + 1, run, route, event));
                } else {
                    handled = true;
                    Parts.handlerOf(route).handle(event);
                }
            } catch (Throwable e) {
                if (!run.stopped()) {
                    thrownUnstopped = e;
                }
                throw e;
            }
        }

        /**
         * What is thrown after the adapter's stop interrupted the run is the stop's doing, whatever it is, unless it says that
         * the message is done or hopeless. What had been thrown before, and came out unchanged, is a failure.
         */
        private Outcome outcomeOf(Throwable thrown, Runs.Run run, Route<?> route) {
            Errors.rethrowFatal(thrown);
            if (thrown instanceof AlreadyHandledException) {
                return new Outcome.Duplicate();
            }
            if (thrown instanceof StackOverflowError) {
                return failed(thrown);
            }
            if (parts.rejects(thrown)) {
                return rejected(thrown);
            }
            if (run.stopped() && thrown != thrownUnstopped) {
                return new Outcome.Stopped(thrown);
            }
            if (thrown instanceof RetryLaterException later) {
                return new Outcome.Failed(later, later.delay());
            }
            return unlessMissing(thrown, () -> {
                noteMissing(thrown, route);
                return failed(thrown);
            });
        }

        /** A route that has got through before has its classes: one that a branch of its handler lacks is the branch's fault. */
        private void noteMissing(Throwable thrown, Route<?> route) {
            LinkageError error = Errors.missing(thrown);
            if (error != null && !proven.contains(route)) {
                missing = new MissingClasses.Missing(error, true);
            }
        }

        private void conclude(Outcome outcome) {
            if (claim == null) {
                return;
            }
            if (lease.abandoned()) {
                claim.leaveToExpire();
            } else if (outcome instanceof Outcome.Handled || outcome instanceof Outcome.Duplicate) {
                claim.complete();
            } else {
                claim.release();
            }
        }

        private Outcome failed(Throwable cause) {
            Duration delay;
            try {
                delay = fork.retry().delayAfter(attempt, cause, runtime.random());
            } catch (Throwable e) {
                Errors.rethrowFatal(e);
                Errors.logged(() -> log.warn("Fork '{}': its retry policy threw; the delay is 1 s", fork.name(), e));
                delay = Duration.ofSeconds(1);
            }
            return new Outcome.Failed(cause, delay);
        }

        /** A foreign exception's text may quote the payload; that of our own is meant to be read. */
        private Outcome rejected(Throwable cause) {
            log.debug("{}: rejected by the handler", this, cause);
            String message = cause instanceof RejectedEventException ? ": " + cause.getMessage() : "";
            return rejected(
                    "the handler threw " + cause.getClass().getName() + LogText.of(message),
                    "It was the handler's decision.");
        }

        private Outcome unreadable(String why, String whatToDo, Throwable detail) {
            log.debug("{}: {}", this, why, detail);
            return rejected(why, whatToDo);
        }

        private Outcome rejected(String why, String whatToDo) {
            return rejected(why + ". " + whatToDo);
        }

        private Outcome rejected(String text) {
            return new Outcome.Rejected("Fork '" + fork.name() + "' rejected message "
                    + LogText.of(delivery.messageId()) + " (type '" + LogText.of(type) + "', attempt " + attempt + "): "
                    + LogText.escaped(text));
        }

        @Override
        public String toString() {
            return "Fork '" + fork.name() + "', message " + LogText.of(delivery.messageId()) + " (type '"
                    + LogText.of(type) + "', attempt " + attempt + ")";
        }
    }
}
