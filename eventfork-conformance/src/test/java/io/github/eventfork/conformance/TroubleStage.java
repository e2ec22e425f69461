package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.conformance.TroubleModel.Wrong;
import io.github.eventfork.conformance.TroubleStep.Doing;
import io.github.eventfork.conformance.TroubleStep.End;
import io.github.eventfork.conformance.TroubleStep.GoWrong;
import io.github.eventfork.conformance.TroubleStep.Rival;
import io.github.eventfork.conformance.TroubleStep.Sort;
import io.github.eventfork.conformance.TroubleStep.StoreIs;
import io.github.eventfork.conformance.TroubleStory.Setting;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.PollerAdapter;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Where one story is played: a time, a queue, a store, processes, and the model that watches them. Used once. */
final class TroubleStage {

    private static final Duration LOOKED_AT_EACH = seconds(5);
    private static final Duration SETTLING = Duration.ofHours(3);
    private static final Duration UNANSWERED = seconds(60);
    private static final Duration AT_ONCE = seconds(2);

    private final TroubleStory story;
    private final Sabotage sabotage;
    private final Setting setting;
    private final VirtualRuntime time;
    private final PollerHarness place;
    private final TroubleModel model;
    private final WatchedStore store;
    private final List<TroubleProcess> processes = new ArrayList<>();
    private int deadLetterQueues = 1;
    private final boolean callersHeld;
    private boolean troubled;

    /** A story that goes wrong, and what happened in it. */
    record Failure(TroubleStory story, Wrong wrong, String timeline) {}

    private TroubleStage(TroubleStory story, Sabotage sabotage) {
        this.story = story;
        this.sabotage = sabotage;
        this.setting = story.setting();
        // a crowd needs no threads: each of them would cost more than all the rest
        this.time = story.has(TroubleStep.Crowd.class)
                ? VirtualRuntime.seeded(story.seed())
                : VirtualRuntime.handlersOnThreads(story.seed());
        this.place = place();
        this.model = new TroubleModel(setting, time, place.queue(), place.timeline());
        this.store = new WatchedStore(new Noting(
                new InMemoryIdempotencyStore(1_000, () -> time.elapsed().toNanos())));
        this.callersHeld = story.steps().stream()
                .anyMatch(step -> step instanceof GoWrong wrong && wrong.fault() instanceof Fault.Blocking);
        if (story.has(TroubleStep.Store.class)) {
            time.callersOnThreads();
        }
    }

    /** Plays it, and says what goes wrong, if anything does. */
    static Optional<Failure> play(TroubleStory story) {
        return play(story, Sabotage.NONE);
    }

    /** The same with pollers that this is done to. */
    static Optional<Failure> play(TroubleStory story, Sabotage sabotage) {
        return new TroubleStage(story, sabotage).play();
    }

    /** A queue and its dead-letter queue, on which nobody works yet. */
    private PollerHarness place() {
        PollerHarness.Builder builder = ForkHarness.poller(Fork.named("fork")
                        .on("signup", Object.class, event -> {})
                        .build())
                .time(time)
                .adapter((fork, queue, runtime, options) -> new Nobody())
                .visibilityTimeout(setting.visibility())
                .roundTrip(setting.roundTrip());
        if (setting.fifo()) {
            builder.fifo();
        }
        if (setting.mostReceives().isEmpty()) {
            builder.withoutDeadLetterQueue();
        } else {
            builder.maxReceiveCount(setting.mostReceives().getAsInt());
        }
        return builder.build();
    }

    private Optional<Failure> play() {
        try {
            for (TroubleStep step : story.steps()) {
                troubled |= step.isTrouble();
                step.happen(this);
                check();
                if (model.wrong().isPresent()) {
                    break;
                }
            }
            end();
        } catch (RuntimeException | Error e) {
            model.must(false, "thrown", () -> "thrown was " + e + at(e));
        }
        return model.wrong()
                .map(wrong -> new Failure(story, wrong, place.timeline().toString()));
    }

