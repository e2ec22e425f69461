package io.github.eventfork.testkit;

import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.queue.PollBudget;
import io.github.eventfork.queue.Receiver;
import io.github.eventfork.queue.Receiver.Options;
import java.time.Duration;
import java.util.OptionalInt;

/** A harness in which eventfork's poller runs the fork. {@link ForkHarness#poller} begins one. */
public final class PollerHarness implements ForkHarness {

    private static final int POLLS = 25;

    private final Setup.Built parts;
    private final PollerAdapter poller;

    private PollerHarness(Setup.Built parts, PollerAdapter poller) {
        this.parts = parts;
        this.poller = poller;
    }

    @Override
    public VirtualRuntime time() {
        return parts.runtime();
    }

    @Override
    public InMemoryQueue queue() {
        return parts.queue();
    }

    @Override
    public Timeline timeline() {
        return parts.timeline();
    }

    /** How the poller is. */
    public Health health() {
        return poller.health();
    }

    /** Pauses the poller: it receives nothing until it is resumed. */
    public void pause() {
        poller.pause();
        run();
    }

    /** Lets the poller receive again. */
    public void resume() {
        poller.resume();
        run();
    }

    /** Closes the poller: what it has in hand is finished or given back within the drain timeout, which then has passed. */
    @Override
    public void close() {
        poller.close();
        if (!(Thread.currentThread() instanceof HandlerThread)) {
            run();
        }
    }

    /** Collects what a harness is. Not thread-safe. */
    public static final class Builder {

        private final Setup setup;
        private int concurrency = Options.defaults().concurrency();
        private OptionalInt inHand = OptionalInt.empty();
        private Duration longPoll = Options.defaults().longPoll();
        private Duration processingLimit = Options.defaults().processingLimit();
        private Duration drainTimeout = Options.defaults().drainTimeout();
        private PollerAdapter.Maker adapter = Engine::new;

        Builder(Fork fork) {
            this.setup = new Setup(fork, Duration.ofSeconds(30));
        }

        /** The queue's visibility timeout. Default: 30 s. */
        public Builder visibilityTimeout(Duration timeout) {
            setup.visibilityTimeout(timeout);
            return this;
        }

        /** After how many receives the queue moves a message to its dead-letter queue. Default: the fork's attempts. */
        public Builder maxReceiveCount(int count) {
            setup.maxReceiveCount(count);
            return this;
        }

        /** The queue keeps the order of message groups. Default: it is a standard queue. */
        public Builder fifo() {
            setup.fifo();
            return this;
        }

        /** The queue has no dead-letter queue. Default: it has one. */
        public Builder withoutDeadLetterQueue() {
            setup.withoutDeadLetterQueue();
            return this;
        }

        /** How long a call to the queue and its answer take together. Default: no time. */
        public Builder roundTrip(Duration time) {
            setup.roundTrip(time);
            return this;
        }

        /** How many handlers run at once. Default: the poller's. */
        public Builder concurrency(int handlers) {
            this.concurrency = handlers;
            return this;
        }

        /** How many messages are in hand at most. Default: 8 for each handler. */
        public Builder inHand(int messages) {
            this.inHand = OptionalInt.of(messages);
            return this;
        }

        /** How long a poll waits for a first message. Default: the poller's. */
        public Builder longPoll(Duration wait) {
            this.longPoll = wait;
            return this;
        }

        /** After what time a handler is interrupted. Default: the poller's. */
        public Builder processingLimit(Duration limit) {
            this.processingLimit = limit;
            return this;
        }

        /** Within what time {@link #close()} ends. Default: the poller's. */
        public Builder drainTimeout(Duration timeout) {
            this.drainTimeout = timeout;
            return this;
        }

        /**
         * The runtime, made before the harness for what has its time too, such as an idempotency store or another harness.
         * Default: one of the harness's own.
         */
        public Builder time(VirtualRuntime time) {
            setup.time(time);
            return this;
        }

        /** What decides all chance: jitter, and faults by chance. Default: 1. */
        public Builder seed(long seed) {
            setup.seed(seed);
            return this;
        }

        /**
         * Runs the fork on the queue of {@code other} and in its time, as another process does: a second container, or the one
         * before a deploy and the one after. Timeline, faults and dead-letter queue are the same then. Default: alone.
         */
        public Builder beside(ForkHarness other) {
            setup.beside(other);
            return this;
        }

        /** Handlers run on threads of their own, in turns with the test. Default: on the test's. */
        public Builder handlersOnThreads() {
            setup.handlersOnThreads();
            return this;
        }

        /** What runs the fork on the queue. Default: eventfork's engine, without an adapter around it. */
        public Builder adapter(PollerAdapter.Maker maker) {
            adapter = maker;
            return this;
        }

        /**
         * The harness, its poller started and waiting for messages.
         *
         * @throws IllegalStateException if a runtime is given, and a seed or threads too, or if it is beside another and
         *     something is said about its own queue or time
         * @throws IllegalArgumentException if a number or a time is one that the poller refuses
         */
        public PollerHarness build() {
            Options options =
                    new Options(concurrency, inHand.orElse(8 * concurrency), longPoll, processingLimit, drainTimeout);
            Setup.Built parts = setup.build();
            PollerHarness harness =
                    new PollerHarness(parts, adapter.make(parts.fork(), parts.queue(), parts.runtime(), options));
            harness.poller.start();
            harness.run();
            return harness;
        }
    }

    /** The engine of every poller, on the queue itself. */
    private static final class Engine implements PollerAdapter {

        private final Receiver poller;

        Engine(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Options options) {
            this.poller = new Receiver(fork, queue, new PollBudget(POLLS), runtime, options);
        }

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
