package io.github.eventfork.conformance;

import io.github.eventfork.Fork;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.VirtualRuntime;

/** Every adapter in virtual time, for promises that are the same on all of them: {@code @EnumSource} runs a test on each. */
enum Anywhere {
    POLLER_ENGINE,
    SQS_POLLER,
    LAMBDA_ENGINE,
    LAMBDA_ENGINE_WITH_SETTLER,
    FORK_FUNCTION,
    FORK_FUNCTION_WITH_SETTLER;

    /** A harness in which this adapter runs {@code fork}, on a standard queue. */
    ForkHarness running(Fork fork) {
        return running(fork, VirtualRuntime.seeded(1));
    }

    /** The same, in a time that was made before. */
    ForkHarness running(Fork fork, VirtualRuntime time) {
        return switch (this) {
            case POLLER_ENGINE -> Pollers.ENGINE.of(fork).time(time).build();
            case SQS_POLLER -> Pollers.SQS_POLLER.of(fork).time(time).build();
            case LAMBDA_ENGINE -> Functions.ENGINE.of(fork).time(time).build();
            case LAMBDA_ENGINE_WITH_SETTLER ->
                Functions.ENGINE.of(fork).settler().time(time).build();
            case FORK_FUNCTION -> Functions.FORK_FUNCTION.of(fork).time(time).build();
            case FORK_FUNCTION_WITH_SETTLER ->
                Functions.FORK_FUNCTION.of(fork).settler().time(time).build();
        };
    }

    /** Whether failures come back by the visibility timeout, and dead letters by SQS's own redrive. */
    boolean leavesRetriesToTheQueue(ForkHarness harness) {
        return harness instanceof LambdaHarness
                && this != LAMBDA_ENGINE_WITH_SETTLER
                && this != FORK_FUNCTION_WITH_SETTLER;
    }
}
