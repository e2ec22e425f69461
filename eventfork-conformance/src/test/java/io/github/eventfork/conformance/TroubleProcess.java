package io.github.eventfork.conformance;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Health;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Settlement;
import io.github.eventfork.Unrouted;
import io.github.eventfork.conformance.TroubleStory.Setting;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.queue.PollBudget;
import io.github.eventfork.queue.Receiver;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.PollerAdapter;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.VirtualRuntime;
import java.util.Optional;

/** One process that works on the queue of a story: a poller, or a function with its mapping. */
final class TroubleProcess {

    private static final int POLLS = 25;

    private final int number;
    private final Setting setting;
    private final TroubleModel model;
    private final VirtualRuntime time;
    private Optional<TroubleSpy> spy = Optional.empty();
    private final ForkHarness harness;
    private final Sabotage sabotage;
    private boolean resting;
    private boolean closing;
    private boolean closed;

    /** Opens it, beside {@code place}. */
    TroubleProcess(
            int number,
            Setting setting,
            TroubleModel model,
            ForkHarness place,
            IdempotencyStore store,
            Sabotage sabotage) {
        this.sabotage = sabotage;
        this.number = number;
        this.setting = setting;
        this.model = model;
        this.time = place.time();
        Fork fork = fork(store);
        this.harness = switch (setting.kind()) {
            case POLLER_ENGINE -> poller(ForkHarness.poller(fork).adapter(this::engine), place);
            case SQS_POLLER -> poller(ForkHarness.poller(fork).adapter(this::sqsPoller), place);
            case LAMBDA_ENGINE -> function(Functions.ENGINE.of(fork), place);
            case LAMBDA_ENGINE_WITH_SETTLER ->
                function(Functions.ENGINE.of(fork).settler(), place);
            case FORK_FUNCTION -> function(Functions.FORK_FUNCTION.of(fork), place);
            case FORK_FUNCTION_WITH_SETTLER ->
                function(Functions.FORK_FUNCTION.of(fork).settler(), place);
        };
    }

    private PollerHarness poller(PollerHarness.Builder builder, ForkHarness place) {
        return builder.beside(place)
                .concurrency(setting.concurrency())
                .inHand(setting.inHand())
                .longPoll(setting.longPoll())
                .processingLimit(setting.limit())
                .drainTimeout(setting.drain())
                .build();
    }

    private LambdaHarness function(LambdaHarness.Builder builder, ForkHarness place) {
        return builder.beside(place).concurrency(setting.concurrency()).build();
    }

    private PollerAdapter engine(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Receiver.Options options) {
        MessageQueue port = sabotage.port(spy(queue));
        return new Engine(new Receiver(fork, port, new PollBudget(POLLS), runtime, options));
    }

    private PollerAdapter sqsPoller(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Receiver.Options options) {
        TroubleSpy between = spy(queue);
        VirtualSqs client = new VirtualSqs(sabotage.port(between), between::lookUp);
        return new Pollers.Adapted(fork, queue.name(), client, runtime, options);
    }

    private TroubleSpy spy(InMemoryQueue queue) {
        TroubleSpy between = new TroubleSpy(queue, time, model, this);
        spy = Optional.of(between);
        return between;
    }

    private Fork fork(IdempotencyStore store) {
        Fork.Builder fork = Fork.named("fork")
                .on("signup", Object.class, event -> {
                    if (TroubleModel.isCrowd(event.delivery().messageId())) {
                        return;
                    }
                    TroubleModel.Run run = model.begins(this, event);
                    Optional<Throwable> thrown = Optional.empty();
                    try {
                        run.doing.run(time);
                    } catch (Throwable e) {
                        thrown = Optional.of(e);
                        throw e;
                    } finally {
                        model.ends(run, thrown);
                    }
                })
                .unrouted(Unrouted.DISCARD)
                .retry(RetryPolicy.fixed(setting.delay()).withAttempts(setting.attempts()));
        switch (setting.memory()) {
            case NOBODY -> {}
            case STORE -> fork.idempotency(Idempotency.in(store));
            case STORE_THAT_FAILS_OPEN -> fork.idempotency(Idempotency.in(store).failOpen());
            case DOWNSTREAM -> fork.idempotency(Idempotency.downstream());
        }
        return fork.build().withListener(new Told());
    }

