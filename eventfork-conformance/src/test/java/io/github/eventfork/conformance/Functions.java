package io.github.eventfork.conformance;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.Settlement;
import io.github.eventfork.engine.BatchProcessor;
import io.github.eventfork.engine.KeptLease;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import io.github.eventfork.poller.SqsSettler;
import io.github.eventfork.queue.BatchingSettler;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.LambdaAdapter;
import io.github.eventfork.testkit.LambdaAdapter.Options;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The functions on which promises are proven, both in virtual time: {@code @EnumSource} runs a test on each. */
enum Functions {
    /** The harness that users have: the engine, with no adapter around it. */
    ENGINE {
        @Override
        LambdaHarness.Builder of(Fork fork) {
            return ForkHarness.lambda(fork);
        }

        @Override
        LambdaAdapter alone(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Options options) {
            BatchProcessor processor = new BatchProcessor(
                    fork,
                    runtime,
                    options.concurrency(),
                    options.margin(),
                    options.settles() ? Optional.of(new BatchingSettler(queue, runtime)) : Optional.empty());
            return (batch, remaining) -> processor
                    .process(
                            batch, delivery -> KeptLease.lasting(runtime, remaining), remaining.minus(options.margin()))
                    .thenApply(Functions::givenBack);
        }
    },

    /** The function that users deploy, with an {@code SqsSettler} if it is to settle. */
    FORK_FUNCTION {
        @Override
        LambdaHarness.Builder of(Fork fork) {
            return ForkHarness.lambda(fork).adapter(Adapted::on);
        }

        @Override
        LambdaAdapter alone(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Options options) {
            return Adapted.on(fork, queue, runtime, options);
        }
    };

    /** A builder for a harness in which this function runs {@code fork}. */
    abstract LambdaHarness.Builder of(Fork fork);

    /** This function without a mapping, for a test that invokes it by itself: several times at once, or late. */
    abstract LambdaAdapter alone(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Options options);

    private static List<String> givenBack(Map<Delivery, Settlement> standing) {
        return standing.entrySet().stream()
                .filter(stands -> stands.getValue() instanceof Settlement.GiveBack)
                .map(stands -> stands.getKey().messageId())
                .toList();
    }

    static final class Adapted implements LambdaAdapter {

        private final VirtualRuntime runtime;
        private final VirtualSqs sqs;
        private final ForkFunction function;

        static Adapted on(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Options options) {
            return new Adapted(fork, queue, runtime, options);
        }

        /** On the queue as its process reaches it. */
        Adapted(Fork fork, MessageQueue queue, VirtualRuntime runtime, Options options) {
            this(fork, new VirtualSqs(queue), runtime, options);
        }

        /** On the queue that {@code client} knows. */
        Adapted(Fork fork, VirtualSqs client, VirtualRuntime runtime, Options options) {
            Settings settings = Settings.standard()
                    .withRuntime(runtime)
                    .withConcurrency(options.concurrency())
                    .withMargin(options.margin());
            this.runtime = runtime;
            this.sqs = client;
            this.function = new ForkFunction(
                    fork, options.settles() ? settings.withSettler(SqsSettler.of(sqs, runtime)) : settings);
        }

        /** An invocation blocks its thread, so it gets one from the runtime, as handlers do. */
        @Override
        public CompletionStage<List<String>> invoke(List<Delivery> batch, Duration remaining) {
            CompletableFuture<List<String>> answer = new CompletableFuture<>();
            batch.forEach(sqs::handedOut);
            List<SQSMessage> records = batch.stream().map(Invocation::record).toList();
            runtime.handlers().execute(() -> {
                try {
                    answer.complete(Invocation.reported(
                            function.handleRequest(Invocation.batch(records), new Invocation(remaining))));
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
            return answer;
        }
    }
}
