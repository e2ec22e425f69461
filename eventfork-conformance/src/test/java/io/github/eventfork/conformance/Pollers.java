package io.github.eventfork.conformance;

import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.poller.SqsPoller;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.queue.Receiver.Options;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.PollerAdapter;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.VirtualRuntime;

/** The pollers on which promises are proven, both in virtual time: {@code @EnumSource} runs a test on each. */
enum Pollers {
    /** The harness that users have: the engine, with no adapter around it. */
    ENGINE {
        @Override
        PollerHarness.Builder of(Fork fork) {
            return ForkHarness.poller(fork);
        }
    },

    /** The poller that users run, on a client that answers as SQS would. */
    SQS_POLLER {
        @Override
        PollerHarness.Builder of(Fork fork) {
            return ForkHarness.poller(fork).adapter(Adapted::on);
        }
    };

    /** A builder for a harness in which this poller runs {@code fork}. */
    abstract PollerHarness.Builder of(Fork fork);

    static final class Adapted implements PollerAdapter {

        private final SqsPoller poller;

        static Adapted on(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Options options) {
            return new Adapted(fork, queue.name(), queue, runtime, options);
        }

        /** On the queue of this name, as its process reaches it. */
        Adapted(Fork fork, String name, MessageQueue queue, VirtualRuntime runtime, Options options) {
            this(fork, name, new VirtualSqs(queue), runtime, options);
        }

        /** On the queue of this name that {@code client} knows. */
        Adapted(Fork fork, String name, VirtualSqs client, VirtualRuntime runtime, Options options) {
            this.poller = SqsPoller.builder(fork)
                    .queue(name)
                    .client(client)
                    .concurrency(options.concurrency())
                    .inHand(options.inHand())
                    .longPoll(options.longPoll())
                    .processingLimit(options.processingLimit())
                    .drainTimeout(options.drainTimeout())
                    .runtime(runtime)
                    .build();
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
