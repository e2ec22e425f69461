package io.github.eventfork.testkit;

import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.queue.Receiver.Options;

/**
 * A poller that a {@link PollerHarness} runs in place of eventfork's engine alone: an adapter to a real queue service, on a
 * client that stands for the harness's queue. Its methods are called as a user of it would.
 */
public interface PollerAdapter {

    /** Starts it. */
    void start();

    /** Lets it receive nothing more until it is resumed. */
    void pause();

    /** Lets it receive again. */
    void resume();

    /** How it is. */
    Health health();

    /** Closes it within its drain timeout. */
    void close();

    /** Makes the adapter of a harness. */
    @FunctionalInterface
    interface Maker {

        /** An adapter, not started yet, that runs {@code fork} on {@code queue} in the time of {@code runtime}. */
        PollerAdapter make(Fork fork, InMemoryQueue queue, VirtualRuntime runtime, Options options);
    }
}
