package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.engine.Dispatcher;
import org.junit.jupiter.api.Test;

class IntakeTest {

    private static final Dispatcher.Load IDLE = new Dispatcher.Load(10, 0, 0);
    private static final long NOW = 0;

    @Test
    void an_idle_queue_costs_one_poll() {
        // given one poll in flight that has found nothing yet
        Intake intake = new Intake(80, new PollBudget(24), NOW);
        assertThat(intake.ask(IDLE, NOW)).isEqualTo(10);

        // then there is no second one
        assertThat(intake.ask(IDLE, NOW)).isZero();

        // and after it came back empty there is one again
        intake.came(10, 0, 20_000_000_000L, NOW);
        assertThat(intake.ask(IDLE, NOW)).isEqualTo(10);
        assertThat(intake.ask(IDLE, NOW)).isZero();
    }

    @Test
    void full_polls_bring_more_polls_up_to_the_free_handlers() {
        // given 25 free handlers and a poll that came back full
        Intake intake = new Intake(200, new PollBudget(24), NOW);
        Dispatcher.Load load = new Dispatcher.Load(25, 0, 0);
        int size = intake.ask(load, NOW);
        intake.came(size, size, 1_000_000, NOW);

        // when more is asked for
        int second = intake.ask(load, NOW);
        int third = intake.ask(load, NOW);
        intake.came(second, second, 1_000_000, NOW);
        int fourth = intake.ask(load, NOW);

        // then no more is asked for than the free handlers can take, in full batches
        assertThat(second).isEqualTo(10);
        assertThat(third).isEqualTo(10);
        assertThat(fourth).isEqualTo(10);
        assertThat(intake.ask(load, NOW)).isZero();
    }

    @Test
    void how_full_a_poll_came_back_says_whether_there_are_more_or_fewer() {
        // given more work than polls, and two polls in flight because the first came back full
        Intake intake = new Intake(800, new PollBudget(100), NOW);
        Dispatcher.Load load = new Dispatcher.Load(800, 0, 0);
        intake.came(intake.ask(load, NOW), 10, 1_000_000, NOW);
        assertThat(polls(intake, load)).isEqualTo(2);

        // then one that is half full brings one more
        intake.came(10, 5, 1_000_000, NOW);
        assertThat(polls(intake, load)).as("begun in place of one").isEqualTo(2);

        // and each that is less than half full one fewer, down to one
        intake.came(10, 4, 1_000_000, NOW);
        assertThat(polls(intake, load)).isZero();
        intake.came(10, 4, 1_000_000, NOW);
        assertThat(polls(intake, load)).isZero();
        intake.came(10, 4, 1_000_000, NOW);
        assertThat(polls(intake, load)).isEqualTo(1);
    }

    @Test
    void after_a_failure_there_is_one_poll_again() {
        Intake intake = new Intake(800, new PollBudget(100), NOW);
        Dispatcher.Load load = new Dispatcher.Load(800, 0, 0);
        intake.came(intake.ask(load, NOW), 10, 1_000_000, NOW);
        assertThat(polls(intake, load)).isEqualTo(2);

        intake.failed(10);
        intake.failed(10);

        assertThat(polls(intake, load)).isEqualTo(1);
    }

    @Test
    void what_is_ready_or_asked_for_already_is_not_asked_for_again() {
        Intake intake = new Intake(80, new PollBudget(24), NOW);

        assertThat(intake.ask(new Dispatcher.Load(5, 2, 0), NOW)).isEqualTo(3);
        assertThat(intake.ask(new Dispatcher.Load(5, 5, 0), NOW)).isZero();
    }

    @Test
    void no_poll_begins_while_it_is_shut_or_ever_after_the_stop() {
        Intake intake = new Intake(80, new PollBudget(24), NOW);
        intake.open(false);
        assertThat(intake.ask(IDLE, NOW)).isZero();

        intake.open(true);
        assertThat(intake.ask(IDLE, NOW)).isEqualTo(10);
        intake.came(10, 0, 1_000_000, NOW);

        intake.stop();
        intake.open(true);
        assertThat(intake.ask(IDLE, NOW)).isZero();
    }

    @Test
    void permits_bound_what_is_asked_for_and_in_hand() {
        // given 12 permits, 10 of them in hand
        Intake intake = new Intake(12, new PollBudget(24), NOW);
        intake.came(intake.ask(IDLE, NOW), 10, 1_000_000, NOW);

        // then 2 are left to ask for
        assertThat(intake.ask(IDLE, NOW)).isEqualTo(2);
        intake.came(2, 2, 1_000_000, NOW);
        assertThat(intake.ask(IDLE, NOW)).isZero();

        // and each that is settled makes room for one
        intake.settled();
        assertThat(intake.ask(IDLE, NOW)).isEqualTo(1);
    }

