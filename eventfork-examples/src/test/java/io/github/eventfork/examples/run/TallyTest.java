package io.github.eventfork.examples.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static final Outcome FAILED = new Outcome.Failed(new IllegalStateException("503"), Duration.ZERO);
    private static final Settlement GIVEN_BACK = new Settlement.GiveBack(Duration.ZERO);
    private static final Settlement ACKNOWLEDGED = new Settlement.Acknowledge();
    private static final Settlement DEAD = new Settlement.DeadLetter("reason", "fork", 3);

    private final Tally tally = new Tally();

    @Test
    void a_message_that_was_tried_three_times_counts_once() {
        // when
        tried("m", FAILED, GIVEN_BACK);
        tried("m", FAILED, GIVEN_BACK);
        tried("m", FAILED, DEAD);

        // then
        assertThat(tally.counts()).isEqualTo(new Counts(1, 0, 0, 0, 3, 0, 1));
    }

    @Test
    void the_longest_wait_is_that_of_any_message_so_far() {
        // when
        tried("1", FAILED, new Settlement.GiveBack(Duration.ofSeconds(60)));
        tried("2", FAILED, new Settlement.GiveBack(Duration.ofSeconds(5)));

        // then
        assertThat(tally.longestWait()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void each_end_has_a_count_of_its_own() {
        // when
        tried("1", new Outcome.Handled(), ACKNOWLEDGED);
        tried("2", new Outcome.Duplicate(), ACKNOWLEDGED);
        tried("3", new Outcome.Discarded(), ACKNOWLEDGED);
        tried("4", new Outcome.Rejected("why"), DEAD);

        // then
        assertThat(tally.counts()).isEqualTo(new Counts(4, 1, 1, 1, 0, 1, 1));
    }

    @Test
    void a_message_that_waited_for_its_key_counts_by_what_came_of_it() {
        // when
        tally.finished(delivery("m"), new Outcome.Postponed("another holds its key", Duration.ZERO));
        tried("m", new Outcome.Duplicate(), ACKNOWLEDGED);

        // then
        assertThat(tally.counts()).isEqualTo(new Counts(1, 0, 1, 0, 0, 0, 0));
    }

    @Test
    void work_done_whose_delete_was_lost_is_handled_and_no_duplicate() {
        // given a run whose settlement is unknown
        tally.finished(delivery("m"), new Outcome.Handled());

        // when the message comes again
        tried("m", new Outcome.Duplicate(), ACKNOWLEDGED);

        // then
        assertThat(tally.counts()).isEqualTo(new Counts(1, 1, 0, 0, 0, 0, 0));
    }

    @Test
    void it_tells_when_so_many_have_come_to_their_end() {
        // given
        tried("1", new Outcome.Handled(), ACKNOWLEDGED);
        CompletionStage<Void> two = tally.whenSettled(2);
        tried("2", FAILED, GIVEN_BACK);
        assertThat(two).isNotDone();

        // when
        tried("2", new Outcome.Handled(), ACKNOWLEDGED);

        // then
        assertThat(two).isDone();
        assertThat(tally.whenSettled(2)).isDone();
    }

    private void tried(String messageId, Outcome outcome, Settlement settlement) {
        tally.finished(delivery(messageId), outcome);
        tally.settled(delivery(messageId), settlement);
    }

    private static Delivery delivery(String messageId) {
        return Delivery.of("queue", messageId, "body").build();
    }
}
