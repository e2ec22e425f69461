package io.github.eventfork.conformance;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.queue.Receiver;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.LambdaAdapter;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Processes that run a fork by a real adapter, on a queue that outlives them. */
enum Mortal {
    SQS_POLLER {
        @Override
        void start(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Life life) {
            new Pollers.Adapted(fork, queue.name(), life.of(queue), runtime, Receiver.Options.defaults()).start();
        }
    },
    FORK_FUNCTION {
        @Override
        void start(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Life life) {
            new Mapping(fork, queue, runtime, life, false).poll();
        }
    },
    FORK_FUNCTION_WITH_SETTLER {
        @Override
        void start(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Life life) {
            new Mapping(fork, queue, runtime, life, true).poll();
        }
    };

    /** Starts one, which lives as long as {@code life}. */
    abstract void start(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Life life);

    /** What Lambda does for a function: polls, invokes, deletes what the answer does not name. */
    private static final class Mapping {

        private static final Duration REMAINING = Duration.ofSeconds(30);
        private static final Duration MARGIN = Duration.ofSeconds(1);

        private final InMemoryQueue queue;
        private final Life life;
        private final LambdaAdapter function;

        Mapping(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Life life, boolean settles) {
            this.queue = queue;
            this.life = life;
            this.function =
                    new Functions.Adapted(fork, life.of(queue), runtime, new LambdaAdapter.Options(1, MARGIN, settles));
        }

        void poll() {
            if (!life.over()) {
                queue.receive(Receive.of(10, Duration.ofSeconds(20))).thenAccept(this::invoke);
            }
        }

        private void invoke(List<Delivery> batch) {
            if (batch.isEmpty()) {
                poll();
            } else {
                function.invoke(batch, REMAINING).thenAccept(reported -> answered(batch, Set.copyOf(reported)));
            }
        }

        /** What a dead process says is no answer. */
        private void answered(List<Delivery> batch, Set<String> reported) {
            if (!life.contact()) {
                return;
            }
            List<String> done = batch.stream()
                    .filter(delivery -> !reported.contains(delivery.messageId()))
                    .map(Delivery::receipt)
                    .toList();
            if (done.isEmpty()) {
                poll();
            } else {
                queue.delete(done).thenAccept(deleted -> poll());
            }
        }
    }
}
