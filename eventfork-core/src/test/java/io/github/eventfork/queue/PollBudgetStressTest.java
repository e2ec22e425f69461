package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.engine.Stress;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Pollers that take and give extra polls at once never have more than there are, and lose none. */
class PollBudgetStressTest {

    private static final int THREADS = 4;
    private static final int EXTRA = 3;

    @Test
    void extra_polls_are_bounded_and_all_come_back() throws Exception {
        Stress.run(30, THREADS, random -> new Traffic());
    }

    private static final class Traffic implements Stress.Round {

        private static final int TIMES = 50_000;

        private final PollBudget budget = new PollBudget(1 + EXTRA);
        private final AtomicInteger taken = new AtomicInteger();

        Traffic() {
            budget.join();
        }

        @Override
        public void work(int thread, Random random) {
            for (int i = 0; i < TIMES; i++) {
                if (budget.takeExtra()) {
                    int now = taken.incrementAndGet();
                    taken.decrementAndGet();
                    budget.giveExtra();
                    if (now > EXTRA) {
                        throw new AssertionError(now + " extra polls at once");
                    }
                }
            }
        }

        @Override
        public void check() {
            for (int i = 0; i < EXTRA; i++) {
                assertThat(budget.takeExtra()).as("an extra poll is left").isTrue();
            }
            assertThat(budget.takeExtra()).as("more than there are").isFalse();
        }
    }
}