    @Test
    void what_was_asked_for_and_did_not_come_gives_its_permits_back() {
        Intake intake = new Intake(10, new PollBudget(24), NOW);
        intake.came(intake.ask(IDLE, NOW), 3, 1_000_000, NOW);
        intake.failed(intake.ask(IDLE, NOW));

        assertThat(intake.idle()).isFalse();
        intake.settled();
        intake.settled();
        intake.settled();
        assertThat(intake.idle()).isTrue();
    }

    @Test
    void busy_handlers_are_asked_for_as_many_as_were_over_lately() {
        // given no free handler, and 6 runs that were over within the last two round trips
        Intake intake = new Intake(80, new PollBudget(24), NOW);

        assertThat(intake.ask(new Dispatcher.Load(0, 0, 6), NOW)).isEqualTo(6);
    }

    @Test
    void lately_is_longer_where_round_trips_are() {
        // given a poll of 180 ms, which makes the mean round trip 40 ms instead of 20
        Intake intake = new Intake(80, new PollBudget(24), NOW);
        intake.came(intake.ask(IDLE, NOW), 10, 180_000_000, NOW);

        // when 6 runs are seen to be over after two of the short ones
        Dispatcher.Load load = new Dispatcher.Load(0, 0, 6);
        intake.came(intake.ask(load, 40_000_000), 0, 1_000_000, NOW);

        // then they still count after two of the long ones
        assertThat(intake.ask(load, 80_000_000)).isEqualTo(6);
    }

    @Test
    void the_polls_of_one_client_are_bounded_over_its_pollers_but_each_has_one() {
        // given two pollers on a client with a budget of 3 polls, both with full polls
        PollBudget budget = new PollBudget(3);
        Dispatcher.Load load = new Dispatcher.Load(100, 0, 0);
        Intake one = new Intake(800, budget, NOW);
        Intake other = new Intake(800, budget, NOW);
        one.came(one.ask(load, NOW), 10, 1_000_000, NOW);
        other.came(other.ask(load, NOW), 10, 1_000_000, NOW);

        // when the first takes all it gets
        assertThat(one.ask(load, NOW)).isEqualTo(10);
        assertThat(one.ask(load, NOW)).isEqualTo(10);

        // then the second still has its one, and no more
        assertThat(other.ask(load, NOW)).isEqualTo(10);
        assertThat(other.ask(load, NOW)).isZero();
    }

    /** How many polls begin now. */
    private static int polls(Intake intake, Dispatcher.Load load) {
        int polls = 0;
        while (intake.ask(load, NOW) > 0) {
            polls++;
        }
        return polls;
    }

    @Test
    void polls_that_come_back_empty_at_once_are_followed_by_rests_that_grow_to_a_second() {
        Intake intake = new Intake(80, new PollBudget(5), NOW);
        long now = NOW;
        for (long rest : new long[] {50, 100, 200, 400, 800, 1_000, 1_000}) {
            int size = intake.ask(IDLE, now);
            assertThat(size).isEqualTo(10);
            intake.came(size, 0, 1_000_000, now);

            assertThat(intake.rests(now)).isEqualTo(rest * 1_000_000);
            now += rest * 1_000_000;
            assertThat(intake.ask(IDLE, now - 1))
                    .as("1 ns before the rest is over")
                    .isZero();
        }
    }

    @Test
    void a_poll_that_waited_or_found_something_ends_the_rests() {
        Intake intake = new Intake(80, new PollBudget(5), NOW);
        intake.came(intake.ask(IDLE, NOW), 0, 1_000_000, NOW);
        long later = NOW + 50_000_000;

        intake.came(intake.ask(IDLE, later), 0, 1_000_000_000, later);
        assertThat(intake.rests(later)).isZero();
        intake.came(intake.ask(IDLE, later), 0, 1_000_000, later);

        assertThat(intake.rests(later)).as("as after the first").isEqualTo(50_000_000);
    }

    @Test
    void what_comes_to_a_closed_one_is_not_taken_in_hand() {
        Intake intake = new Intake(80, new PollBudget(5), NOW);
        int size = intake.ask(IDLE, NOW);
        intake.close();

        assertThat(intake.came(size, 3, 1_000_000, NOW)).isFalse();
        assertThat(intake.idle()).isTrue();
    }

    @Test
    void polls_that_are_left_are_not_waited_for_and_what_they_bring_in_time_is() {
        Intake intake = new Intake(80, new PollBudget(5), NOW);
        int size = intake.ask(IDLE, NOW);
        assertThat(intake.idle()).isFalse();

        intake.leavePolls();
        assertThat(intake.idle()).isTrue();
        assertThat(intake.came(size, 1, 1_000_000, NOW)).isTrue();
        assertThat(intake.idle()).isFalse();
        intake.settled();
        assertThat(intake.idle()).isTrue();
    }
}
