package io.github.eventfork.engine;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Health;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.text.LogText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings deliveries through their lanes to a handler's thread, and their outcomes to the settler.
 *
 * <p>A delivery is <i>waiting</i> behind the head of its lane, <i>ready</i> for a slot, <i>running</i>, waiting to be
 * tried <i>again</i>, or being <i>settled</i>; it moves on by one thread at a time. What it owns lives elsewhere: lanes in
 * {@link Lanes}, slots in {@link Slots}, waits in {@link Waits}, running threads in {@link Runs}. Thread-safe; {@link #accept} never blocks. A
 * poller keeps one; a Lambda invocation makes one.
 */
public final class Dispatcher {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final Settlement GIVEN_BACK = new Settlement.GiveBack(Duration.ZERO);
    private static final Duration THREAD_RETRY = Duration.ofSeconds(1);

    /** How many claims of one store are renewed at once: a call takes milliseconds, and is made each half a lease. */
    private static final int STORE_CALLERS = 8;

    private final Fork fork;
    private final ForkRuntime runtime;
    private final Settler settler;
    private final Limits limits;
    private final Watcher watcher;
    private final @Nullable ClassLoader context;

    /** Where listeners are told what is not said on a handler's thread: they may block. */
    private final Words words;

    private final Listeners listeners;
    private final OutcomeLog outcomes;
    private final ForkProcessor processor;
    private final Lanes lanes = new Lanes();
    private final Slots slots;
    private final Waits waits;
    private final MissingClasses missing;
    /**
     * Ids of messages whose end is known here and not known to the queue: their work is done, or their copy came to be a dead
     * letter under a lease that was lost, and no delete of them is known to stand. What is deleted never stands among them, or it
     * would push them out. What is a dead letter under its lease, and could not be deleted, runs again (decision 13).
     */
    private final RecentIds finished = new RecentIds();

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;
    private volatile boolean broken;

    /** Whether it has been told that no thread can be had, and none has been had since. */
    private volatile boolean withoutThreads;

    /**
     * What bounds a dispatcher.
     *
     * @param concurrency how many handlers run at once, at least 1
     * @param processingLimit after what time a handler is interrupted, if ever
     * @param retriesFailures whether the failed head of a FIFO lane is tried again in hand
     * @param renews whether leases are renewed: then what a handler puts off at its last receive waits in hand, and once
     *     stopped, what is at its last receive still runs, because SQS would move it away
     */
    public record Limits(int concurrency, Optional<Duration> processingLimit, boolean retriesFailures, boolean renews) {

        /** Whether a handler that says when to be tried again is believed. */
        boolean putsOff(Outcome.Failed failed) {
            return renews && Verdict.later(failed);
        }
    }

    /** Who is told how a dispatcher fares; must not block. */
    @FunctionalInterface
    public interface Watcher {

        /** An error hit that no adapter survives, on this thread; the delivery is not settled. */
        void broken(VirtualMachineError error);

        /** A run is over, so that another one can start. */
        default void runOver() {}

        /**
         * Deliveries wait in hand because this process has not the classes for them; {@code problem} says which and what to do,
         * for {@link Health}. Told when the first begins to wait, when another problem takes the place of the one that was told,
         * and, with nothing, when none waits any more: they got through, or are in hand no longer. While {@link Dispatcher#mayReceive()}
         * is false, nothing is to be received; it is looked at before each receive, and after each {@link #runOver()} and each
         * settlement. On whatever thread, within a lock: only to be taken note of.
         */
        default void classMissing(Optional<String> problem) {}
    }

    /**
     * How busy it is.
     *
     * @param free how many handlers could start at once
     * @param ready how many deliveries wait for a handler, not counting those behind the head of their lane
     * @param over how many runs are over since the beginning
     */
    public record Load(int free, int ready, long over) {}

    /** A dispatcher for {@code fork}, whose handlers run with the context class loader of the calling thread. */
    public Dispatcher(Fork fork, ForkRuntime runtime, Settler settler, Limits limits, Watcher watcher) {
        this(fork, runtime, settler, limits, watcher, Thread.currentThread().getContextClassLoader());
    }

    /** A dispatcher for {@code fork}, whose handlers run with {@code context} as their thread's context class loader. */
    public Dispatcher(
            Fork fork,
            ForkRuntime runtime,
            Settler settler,
            Limits limits,
            Watcher watcher,
            @Nullable ClassLoader context) {
        this.context = context;
        this.fork = fork;
        this.runtime = runtime;
        this.settler = settler;
        this.limits = limits;
        this.watcher = watcher;
        Executor speakers = guarded(runtime.callers(fork, 1));
        this.words = new Words(word -> speakers.execute(() -> asOurs(word)), runtime);
        Parts parts = Parts.of(fork);
        this.processor =
                new ForkProcessor(fork, parts, runtime, limits.processingLimit(), words, guarded(renewals(parts)));
        this.listeners = processor.listeners();
        this.outcomes = new OutcomeLog(fork.name());
        this.slots = new Slots(limits.concurrency(), this::start);
        this.waits = new Waits(runtime);
        this.missing = new MissingClasses(fork.name(), watcher::classMissing);
    }

    /** Takes {@code delivery} in hand. The stage answers with the settlement that stands, exceptionally if unknown. */
    public CompletionStage<Settlement> accept(Delivery delivery, KeptLease lease) {
        return accept(List.of(delivery), List.of(lease)).get(0);
    }

    /**
     * Takes in hand what came together, with their leases in the same order; answers in that order, each like
     * {@link #accept(Delivery, KeptLease)}. Nothing starts before all have their place in a lane: else a head that fails at
     * once would not know what came behind it.
     */
    public List<CompletionStage<Settlement>> accept(List<Delivery> deliveries, List<KeptLease> leases) {
        List<CompletionStage<Settlement>> standing = new ArrayList<>(deliveries.size());
        List<Work> heads = new ArrayList<>(deliveries.size());
        for (int i = 0; i < deliveries.size(); i++) {
            Work work = new Work(deliveries.get(i), leases.get(i));
            work.lease.whenLost(() -> guarded(() -> lost(work)));
            work.lease.runsBegin(words);
            if (lanes.offer(work)) {
                heads.add(work);
            }
            standing.add(work.standing);
        }
        heads.forEach(this::ready);
        return standing;
    }

    /** Begins to stop: what runs goes on, what waits is given back, and so is what is accepted from now on. */
    public void stop() {
        stopping = true;
        slots.takeWaiting().forEach(this::ready);
        for (Work work : waits.all()) {
            guarded(() -> {
                if (!waitsOn(work) && waits.take(work)) {
                    ready(work);
                }
            });
        }
    }

    /** Interrupts the handlers that run now, and lets none start any more: what waits on while stopping is given back. */
    public void interrupt() {
        guarded(processor.runs()::stop);
        if (stopping) {
            stop();
        }
    }

    /** It is over: what still runs has been interrupted, and is not waited for. */
    public void close() {
        processor.runs().close();
    }

    /** Runs {@code task} when listeners have been told of all that stands by now. */
    void afterListeners(Runnable task) {
        listeners.afterAllSaid(task);
    }

    /** How many handlers run now. */
    public int running() {
        return processor.runs().count();
    }

    /** Whether the calling thread is one of its own: a handler's, in the handler or around it, or one that tells listeners. */
    public boolean onOwnThread() {
        return threads.contains(Thread.currentThread());
    }

    private void asOurs(Runnable task) {
        boolean first = threads.add(Thread.currentThread());
        try {
            task.run();
        } finally {
            if (first) {
                threads.remove(Thread.currentThread());
            }
        }
    }

    /**
     * Whether it is of use to receive more: false while a delivery waits in hand that could not even be read, because this
     * process has not the classes for it, and nothing has got through yet.
     */
    public boolean mayReceive() {
        return missing.mayReceive();
    }

    /** For how long listeners have been owed a word, or been busy with one: while they are, no place in hand becomes free. */
    public Duration listenersLate() {
        return words.late();
    }

    /** How busy it is now. */
    public Load load() {
        return slots.load();
    }

    // The turn of a delivery: ready, running, settled.

    /** On whatever thread: that of a poll's answer, of a timer, of whoever stops. */
    private void ready(Work work) {
        move(work, () -> {
            boolean waits = !settledUnrun(work) && slots.offer(work);
            if (waits && mustNotStart(work) && slots.take(work)) {
                ready(work);
            }
        });
    }

    /** A stop, or the loss of its lease, may have come while it went to wait for a slot. */
    private boolean mustNotStart(Work work) {
        return work.lease.lost() || (stopping && !mustRun(work));
    }

    /** Hands it to a thread of its own, and says whether there was one; if not, it has moved on. */
    private boolean start(Work work) {
        AtomicBoolean taken = new AtomicBoolean();
        try {
            runtime.handlers().execute(() -> {
                if (taken.compareAndSet(false, true)) {
                    takeSlot(work);
                }
            });
        } catch (Throwable e) {
            if (taken.compareAndSet(false, true)) {
                move(work, () -> withoutThread(work, e));
                return false;
            }
            fault(e);
        }
        return true;
    }

    /** A thread was refused: nothing is wrong with the delivery, and it waits in hand like whatever can't run yet. */
    private void withoutThread(Work work, Throwable refusal) {
        Errors.rethrowFatal(refusal);
        if (!withoutThreads) {
            withoutThreads = true;
            Errors.logged(() -> log.warn(
                    "Fork '{}': no thread can be had for a handler; what is to run waits in hand and is tried again",
                    fork.name(),
                    refusal));
        }
        if (!settledUnrun(work)) {
            Outcome waits = new Outcome.Postponed("no thread could be had to run it", THREAD_RETRY);
            listeners.finishedUnrun(work.delivery, waits);
            concluded(work, new ForkProcessor.Tried(waits, "", null));
        }
    }

    private void takeSlot(Work work) {
        try {
            withoutThreads = false;
            asOurs(() -> move(
                    work,
                    () -> inContext(() -> {
                        if (!settledUnrun(work)) {
                            run(work);
                        }
                    })));
        } finally {
            slots.giveUp();
            guarded(watcher::runOver);
        }
    }

    /** The threads are the runtime's, which serves whole JVMs: without this they have no class loader of whom they serve. */
    private void inContext(Runnable task) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(context);
        try {
            task.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    // Whatever is thrown on the way: no turn is left without an end, and no slot or lane without its next.

    /** Takes a step with what has its turn. If the step throws, the turn is over, what stands is unknown, the lane goes on. */
    private void move(Work work, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            if (Errors.fatal(e)) {
                breakDown(work, (VirtualMachineError) e);
            } else {
                guarded(() -> stands(work, GIVEN_BACK, null, e));
                Errors.logged(() -> log.error(
                        "Fork '{}': a fault of eventfork or of a callback at message {}", fork.name(), id(work), e));
            }
        }
    }

    /** The same of what has no turn: on the threads of timers, of an SDK, of renewals, where nobody else would hear of it. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            fault(e);
        }
    }

    private void fault(Throwable e) {
        if (Errors.fatal(e)) {
            breakDown((VirtualMachineError) e);
            Errors.logged(() -> log.error("Fork '{}' stops: {}", fork.name(), LogText.of(e.toString()), e));
        } else {
            Errors.logged(() -> log.error("Fork '{}': a fault of eventfork or of a callback", fork.name(), e));
        }
    }

    /**
     * No adapter survives this error: the delivery is not settled, so its lease runs out and SQS has it back. What matters
     * comes first, because the next allocation may fail as well.
     */
    private void breakDown(Work work, VirtualMachineError error) {
        try {
            breakDown(error);
        } finally {
            work.beginAnswer();
            work.standing.completeExceptionally(error);
        }
        Errors.logged(() -> log.error(
                "Fork '{}' stops: {} at message {}", fork.name(), LogText.of(error.toString()), id(work), error));
    }

    private void breakDown(VirtualMachineError error) {
        broken = true;
        stopping = true;
        try {
            watcher.broken(error);
        } catch (RuntimeException e) {
            Errors.logged(() -> log.error("Fork '{}': it could not be told that an adapter stops", fork.name(), e));
        }
    }

    /** A thread that is refused is told to whoever wants it; an error that no adapter survives is not left to it. */
    private Executor guarded(Executor threads) {
        return task -> {
            try {
                threads.execute(() -> guarded(() -> inContext(task)));
            } catch (Throwable e) {
                if (!Errors.fatal(e)) {
                    throw new RejectedExecutionException("no thread could be had", e);
                }
                fault(e);
            }
        };
    }

    /** On the store's own threads: handlers that pin their carriers must not keep claims from being renewed. */
    private Executor renewals(Parts parts) {
        return parts.key
                .flatMap(Parts.Key::memory)
                .map(memory -> runtime.callers(memory.store(), STORE_CALLERS))
                .orElseGet(runtime::handlers);
    }

    /** Settles what need not or must not run, and says whether it did. */
    private boolean settledUnrun(Work work) {
        if (work.lease.lost()) {
            tellLost(work);
            listeners.finishedUnrun(work.delivery, postponed("its lease ran out before it could start"));
            standsGivenBack(work);
            return true;
        }
        if (work.firstSightDone || finished.contains(work.delivery.messageId())) {
            listeners.finishedUnrun(work.delivery, new Outcome.Duplicate());
            settle(work, new Settlement.Acknowledge());
            return true;
        }
        if (stopping && !mustRun(work)) {
            if (!work.retrying) {
                listeners.finishedUnrun(work.delivery, postponed("the adapter is stopping"));
            }
            settle(work, new Settlement.GiveBack(untilAgain(work)));
            return true;
        }
        return false;
    }

    /** What is left of the delay that it was to wait in hand; nothing of it concerns a process that has the classes for it. */
    private Duration untilAgain(Work work) {
        return work.retrying && work.missing == null
                ? Duration.ofNanos(Math.max(0, work.retryAt - runtime.nanoTime()))
                : Duration.ZERO;
    }

    private void run(Work work) {
        ForkProcessor.Tried tried;
        work.running = true;
        if (work.lease.lost()) {
            work.running = false;
            tellLost(work);
            listeners.finished(work.delivery, postponed("its lease ran out before it could start"));
            standsGivenBack(work);
            return;
        }
        try {
            tried = processor.tried(work.delivery, work.lease, work.attempt(), work.misses);
        } finally {
            work.running = false;
        }
        if (work.lease.abandoned()) {
            log.warn("Fork '{}': the handler of message {} ended after it had been left behind", fork.name(), id(work));
            return;
        }
        listeners.finished(work.delivery, tried.outcome());
        concluded(work, tried);
    }

    private void concluded(Work work, ForkProcessor.Tried tried) {
        work.missing = tried.missing();
        if (work.missing != null && work.missing.ran() && !limits.renews()) {
            work.missing = null;
        }
        if (work.missing != null) {
            work.misses++;
        }
        boolean done = tried.outcome() instanceof Outcome.Handled;
        if (done) {
            missing.gotThrough();
        }
        OptionalInt maxReceiveCount = done ? OptionalInt.empty() : maxReceiveCount(work);
        Settlement settlement = tried.outcome()
                .match(new Verdict(
                        fork.name(),
                        work,
                        fork.retry().attempts(),
                        maxReceiveCount,
                        limits,
                        stopping,
                        !stopping || mustRun(work)));
        outcomes.write(work, tried, settlement);
        if (work.lease.lost()) {
            late(work, settlement);
        } else if (settlement instanceof Settlement.TryAgain tryAgain) {
            tryAgain(work, tried.outcome(), tryAgain.delay());
        } else {
            settle(work, settlement);
        }
    }

    private void tryAgain(Work work, Outcome outcome, Duration delay) {
        work.lease.runOver();
        if (work.missing == null) {
            missing.end(work);
        } else {
            missing.begin(work, work.missing);
        }
        work.waitsForHandler = false;
        if (outcome instanceof Outcome.Failed failed) {
            if (work.missing != null || limits.putsOff(failed)) {
                work.waitsForHandler = true;
                work.putOff = failed;
            } else {
                work.failures++;
            }
        }
        work.retrying = true;
        work.retryAt = runtime.nanoTime() + delay.toNanos();
        waits.add(work, delay, () -> {
            work.retrying = false;
            ready(work);
        });
        if ((work.lease.lost() || !waitsOn(work)) && waits.take(work)) {
            ready(work);
        }
    }

    /** While stopping, what must run waits on; but what its handler put off runs once more, now. */
    private boolean waitsOn(Work work) {
        return !stopping || (!work.waitsForHandler && mustRun(work));
    }

    private void settle(Work work, Settlement settlement) {
        if (settlement instanceof Settlement.GiveBack && !work.delivery.fifo() && lanes.anyBehind(work.lane())) {
            stands(work, settlement, settlement, null);
            return;
        }
        CompletionStage<Settlement> answer = asked(work, settlement);
        answer.whenComplete((standing, error) -> guarded(() -> stands(work, settlement, standing, error)));
        if (lanes.anyBehind(work.lane())) {
            flush();
        }
    }

    /** Lanes bypass the linger. */
    private void flush() {
        try {
            settler.flush();
        } catch (Throwable e) {
            Errors.rethrowFatal(e);
            log.warn("Fork '{}': the settler could not be asked to send at once", fork.name(), e);
        }
    }

    /** The settler's answer, whatever it does: throws, answers with nothing, or with a stage of its own kind. */
    private CompletionStage<Settlement> asked(Work work, Settlement settlement) {
        CompletableFuture<Settlement> answer = new CompletableFuture<>();
        try {
            CompletionStage<Settlement> stage = settler.settle(work.delivery, settlement);
            if (stage instanceof CompletableFuture<Settlement> future) {
                return future;
            }
            stage.whenComplete((standing, error) -> {
                if (error == null) {
                    answer.complete(standing);
                } else {
                    answer.completeExceptionally(error);
                }
            });
        } catch (Throwable e) {
            Errors.rethrowFatal(e);
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /** Its settlement stands, or is unknown: the lane goes on, or what is behind it goes back too. */
    private void stands(Work work, Settlement asked, @Nullable Settlement standing, @Nullable Throwable error) {
        if (!work.endTurn()) {
            return;
        }
        boolean gone = standing instanceof Settlement.Acknowledge || standing instanceof Settlement.DeadLetter;
        remember(work, asked instanceof Settlement.Acknowledge || standing instanceof Settlement.DeadLetter, gone);
        answer(work, asked, standing, error);
        boolean movedAway = asked instanceof Settlement.DeadLetter && error == null && atLastReceive(work);
        if (work.delivery.fifo() && !gone && !movedAway && !work.restGivenBack) {
            giveBack(lanes.takeRest(work), () -> begin(lanes.next(work.lane())));
        } else {
            begin(gone ? lanes.nextOfDone(work) : lanes.next(work.lane()));
        }
    }

    /** A delete whose lease was lost says nothing: the queue answers so too if the message has been received again. */
    private void remember(Work work, boolean done, boolean gone) {
        if (gone && !work.lease.lost()) {
            finished.remove(work.delivery.messageId());
        } else if (done || work.firstSightDone) {
            finished.add(work.delivery.messageId());
        }
    }

    /**
     * Once. In a poller listeners are told before its place in hand is free: one that is slow lets its fork receive less. An
     * invocation has no more to receive, and what stands is not to depend on whether they were told in time.
     */
    private void answer(Work work, Settlement asked, @Nullable Settlement standing, @Nullable Throwable error) {
        if (!work.beginAnswer()) {
            return;
        }
        missing.end(work);
        if (standing == null) {
            Throwable cause = error == null ? new IllegalStateException("the settler answered null") : error;
            log.warn(
                    "Fork '{}': what stands of message {} is unknown; asked for was {}",
                    fork.name(),
                    id(work),
                    asked.getClass().getSimpleName(),
                    cause);
            work.standing.completeExceptionally(cause);
        } else if (limits.renews()) {
            listeners.settled(work.delivery, standing, () -> work.standing.complete(standing));
        } else {
            listeners.settled(work.delivery, standing, () -> {});
            work.standing.complete(standing);
        }
    }

    /** SQS has it back already: nobody is asked. */
    private void standsGivenBack(Work work) {
        stands(work, GIVEN_BACK, GIVEN_BACK, null);
    }

    private void begin(@Nullable Work next) {
        if (next != null) {
            ready(next);
        }
    }

    /** Gives back, untouched and in order, what waited behind a head; then {@code whenDone} runs, once. */
    private void giveBack(List<Work> followers, Runnable whenDone) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (Work follower : followers) {
            remember(follower, false, false);
            if (follower.lease.lost()) {
                tellLost(follower);
            }
            listeners.finishedUnrun(follower.delivery, postponed("what stood before it, or its own lease, was lost"));
            CompletionStage<Settlement> answer =
                    follower.lease.lost() ? CompletableFuture.completedFuture(GIVEN_BACK) : asked(follower, GIVEN_BACK);
            answers.add(answer.whenComplete(
                            (standing, error) -> guarded(() -> answer(follower, GIVEN_BACK, standing, error)))
                    .toCompletableFuture());
        }
        if (!answers.isEmpty()) {
            flush();
        }
        CompletionStage<Void> allStand = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
        allStand.whenComplete((all, error) -> guarded(whenDone));
    }

    // Leases that are lost under way.

    /**
     * The lease is lost. If its handler runs, SQS has the delivery back although the handler may never return: so it
     * stands as given back now, and in a FIFO lane what is behind goes back too. The lane stays the handler's. If it waits,
     * it is let go, and in a FIFO lane so is what is behind it.
     */
    private void lost(Work work) {
        if (work.answered()) {
            return;
        }
        tellLost(work);
        if (work.running) {
            answer(work, GIVEN_BACK, GIVEN_BACK, null);
            if (work.delivery.fifo()) {
                work.restGivenBack = true;
                giveBack(lanes.takeRest(work), () -> {});
            }
        } else if (waits.take(work) || slots.take(work)) {
            ready(work);
        } else if (work.delivery.fifo()) {
            giveBack(lanes.takeFrom(work), () -> {});
        } else if (lanes.take(work)) {
            giveBack(List.of(work), () -> {});
        }
    }

    /** Once, by whoever finds it first: the lease's own timer, or who was about to start it or to give it back. */
    private void tellLost(Work work) {
        if (work.beginTellingLost()) {
            listeners.leaseLost(work.delivery);
            log.warn("Fork '{}': the lease of message {} is lost; SQS may hand it out again", fork.name(), id(work));
        }
    }

    /** The result of a handler whose lease was lost: only a delete still makes sense, and only on a standard queue. */
    private void late(Work work, Settlement settlement) {
        tellLost(work);
        log.warn("Fork '{}': message {} ended after its lease was lost", fork.name(), id(work));
        boolean done = settlement instanceof Settlement.Acknowledge;
        if (done) {
            finished.add(work.delivery.messageId());
        }
        if (done && !work.delivery.fifo()) {
            settle(work, settlement);
        } else {
            standsGivenBack(work);
        }
    }

    // What decides.

    private boolean atLastReceive(Work work) {
        return work.delivery.receiveCount()
                >= maxReceiveCount(work).orElse(fork.retry().attempts());
    }

    private OptionalInt maxReceiveCount(Work work) {
        try {
            return settler.maxReceiveCount(work.delivery);
        } catch (Throwable e) {
            Errors.rethrowFatal(e);
            log.warn("Fork '{}': the settler could not be asked for the queue's maxReceiveCount", fork.name(), e);
            return OptionalInt.empty();
        }
    }

    /** SQS would move it, or one behind it, away unrun at the next receive, and a handler may still start. */
    private boolean mustRun(Work work) {
        return limits.renews()
                && !broken
                && !processor.runs().stopped()
                && (atLastReceive(work) || lanes.behind(work.lane()).stream().anyMatch(this::atLastReceive));
    }

    private static Outcome postponed(String reason) {
        return new Outcome.Postponed(reason, Duration.ZERO);
    }

    private static String id(Work work) {
        return LogText.of(work.delivery.messageId());
    }
}