    private final class Told implements ForkListener {

        @Override
        public void finished(Delivery delivery, Outcome outcome) {
            if (!TroubleModel.isCrowd(delivery.messageId())) model.finished(TroubleProcess.this, delivery, outcome);
        }

        @Override
        public void settled(Delivery delivery, Settlement settlement) {
            spy.ifPresent(seen -> seen.over(delivery));
            if (!TroubleModel.isCrowd(delivery.messageId())) model.settled(TroubleProcess.this, delivery, settlement);
        }

        @Override
        public void leaseLost(Delivery delivery) {
            if (!TroubleModel.isCrowd(delivery.messageId())) model.leaseLost(TroubleProcess.this, delivery);
        }
    }

    int number() {
        return number;
    }

    boolean closing() {
        return closing;
    }

    /** Whether it is over with it: closed, or stopped by an error. */
    boolean closed() {
        return closed || stopped();
    }

    boolean stopped() {
        return health().filter(health -> health.status() == Health.Status.STOPPED)
                .isPresent();
    }

    /** Whether it has begun to close. */
    boolean drains() {
        return health().filter(
                        health -> health.status() == Health.Status.DRAINING || health.status() == Health.Status.CLOSED)
                .isPresent();
    }

    /** Where it is not over with it for all others yet. */
    boolean saysItIsClosed() {
        return health().filter(health -> health.status() == Health.Status.CLOSED)
                .isPresent();
    }

    Optional<Health> health() {
        return harness instanceof PollerHarness poller
                ? Optional.of(sabotage.health(poller.health()))
                : Optional.empty();
    }

    void rest() {
        if (harness instanceof PollerHarness poller && !closing && !resting) {
            resting = true;
            poller.pause();
            spy.ifPresent(TroubleSpy::rested);
        }
    }

    void resume() {
        if (harness instanceof PollerHarness poller && !closing && resting) {
            resting = false;
            spy.ifPresent(TroubleSpy::rested);
            poller.resume();
        }
    }

    /** Closes it, on a thread of its own: what comes next happens meanwhile. */
    void close() {
        closing = true;
        time.refuseHandlers(0);
        time.handlers().execute(() -> {
            harness.close();
            closed = true;
        });
    }

    /** What its health says that is not so. */
    Optional<String> contradiction(boolean troubleBefore, boolean callersHeld) {
        spy.ifPresent(TroubleSpy::mustGiveBackWhatIsLate);
        if (stopped()) {
            return Optional.empty();
        }
        Optional<Health> health = health();
        Optional<String> contradiction = health.flatMap(is -> resting
                ? expected(is, Health.Status.PAUSED)
                : closed
                        ? expected(is, Health.Status.CLOSED)
                        : closing
                                ? Optional.empty()
                                : spy.flatMap(seen -> seen.contradicts(is, troubleBefore, callersHeld)));
        return contradiction.map(
                but -> "the health of process " + number + " is " + health.orElseThrow() + ", but " + but);
    }

    private static Optional<String> expected(Health health, Health.Status status) {
        return health.status() == status ? Optional.empty() : Optional.of("it should be " + status);
    }

    /** The engine of every poller. */
    private record Engine(Receiver poller) implements PollerAdapter {

        @Override
        public void start() {
            poller.start();
        }

        @Override
        public void pause() {
            poller.pause();
        }

        @Override
        public void resume() {
            poller.resume();
        }

        @Override
        public Health health() {
            return poller.health();
        }

        @Override
        public void close() {
            poller.close();
        }
    }
}
