package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.engine.Dispatcher;
import org.junit.jupiter.api.Test;

/** The polls of one client are shared out, and come back. */
class PollBudgetTest {

    private static final Dispatcher.Load BUSY = new Dispatcher.Load(100, 0, 0);
    private static final long NOW = 0;

    @Test
    void an_extra_poll_that_is_over_gives_its_share_of_the_client_back() {
        // given a budget of 3 polls, all in flight
        Intake intake = new Intake(800, new PollBudget(3), NOW);
        intake.came(intake.ask(BUSY, NOW), 10, 1_000_000, NOW);
        intake.came(intake.ask(BUSY, NOW), 10, 1_000_000, NOW);
        for (int i = 0; i < 3; i++) {
            assertThat(intake.ask(BUSY, NOW)).isEqualTo(10);
        }
        assertThat(intake.ask(BUSY, NOW)).isZero();

        // when all have come back
        for (int i = 0; i < 3; i++) {
            intake.came(10, 10, 1_000_000, NOW);
        }

        // then there are three again
        for (int i = 0; i < 3; i++) {
            assertThat(intake.ask(BUSY, NOW)).isEqualTo(10);
        }
        assertThat(intake.ask(BUSY, NOW)).isZero();
    }

    @Test
    void a_closed_poller_leaves_its_share_of_the_client_to_the_others() {
        // given two pollers on a client with a budget of 2 polls
        PollBudget budget = new PollBudget(2);
        Intake closed = new Intake(800, budget, NOW);
        Intake other = new Intake(800, budget, NOW);
        other.came(other.ask(BUSY, NOW), 10, 1_000_000, NOW);
        assertThat(other.ask(BUSY, NOW)).isEqualTo(10);
        assertThat(other.ask(BUSY, NOW)).isZero();

        closed.close();

        assertThat(other.ask(BUSY, NOW)).isEqualTo(10);
    }
}
