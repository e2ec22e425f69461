package io.github.eventfork.conformance;

import io.github.eventfork.AlreadyHandledException;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.VirtualRuntime;
import io.github.eventfork.testkit.VirtualRuntime.Resumption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happens next in a {@link TroubleStory}: to its queue, its clocks, its processes, its store. */
sealed interface TroubleStep {

    /** Lets it happen. */
    void happen(TroubleStage stage);

    /** Whether anything can go wrong because of it: for a message, for time that passes and for one more process nothing may. */
    default boolean isTrouble() {
        return !(this instanceof Send || this instanceof Pass || this instanceof Crowd || this instanceof Open);
    }

    /** Time passes. */
    record Pass(Duration time) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.pass(time);
        }
    }

    // Messages.

    /** How a message is to be read. */
    enum Sort {
        GOOD,
        UNREADABLE,
        UNWANTED
    }

    /**
     * A message is sent.
     *
     * @param key what it shares with every copy of its event
     * @param twice whether the queue hands it out twice at once
     * @param script what its runs do, one after another; when it is over, they return at once
     */
    record Send(String id, Optional<String> group, String key, Sort sort, boolean twice, List<Doing> script)
            implements TroubleStep {

        @Override
        public void happen(TroubleStage stage) {
            stage.model().sent(this);
            if (twice) {
                stage.queue().sendTwice(message());
            } else {
                stage.queue().send(message());
            }
        }

        private Message message() {
            Message good = Message.sns(sort == Sort.UNWANTED ? "logout" : "signup", "{}")
                    .messageId(id)
                    .eventId(key);
            Message sorted = sort == Sort.UNREADABLE ? good.notJson() : good;
            return group.map(sorted::group).orElse(sorted);
        }

        /** The same with another script. */
        Send doing(List<Doing> other) {
            return new Send(id, group, key, sort, twice, other);
        }
    }

    /** Many messages of one group pass, of which nothing is to be said. */
    record Crowd(int messages) implements TroubleStep {

        private static final int AT_ONCE = 10;

        @Override
        public void happen(TroubleStage stage) {
            for (int sent = 0; sent < messages && stage.model().wrong().isEmpty(); ) {
                for (int i = 0; i < AT_ONCE; i++) {
                    stage.queue()
                            .send(Message.sns("signup", "{}")
                                    .messageId(TroubleModel.CROWD + ++sent)
                                    .group(TroubleModel.CROWD));
                }
                stage.passCrowd();
            }
        }
    }

    /** How a run ends, if nobody ends it before. */
    enum End {
        RETURNS,
        KNOWS_IT_IS_DONE,
        FAILS,
        REJECTS,
        PUTS_OFF,
        ERRS,
        BREAKS_DOWN
    }

    /**
     * What a handler does in one run.
     *
     * @param takes how long
     * @param stubborn whether it ignores being interrupted
     */
    record Doing(End end, Duration takes, boolean stubborn) {

        static final Doing NOTHING = new Doing(End.RETURNS, Duration.ZERO, false);

        private static final Duration LATER = Duration.ofSeconds(4);

        void run(VirtualRuntime time) throws InterruptedException {
            take(time);
            switch (end) {
                case RETURNS -> {}
                case KNOWS_IT_IS_DONE -> throw new AlreadyHandledException("as the story has it");
                case FAILS -> throw new IllegalStateException("as the story has it");
                case REJECTS -> throw new RejectedEventException("as the story has it");
                case PUTS_OFF -> throw new RetryLaterException(LATER, "as the story has it");
                case ERRS -> throw new AssertionError("as the story has it");
                case BREAKS_DOWN -> throw new OutOfMemoryError("as the story has it");
            }
        }

        private void take(VirtualRuntime time) throws InterruptedException {
            Duration until = time.elapsed().plus(takes);
            boolean interrupted = false;
            while (time.elapsed().compareTo(until) < 0) {
                try {
                    time.sleep(until.minus(time.elapsed()));
                } catch (InterruptedException e) {
                    if (!stubborn) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // Processes.

    /** Another process begins to work on the queue. */
    record Open() implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.open();
        }
    }

    /** The oldest process that works is closed; what follows happens while it drains. */
    record Close() implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.model().helped();
            stage.close();
        }
    }

    /** Pollers receive nothing for a while. */
    record Rest() implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.processes().forEach(TroubleProcess::rest);
        }
    }

    /** Pollers receive again. */
    record Resume() implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.processes().forEach(TroubleProcess::resume);
        }
    }

    /** How it ends what a consumer elsewhere has received. */
    enum RivalEnd {
        DELETES,
        GIVES_BACK,
        FORGETS
    }

    /** A consumer elsewhere receives, hides what it has, and ends it after a time that is shorter than that. */
    record Rival(Duration after, int most, Duration hides, Duration takes, RivalEnd end) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.model().helped();
            stage.time().elsewhere(after, () -> stage.rival(this));
        }
    }

    // Calls.

    /** Which calls of a kind go wrong. */
    enum Which {
        THE_NEXT,
        ALL,
        ONE_IN_FIVE
    }

    /** Calls of a kind, or of any, go wrong. */
    record GoWrong(Which which, Optional<Call> call, Fault fault) implements TroubleStep {

        private static final double ONE_IN_FIVE = 0.2;

        @Override
        public void happen(TroubleStage stage) {
            stage.model().callsGoWrong(call, fault);
            switch (which) {
                case THE_NEXT ->
                    call.ifPresentOrElse(
                            kind -> stage.queue().faults().next(kind, fault),
                            () -> stage.queue().faults().next(fault));
                case ALL ->
                    call.ifPresentOrElse(
                            kind -> stage.queue().faults().always(kind, fault),
                            () -> stage.queue().faults().always(fault));
                case ONE_IN_FIVE ->
                    call.ifPresentOrElse(
                            kind -> stage.queue().faults().byChance(kind, ONE_IN_FIVE, fault),
                            () -> stage.queue().faults().byChance(ONE_IN_FIVE, fault));
            }
        }
    }

    /** Calls go right again. */
    record GoRight() implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.queue().faults().none();
        }
    }

    // Clocks and threads.

    /** The wall clock is set. */
    record SetClock(Duration by) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.model().clockSet();
            stage.time().moveWallClock(by);
        }
    }

    /** The machine is suspended. */
    record Suspend(Duration length) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.model().disturbed();
            stage.time().suspend(length);
        }
    }

    /** The processes stand still. */
    record StandStill(Duration length, Resumption order) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.model().disturbed();
            stage.time().pause(length, order);
        }
    }

    /** Handlers get no thread for a while. */
    record Refuse(int tasks) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.model().disturbed();
            stage.time().refuseHandlers(tasks);
        }
    }

    // Settings.

    /** The queue hides for another time what is received. */
    record Hide(Duration timeout) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.model().disturbed();
            stage.queue().changeVisibilityTimeout(timeout);
        }
    }

    /** The queue moves away what was received so often; nothing if it has no dead-letter queue. */
    record MostReceives(int count) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            if (stage.queue().deadLetterQueue().isPresent()) {
                stage.model().mostReceives(count);
                stage.model().deadLettersChange();
                stage.queue().changeMaxReceiveCount(count);
            }
        }
    }

    /** The queue has no dead-letter queue any more. */
    record NoDeadLetters() implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.model().deadLettersChange();
            stage.queue().removeDeadLetterQueue();
        }
    }

    /** The queue has another dead-letter queue. */
    record OtherDeadLetters(int count) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.model().mostReceives(count);
            stage.model().deadLettersChange();
            stage.queue().changeDeadLetterQueue(stage.anotherDeadLetterQueue(), count);
        }
    }

    // The store.

    /** What a store does to its callers. */
    enum StoreIs {
        UP,
        DOWN,
        SLOW,
        REFUSING,
        ANSWERING_NULL
    }

    /** The store of claims is well, or not. */
    record Store(StoreIs how) implements TroubleStep {
        @Override
        public void happen(TroubleStage stage) {
            stage.store(how);
        }
    }
}
