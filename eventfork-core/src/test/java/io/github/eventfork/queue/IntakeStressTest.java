package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.engine.Dispatcher;
import io.github.eventfork.engine.Stress;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Polls that begin, come back and fail, and settlements that stand, all at once, neither lose a permit nor mint one. */
class IntakeStressTest {

    private static final int THREADS = 4;
    private static final int POLLS = 300;
    private static final int MOST = 35;
    private static final Dispatcher.Load HUNGRY = new Dispatcher.Load(1_000, 0, 0);

    @Test
    void permits_are_bounded_and_all_come_back() throws Exception {
        Stress.run(200, THREADS, random -> new Traffic());
    }

    @Test
    void permits_that_come_back_at_once_are_all_counted() throws Exception {
        Stress.run(30, THREADS, random -> new Return());
    }

    /** All permits are taken, and each thread gives its share of them back as fast as it can. */
    private static final class Return implements Stress.Round {

        private static final int SHARE = 50_000;

        private final Intake intake = new Intake(THREADS * SHARE, new PollBudget(1), 0);

        Return() {
            for (int taken = 0; taken < THREADS * SHARE; taken += 10) {
                intake.came(intake.ask(HUNGRY, 0), 10, 1_000_000, 0);
            }
        }

        @Override
        public void work(int thread, Random random) {
            for (int i = 0; i < SHARE; i++) {
                intake.settled();
            }
        }

        @Override
        public void check() {
            assertThat(intake.idle()).isTrue();
        }
    }

    /** Two pollers share a client's budget; each thread polls for both. */
    private static final class Traffic implements Stress.Round {

        private static final int POLLERS = 2;
        private static final int BUDGET = 5;

        private final PollBudget budget = new PollBudget(BUDGET);
        private final Poller[] pollers = {new Poller(), new Poller()};

        private final class Poller {
            final Intake intake = new Intake(MOST, budget, 0);
            final AtomicInteger permits = new AtomicInteger();
            final AtomicInteger unsettled = new AtomicInteger();
        }

        @Override
        public void work(int thread, Random random) {
            for (int i = 0; i < POLLS; i++) {
                Poller poller = pollers[random.nextInt(POLLERS)];
                poll(poller, random);
                settleSome(poller, random.nextInt(12));
            }
            for (Poller poller : pollers) {
                settleSome(poller, Integer.MAX_VALUE);
            }
        }

        private static void poll(Poller poller, Random random) {
            int size = poller.intake.ask(HUNGRY, 0);
            if (size == 0) {
                return;
            }
            assertThat(poller.permits.addAndGet(size)).as("permits").isBetween(1, MOST);
            if (random.nextBoolean()) {
                Thread.yield();
            }
            boolean failed = random.nextInt(6) == 0;
            int got = failed ? 0 : random.nextInt(3) == 0 ? random.nextInt(size + 1) : size;
            poller.permits.addAndGet(got - size);
            if (failed) {
                poller.intake.failed(size);
            } else {
                poller.intake.came(size, got, 20_000_000_000L, 0);
            }
            poller.unsettled.addAndGet(got);
        }

        private static void settleSome(Poller poller, int atMost) {
            for (int i = 0; i < atMost && take(poller.unsettled); i++) {
                poller.permits.decrementAndGet();
                poller.intake.settled();
            }
        }

        private static boolean take(AtomicInteger count) {
            return count.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
        }

        @Override
        public void check() {
            for (Poller poller : pollers) {
                settleSome(poller, Integer.MAX_VALUE);
                assertThat(poller.intake.idle()).as("idle").isTrue();
                assertThat(poller.intake.ask(HUNGRY, 0)).isEqualTo(10);
            }
            for (int i = POLLERS; i < BUDGET; i++) {
                assertThat(budget.takeExtra()).as("an extra poll is left").isTrue();
            }
            assertThat(budget.takeExtra()).isFalse();
        }
    }
}
