package io.github.eventfork.conformance;

import io.github.eventfork.Fork;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.LambdaHarness;

/** Every adapter in virtual time, for promises that are the same on all of them: {@code @EnumSource} runs a test on each. */
enum Anywhere {
    POLLER_ENGINE {
        @Override
        ForkHarness running(Fork fork) {
            return Pollers.ENGINE.of(fork).build();
        }
    },
    SQS_POLLER {
        @Override
        ForkHarness running(Fork fork) {
            return Pollers.SQS_POLLER.of(fork).build();
        }
    },
    LAMBDA_ENGINE {
        @Override
        ForkHarness running(Fork fork) {
            return Functions.ENGINE.of(fork).build();
        }
    },
    FORK_FUNCTION {
        @Override
        ForkHarness running(Fork fork) {
            return Functions.FORK_FUNCTION.of(fork).build();
        }
    },
    FORK_FUNCTION_WITH_SETTLER {
        @Override
        ForkHarness running(Fork fork) {
            return Functions.FORK_FUNCTION.of(fork).settler().build();
        }
    };

    /** A harness in which this adapter runs {@code fork}, on a standard queue. */
    abstract ForkHarness running(Fork fork);

    /** Whether failures come back by the visibility timeout, and dead letters by SQS's own redrive. */
    boolean leavesRetriesToTheQueue(ForkHarness harness) {
        return harness instanceof LambdaHarness && this != FORK_FUNCTION_WITH_SETTLER;
    }
}
