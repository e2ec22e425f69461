package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Outcome;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Dispatcher.Limits POLLER = new Dispatcher.Limits(1, Optional.empty(), true, true);
    private static final Duration KEEPABLE = Duration.ofMinutes(1);
    private static final Duration FOR_ANOTHER_RUN = Duration.ofSeconds(30);
    private static final Duration DELAY = Duration.ofSeconds(2);
    private static final Outcome.Failed FAILED = new Outcome.Failed(new IllegalStateException("again"), DELAY);

    private final ManualRuntime runtime = new ManualRuntime();

    @Test
    void the_last_attempt_is_a_dead_letter_that_names_attempt_and_failure() {
        assertThat(verdict("orders", 2, false).failed(FAILED)).isEqualTo(new Settlement.GiveBack(DELAY));
        assertThat(verdict("orders", 3, false).failed(FAILED))
                .isEqualTo(new Settlement.DeadLetter(
                        "failed at attempt 3 of 3 with java.lang.IllegalStateException: again", "fork", 3));
        assertThat(verdict("orders", 4, false).failed(new Outcome.Failed(new IllegalStateException(), DELAY)))
                .isEqualTo(new Settlement.DeadLetter(
                        "failed at attempt 4 of 3 with java.lang.IllegalStateException", "fork", 4));
    }

    @Test
    void a_failure_in_hand_counts_as_an_attempt() {
        Work work = work("orders.fifo", 2);
        work.failures = 1;

        assertThat(verdict(work, false).failed(FAILED)).isInstanceOf(Settlement.DeadLetter.class);
    }

    @Test
    void what_is_put_off_is_given_back_while_receives_are_left_and_waits_in_hand_at_the_last_one() {
        assertThat(putOff(work("orders", 3), 4, DELAY, false)).isEqualTo(new Settlement.GiveBack(DELAY));
        assertThat(putOff(work("orders", 4), 4, DELAY, false)).isEqualTo(new Settlement.TryAgain(DELAY));
        assertThat(putOff(work("orders.fifo", 1), 4, DELAY, false)).isEqualTo(new Settlement.TryAgain(DELAY));
    }

    @Test
    void what_is_put_off_and_can_not_wait_is_given_back_while_receives_are_left_and_then_a_dead_letter() {
        assertThat(putOff(work("orders.fifo", 3), 4, DELAY, true)).isEqualTo(new Settlement.GiveBack(DELAY));
        assertThat(putOff(work("orders", 4), 4, DELAY, true)).isInstanceOf(Settlement.DeadLetter.class);
        Duration most = KEEPABLE.minus(FOR_ANOTHER_RUN);
        assertThat(putOff(work("orders", 4), 4, most.minusNanos(1), false)).isInstanceOf(Settlement.TryAgain.class);
        assertThat(putOff(work("orders", 4), 4, most, false)).isInstanceOf(Settlement.DeadLetter.class);
    }

    @Test
    void what_is_put_off_for_ever_is_given_back_for_as_long_as_can_be_and_at_its_last_receive_a_dead_letter() {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        Work work = work("orders", 3);

        assertThat(putOff(work, 4, forEver, false)).isEqualTo(new Settlement.GiveBack(work.lease.hideable()));
        assertThat(putOff(work("orders.fifo", 4), 4, forEver, false)).isInstanceOf(Settlement.DeadLetter.class);
    }

    @Test
    void what_was_put_off_and_can_not_run_once_more_is_a_dead_letter_that_says_why_it_was_put_off() {
        Work work = work("orders", 3);
        work.putOff = new Outcome.Failed(new RetryLaterException(DELAY, "rate limit"), DELAY);

        assertThat(verdict(work, true).postponed(postponed(Duration.ZERO)))
                .isEqualTo(new Settlement.DeadLetter(
                        "failed at attempt 3 of 3 with io.github.eventfork.RetryLaterException: rate limit",
                        "fork",
                        3));
        assertThat(verdict(work, false).postponed(postponed(DELAY))).isEqualTo(new Settlement.TryAgain(DELAY));
    }

    @Test
    void what_is_put_off_by_no_time_waits_in_hand_for_a_second() {
        assertThat(putOff(work("orders", 4), 4, Duration.ZERO, false))
                .isEqualTo(new Settlement.TryAgain(Duration.ofSeconds(1)));
    }

    @Test
    void what_is_put_off_where_no_lease_is_renewed_is_a_failure_as_any_other() {
        Dispatcher.Limits lambda = new Dispatcher.Limits(1, Optional.empty(), true, false);
        Outcome.Failed later = new Outcome.Failed(new RetryLaterException(DELAY, "later"), DELAY);

        assertThat(new Verdict("fork", work("orders", 3), 3, OptionalInt.empty(), lambda, false, true).failed(later))
                .isInstanceOf(Settlement.DeadLetter.class);
    }

    @Test
    void the_smaller_of_the_forks_attempts_and_the_queues_count_holds() {
        assertThat(new Verdict("fork", work("orders", 2), 3, OptionalInt.of(2), POLLER, false, true).failed(FAILED))
                .isInstanceOf(Settlement.DeadLetter.class);
        assertThat(new Verdict("fork", work("orders", 3), 3, OptionalInt.of(9), POLLER, false, true).failed(FAILED))
                .isInstanceOf(Settlement.DeadLetter.class);
    }

    private static Settlement putOff(Work work, int maxReceiveCount, Duration delay, boolean stopping) {
        return new Verdict("fork", work, 3, OptionalInt.of(maxReceiveCount), POLLER, stopping, !stopping)
                .failed(new Outcome.Failed(new RetryLaterException(delay, "later"), delay));
    }

    @Test
    void what_is_done_done_before_or_unwanted_is_acknowledged_and_what_is_rejected_a_dead_letter() {
        Verdict verdict = verdict("orders", 1, false);

        assertThat(verdict.handled(new Outcome.Handled())).isEqualTo(new Settlement.Acknowledge());
        assertThat(verdict.duplicate(new Outcome.Duplicate())).isEqualTo(new Settlement.Acknowledge());
        assertThat(verdict.discarded(new Outcome.Discarded())).isEqualTo(new Settlement.Acknowledge());
        assertThat(verdict.rejected(new Outcome.Rejected("why")))
                .isEqualTo(new Settlement.DeadLetter("why", "fork", 1));
    }

    @Test
    void what_was_stopped_is_given_back_at_once_and_at_its_last_receive_a_dead_letter() {
        Outcome.Stopped stopped = new Outcome.Stopped(new InterruptedException());

        assertThat(of(work("orders", 3), OptionalInt.of(4)).stopped(stopped))
                .isEqualTo(new Settlement.GiveBack(Duration.ZERO));
        assertThat(of(work("orders.fifo", 3), OptionalInt.of(4)).stopped(stopped))
                .isEqualTo(new Settlement.GiveBack(Duration.ZERO));
        assertThat(of(work("orders", 4), OptionalInt.of(4)).stopped(stopped))
                .isEqualTo(new Settlement.DeadLetter(
                        "stopped at its last receive, 4 of 4, because the poller closed or the invocation's time was over,"
                                + " with java.lang.InterruptedException",
                        "fork",
                        4));
    }

    @Test
    void what_was_stopped_is_no_dead_letter_where_nobody_knows_whether_it_comes_again() {
        Outcome.Stopped stopped = new Outcome.Stopped(new InterruptedException());

        assertThat(of(work("orders", 9), OptionalInt.empty()).stopped(stopped))
                .isEqualTo(new Settlement.GiveBack(Duration.ZERO));
    }

    private static Verdict of(Work work, OptionalInt maxReceiveCount) {
        return new Verdict("fork", work, 3, maxReceiveCount, POLLER, true, false);
    }

    @Test
    void a_failed_head_of_a_fifo_lane_is_tried_again_in_hand_as_long_as_it_can_be_kept() {
        assertThat(verdict("orders.fifo", 1, false).failed(FAILED)).isEqualTo(new Settlement.TryAgain(DELAY));
        assertThat(verdict("orders.fifo", 1, true).failed(FAILED)).isEqualTo(new Settlement.GiveBack(DELAY));
    }

    @Test
    void what_is_postponed_is_tried_again_in_hand_unless_it_can_be_kept_no_longer_than_that() {
        assertThat(verdict("orders", 1, false).postponed(postponed(KEEPABLE.minusNanos(1))))
                .isEqualTo(new Settlement.TryAgain(KEEPABLE.minusNanos(1)));
        assertThat(verdict("orders", 1, false).postponed(postponed(KEEPABLE)))
                .isEqualTo(new Settlement.GiveBack(KEEPABLE));
        assertThat(verdict("orders", 1, true).postponed(postponed(DELAY))).isEqualTo(new Settlement.GiveBack(DELAY));
    }

    @Test
    void what_is_given_back_is_hidden_no_longer_than_sqs_allows() {
        assertThat(verdict("orders", 1, false).postponed(postponed(Duration.ofHours(12))))
                .isEqualTo(new Settlement.GiveBack(Duration.ofHours(12).minusMinutes(6)));
    }

    private static Outcome.Postponed postponed(Duration delay) {
        return new Outcome.Postponed("another holds its key", delay);
    }

    private Verdict verdict(String queue, int receiveCount, boolean stopping) {
        return verdict(work(queue, receiveCount), stopping);
    }

    private static Verdict verdict(Work work, boolean stopping) {
        return new Verdict("fork", work, 3, OptionalInt.empty(), POLLER, stopping, !stopping);
    }

    private Work work(String queue, int receiveCount) {
        Delivery delivery =
                Delivery.of(queue, "m-1", "{}").receiveCount(receiveCount).build();
        return new Work(delivery, KeptLease.lasting(runtime, KEEPABLE));
    }
}