    private static String at(Throwable e) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : e.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        return text.toString();
    }

    // What happens to it.

    VirtualRuntime time() {
        return time;
    }

    InMemoryQueue queue() {
        return place.queue();
    }

    TroubleModel model() {
        return model;
    }

    List<TroubleProcess> processes() {
        return processes;
    }

    void pass(Duration length) {
        Duration until = time.elapsed().plus(length);
        while (time.elapsed().compareTo(until) < 0 && model.wrong().isEmpty()) {
            Duration left = until.minus(time.elapsed());
            time.advance(left.compareTo(LOOKED_AT_EACH) < 0 ? left : LOOKED_AT_EACH);
            check();
        }
    }

    /** Until those are gone that have just been sent. */
    void passCrowd() {
        for (int tries = 0; tries < 100 && model.isCrowdHere(); tries++) {
            time.advance(Duration.ofMillis(25));
        }
    }

    void open() {
        processes.add(new TroubleProcess(processes.size() + 1, setting, model, place, store, sabotage));
    }

    void close() {
        processes.stream()
                .filter(process -> !process.closing() && !process.closed())
                .findFirst()
                .ifPresent(TroubleProcess::close);
    }

    InMemoryQueue anotherDeadLetterQueue() {
        InMemoryQueue another = InMemoryQueue.named(
                        "fork-dlq-" + ++deadLetterQueues + (setting.fifo() ? ".fifo" : ""), time)
                .build();
        model.deadLetterQueue(another);
        return another;
    }

    void rival(Rival rival) {
        queue().elsewhere()
                .receive(new Receive(rival.most(), Duration.ZERO, Optional.of(rival.hides()), Optional.empty()))
                .thenAccept(deliveries ->
                        deliveries.forEach(delivery -> time.elsewhere(rival.takes(), () -> ends(rival, delivery))));
    }

    private void ends(Rival rival, Delivery delivery) {
        switch (rival.end()) {
            case DELETES -> {
                model.takenByRival(delivery.messageId());
                queue().elsewhere().delete(List.of(delivery.receipt()));
            }
            case GIVES_BACK ->
                queue().elsewhere().changeVisibility(List.of(new Change(delivery.receipt(), Duration.ZERO)));
            case FORGETS -> {}
        }
    }

    void store(StoreIs how) {
        model.storeTroubled();
        store.up();
        switch (how) {
            case UP -> {}
            case DOWN -> store.down();
            case SLOW -> {
                for (WatchedStore.Call call : WatchedStore.Call.values()) {
                    store.at(call, () -> time.sleep(seconds(6)));
                }
            }
            case REFUSING -> {
                for (WatchedStore.Call call : WatchedStore.Call.values()) {
                    store.refusing(call);
                }
            }
            case ANSWERING_NULL -> store.answering(() -> null);
        }
    }

    private void check() {
        time.runUntilIdle();
        model.check();
        for (TroubleProcess process : processes) {
            Optional<String> contradiction = process.contradiction(troubled, callersHeld);
            model.must(contradiction.isEmpty(), "health", contradiction::orElseThrow);
        }
    }

    // The end: trouble is over, and all comes to rest.

    private void end() {
        queue().faults().none();
        store.up();
        time.refuseHandlers(0);
        processes.forEach(TroubleProcess::resume);
        settle();
        if (model.wrong().isPresent()) {
            return;
        }
        TroubleProcess last = processes.stream()
                .filter(process -> !process.closing() && !process.closed())
                .findFirst()
                .orElseThrow();
        mustBeWell(last);
        mustTakeAllItCan(last);
        settle();
        processes.stream()
                .filter(process -> !process.closing() && !process.closed())
                .forEach(TroubleProcess::close);
        pass(AT_ONCE);
        mustLeaveNoTimer();
        pass(setting.drain().plus(UNANSWERED).plus(setting.limit()).plus(seconds(20)));
        mustBeGone();
    }

    private boolean anyWorks() {
        return processes.stream().anyMatch(process -> !process.closing() && !process.closed());
    }

    private void settle() {
        Duration until = time.elapsed().plus(SETTLING);
        pass(callersHeld ? UNANSWERED.multipliedBy(3) : UNANSWERED.plus(seconds(30)));
        while (!(model.allOver() && anyWorks())
                && time.elapsed().compareTo(until) < 0
                && model.wrong().isEmpty()) {
            if (!anyWorks()) {
                open();
            }
            pass(seconds(15));
        }
        model.must(model.allOver(), "not worked off", () -> "after three hours without trouble: " + model.whatIsLeft());
    }

    private void mustBeWell(TroubleProcess process) {
        process.health()
                .ifPresent(health -> model.must(
                        health.status() == Health.Status.RUNNING
                                && health.problem().isEmpty(),
                        "not well",
                        () -> "all has been well for a while, but process " + process.number() + " is " + health));
    }

    /**
     * If a slot were lost, fewer handlers than that would run at once; if a permit were, too, in the half of all stories in which
     * no more are in hand than run.
     */
    private void mustTakeAllItCan(TroubleProcess process) {
        if (!setting.polls()
                || story.has(TroubleStep.Crowd.class)
                || processes.stream().anyMatch(other -> other != process && !other.closed())) {
            return;
        }
        int all = setting.concurrency();
        IntStream.rangeClosed(1, all)
                .mapToObj(i -> new TroubleStep.Send(
                        "last-" + i,
                        Optional.of("last-" + i),
                        "last-event-" + i,
                        Sort.GOOD,
                        false,
                        List.of(new Doing(End.RETURNS, seconds(8), false))))
                .forEach(probe -> probe.happen(this));
        int most = 0;
        for (int i = 0; i < 30 && most < all && model.wrong().isEmpty(); i++) {
            pass(Duration.ofMillis(500));
            most = Math.max(most, model.underWay());
        }
        int ran = most;
        model.must(
                ran == all,
                "slots",
                () -> "process " + process.number() + " runs " + ran + " of " + all + " handlers at once");
    }

    /** All has been well for a while and nothing is in hand: what is closed then is closed at once, and nothing holds it. */
    private void mustLeaveNoTimer() {
        if (setting.polls() && processes.stream().allMatch(TroubleProcess::closed)) {
            if (!time.timers().isEmpty()) {
                // what its last poll has brought yet is being given back
                pass(AT_ONCE);
            }
            model.must(time.timers().isEmpty(), "timers", () -> "all is closed, but there are " + time.timers());
        }
    }

    private void mustBeGone() {
        for (TroubleProcess process : processes) {
            process.health()
                    .filter(health -> health.status() != Health.Status.STOPPED)
                    .ifPresent(health -> model.must(
                            health.status() == Health.Status.CLOSED,
                            "not closed",
                            () -> "process " + process.number() + " is closed, but is " + health));
        }
        model.must(time.timers().isEmpty(), "timers", () -> "all is closed, but there are " + time.timers());
        model.must(
                time.keptAliveBy().isEmpty(), "kept alive", () -> "all is closed, but alive is " + time.keptAliveBy());
        model.must(
                queue().log().begunElsewhere().isEmpty(),
                "begun elsewhere",
                () -> "calls began where they must not block: " + queue().log().begunElsewhere());
    }

    /** Tells the model which keys are known to be done. */
    private final class Noting implements IdempotencyStore {

        private final IdempotencyStore behind;

        Noting(IdempotencyStore behind) {
            this.behind = behind;
        }

        @Override
        public Claim claim(String key, Duration hold) {
            return behind.claim(key, hold);
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            return behind.renew(key, token, hold);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            boolean done = behind.complete(key, token, rememberFor);
            if (done) {
                model.completed(key.substring(key.indexOf('#') + 1));
            }
            return done;
        }

        @Override
        public boolean release(String key, String token) {
            return behind.release(key, token);
        }
    }

    /** Nobody's poller. */
    private static final class Nobody implements PollerAdapter {

        @Override
        public void start() {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public Health health() {
            throw new UnsupportedOperationException("nobody has a health");
        }

        @Override
        public void close() {}
    }
}
