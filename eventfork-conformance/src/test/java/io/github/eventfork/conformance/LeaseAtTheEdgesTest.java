package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Lease;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What LeaseTest claims, at the edges. */
class LeaseAtTheEdgesTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @Test
    @Promise({12, 19})
    void no_renewal_undoes_a_delay_whose_answer_takes_long() {
        EventHandler<String> handler = event -> {
            throw new RetryLaterException(seconds(60), "rate limit");
        };
        try (PollerHarness harness = harness(handler).build()) {
            // given a delay of 60 s that is set at once and answered after 35 s
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.delayed(seconds(35)));
            harness.deliver(signup("m-1"));

            // when the time of a renewal comes
            harness.advance(seconds(34));

            // then there is none
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::timeout)
                    .containsExactly(seconds(60));
        }
    }

    @Test
    @Promise(12)
    void a_renewed_lease_lasts_from_the_call_and_not_from_its_answer() {
        Lease[] lease = new Lease[1];
        EventHandler<String> handler = event -> {
            lease[0] = event.lease();
            hold.await();
        };
        try (PollerHarness harness = harness(handler).build()) {
            hold = harness.hold();
            // given a renewal at 15 s whose answer comes at 25 s
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.delayed(seconds(10)));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(26));

            // then 11 of its 30 s are over
            assertThat(lease[0].remaining()).isEqualTo(seconds(19));
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @Test
    @Promise(12)
    void the_processing_limit_is_each_runs_own() {
        List<String> ends = new ArrayList<>();
        EventHandler<String> handler = event -> {
            try {
                hold.await();
            } catch (InterruptedException e) {
                ends.add(event.delivery().messageId());
                throw e;
            }
        };
        try (PollerHarness harness =
                harness(handler).processingLimit(Duration.ofMinutes(2)).build()) {
            hold = harness.hold();
            // given two runs that begin a minute apart
            harness.deliver(signup("m-1"));
            harness.advance(seconds(60));
            harness.deliver(signup("m-2"));

            harness.advance(seconds(61));
            assertThat(ends).startsWith("m-1").doesNotContain("m-2");
            harness.advance(seconds(60));
            assertThat(ends).contains("m-2");
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @Test
    @Promise(12)
    void renewals_never_ask_for_more_than_12_hours_from_receipt() {
        // given a visibility timeout of which twelve hours are no multiple, and a handler that takes them all
        try (PollerHarness harness = harness(event -> hold.await())
                .visibilityTimeout(Duration.ofMinutes(50))
                .processingLimit(Duration.ofHours(12))
                .build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofHours(11).plusMinutes(50));

            // then all renewals were granted, and the lease is still ours
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::answer)
                    .containsOnly(Entry.DONE);
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @Test
    @Promise(12)
    void a_lease_is_renewed_until_the_delete_stands() {
        // given a visibility timeout of 2 s, and a queue that can't be told of any delete for longer than that
        try (PollerHarness harness =
                harness(seen::add).visibilityTimeout(seconds(2)).build()) {
            harness.queue().faults().always(Call.DELETE, Fault.failing());
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMillis(3_500));

            // then nobody has received it again meanwhile
            assertThat(harness.timeline().steps(Step.Received.class)).hasSize(1);
        }
    }

    @Test
    @Promise({12, 13})
    void a_renewal_that_is_refused_because_the_delete_has_come_through_is_no_lost_lease() {
        // given deletes that are done and whose answers are lost, until the time of a renewal has come
        Fault lost = Fault.lost();
        try (PollerHarness harness =
                harness(seen::add).visibilityTimeout(seconds(3)).build()) {
            harness.queue().faults().next(Call.DELETE, lost, lost, lost, lost, lost, lost);
            harness.deliver(signup("m-1"));
            harness.advance(seconds(10));

            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::answer)
                    .contains(Entry.FINAL);
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();
            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
        }
    }

    @Test
    @Promise(13)
    void a_late_failure_is_not_settled_with_a_dead_receipt() {
        try (PollerHarness harness = lateAfterTheLoss(harness(event -> {
            hold.awaitIgnoringInterrupts();
            throw new IllegalStateException("late");
        }))) {
            // then the renewal that was refused was the last that the queue was asked
            assertThat(harness.queue().log().count(Call.CHANGE_VISIBILITY)).isEqualTo(1);
            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.GiveBack(Duration.ZERO));
        }
    }

    @Test
    @Promise({1, 13})
    void a_late_rejection_is_no_dead_letter() {
        try (PollerHarness harness = lateAfterTheLoss(harness(event -> {
            hold.awaitIgnoringInterrupts();
            throw new RejectedEventException("late");
        }))) {
            assertThat(harness.queue().log().count(Call.DEAD_LETTER)).isZero();
            assertThat(harness.queue().messages()).hasSize(1);
        }
    }

    @Test
    @Promise(13)
    void a_late_success_on_a_standard_queue_is_sent_as_a_delete() {
        try (PollerHarness harness = lateAfterTheLoss(harness(event -> hold.awaitIgnoringInterrupts()))) {
            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled());
            assertThat(harness.queue().log().deletes()).hasSize(1);
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    @Promise({13, 14})
    void a_late_success_on_a_fifo_queue_is_not_settled_and_when_it_comes_again_it_is_done_already() {
        try (PollerHarness harness = lateAfterTheLoss(harness(event -> {
                    seen.add(event);
                    hold.awaitIgnoringInterrupts();
                })
                .fifo())) {
            assertThat(harness.queue().log().deletes()).isEmpty();

            // when it is received again
            harness.queue().faults().none();
            harness.advance(seconds(30));

            // then it is acknowledged without running
            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    @Promise(19)
    void a_delay_that_ends_12_hours_from_receipt_is_granted() {
        // given a handler that takes an hour and then wants to be tried again in 12
        PollerHarness[] running = new PollerHarness[1];
        running[0] = harness(event -> {
                    running[0].time().sleep(Duration.ofHours(1));
                    throw new RetryLaterException(Duration.ofHours(12), "tomorrow");
                })
                .processingLimit(Duration.ofHours(2))
                .build();
        try (PollerHarness harness = running[0]) {
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofHours(1).plusSeconds(1));

            // then the queue has granted the delay, and what is left of 12 hours is asked for
            QueueLog.VisibilityChange last = last(harness);
            assertThat(last.answer()).isEqualTo(Entry.DONE);
            assertThat(last.timeout())
                    .isLessThanOrEqualTo(Duration.ofHours(11))
                    .isGreaterThan(Duration.ofHours(11).minusMinutes(10));
        }
    }

    @Test
    @Promise(15)
    void what_begins_without_any_time_is_reported_unrun() {
        LambdaHarness harness = ForkHarness.lambda(
                        Given.fork().on("signup", String.class, seen::add).build())
                .remaining(Duration.ofMillis(900))
                .margin(seconds(1))
                .build();

        assertThat(harness.invoke(signup("m-1"), signup("m-2"))).containsExactlyInAnyOrder("m-1", "m-2");
        assertThat(seen.ids()).isEmpty();
    }

    /** Delivers, lets the lease be lost after 15 s, and lets the handler end 5 s later. */
    private PollerHarness lateAfterTheLoss(PollerHarness.Builder builder) {
        PollerHarness harness = builder.build();
        hold = harness.hold();
        harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
        harness.deliver(signup("m-1").group("g"));
        harness.advance(seconds(20));
        assertThat(harness.timeline().steps(Step.LeaseLost.class)).hasSize(1);
        hold.release();
        harness.advance(seconds(5));
        return harness;
    }

    private static QueueLog.VisibilityChange last(PollerHarness harness) {
        List<QueueLog.VisibilityChange> all = harness.queue().log().visibilityChanges();
        return all.get(all.size() - 1);
    }

    private static PollerHarness.Builder harness(EventHandler<String> handler) {
        return ForkHarness.poller(
                        Given.fork().on("signup", String.class, handler).build())
                .visibilityTimeout(seconds(30))
                .handlersOnThreads();
    }
}
