package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A function that a {@link LambdaHarness} invokes in place of eventfork's engine alone: an adapter to the records and
 * answers of a function's runtime.
 */
@FunctionalInterface
public interface LambdaAdapter {

    /**
     * Invokes the function with {@code batch}, with this time to go, and answers with the message ids that it reports; a
     * stage that ends exceptionally stands for an invocation that failed as a whole.
     */
    CompletionStage<List<String>> invoke(List<Delivery> batch, Duration remaining);

    /**
     * What a function is made with.
     *
     * @param concurrency how many handlers run at once within a batch
     * @param margin how much of an invocation's time is kept to interrupt handlers and to settle
     * @param settles whether it carries out delays and dead letters on the queue
     */
    record Options(int concurrency, Duration margin, boolean settles) {}

    /** Makes the adapter of a harness. */
    @FunctionalInterface
    interface Maker {

        /** An adapter that runs {@code fork}, on {@code queue} if it settles, in the time of {@code runtime}. */
        LambdaAdapter make(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Options options);
    }
}
