package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A lost lease interrupts the handler and tells the event; what comes late is settled only where that still makes sense. */
@Promise(13)
class Promise13LostLeaseTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @ParameterizedTest
    @EnumSource
    void a_lost_lease_interrupts_the_handler_and_tells_the_event(Pollers poller) {
        List<String> told = new ArrayList<>();
        EventHandler<String> handler = event -> {
            event.lease().onLost(() -> told.add("lost"));
            try {
                hold.await();
            } catch (InterruptedException e) {
                told.add("interrupted, lost: " + event.lease().lost());
            }
        };
        try (PollerHarness harness = harness(poller, handler).build()) {
            hold = harness.hold();
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(16));

            assertThat(told).contains("lost", "interrupted, lost: true");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_lease_that_is_lost_before_anybody_listens_is_told_soon(Pollers poller) {
        List<String> told = new ArrayList<>();
        EventHandler<String> handler = event -> {
            hold.awaitIgnoringInterrupts();
            event.lease().onLost(() -> told.add("lost"));
            told.add("listened, " + event.lease().remaining());
        };
        try (PollerHarness harness = lateAfterTheLoss(harness(poller, handler))) {
            assertThat(told).containsExactly("listened, PT0S", "lost");
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_renewal_that_hangs_does_not_hide_that_the_lease_has_run_out(Pollers poller) {
        try (PollerHarness harness = harness(poller, event -> hold.await()).build()) {
            hold = harness.hold();
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.delayed(Duration.ofMinutes(5)));
            harness.deliver(signup("m-1"));

            harness.advance(seconds(31));

            assertThat(harness.timeline().steps(Step.LeaseLost.class)).hasSize(1);
            assertThat(harness.outcomes("m-1")).singleElement().isInstanceOf(Outcome.Failed.class);
            hold.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_late_success_on_a_standard_queue_is_sent_as_a_delete(Pollers poller) {
        try (PollerHarness harness = lateAfterTheLoss(harness(poller, event -> hold.awaitIgnoringInterrupts()))) {
            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled());
            assertThat(harness.queue().log().deletes()).hasSize(1);
            assertThat(harness.queue().messages()).isEmpty();

            // and nobody has it again
            harness.advance(Duration.ofMinutes(2));
            assertThat(harness.timeline().started()).containsExactly("m-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({13, 14})
    void a_late_success_on_a_fifo_queue_is_not_settled_and_when_it_comes_again_it_is_done_already(Pollers poller) {
        try (PollerHarness harness = lateAfterTheLoss(harness(poller, event -> {
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

    @ParameterizedTest
    @EnumSource
    void a_late_failure_is_not_settled_with_a_dead_receipt(Pollers poller) {
        try (PollerHarness harness = lateAfterTheLoss(harness(poller, event -> {
            hold.awaitIgnoringInterrupts();
            throw new IllegalStateException("late");
        }))) {
            // then the renewal that was refused was the last that the queue was asked
            assertThat(harness.queue().log().count(Call.CHANGE_VISIBILITY)).isEqualTo(1);
            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.GiveBack(Duration.ZERO));

            // and its late result was counted
            assertThat(harness.outcomes("m-1")).singleElement().isInstanceOf(Outcome.Failed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 13})
    void a_late_rejection_is_no_dead_letter(Pollers poller) {
        try (PollerHarness harness = lateAfterTheLoss(harness(poller, event -> {
            hold.awaitIgnoringInterrupts();
            throw new RejectedEventException("late");
        }))) {
            assertThat(harness.queue().log().count(Call.DEAD_LETTER)).isZero();
            assertThat(harness.queue().messages()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({12, 13})
    void a_renewal_that_is_refused_because_the_delete_has_come_through_is_no_lost_lease(Pollers poller) {
        // given deletes that are done and whose answers are lost, until the time of a renewal has come
        try (PollerHarness harness = harness(poller, seen::add).build()) {
            harness.queue().faults().always(Call.DELETE, Fault.lost());
            harness.deliver(signup("m-1"));
            harness.advance(seconds(13));
            harness.queue().faults().none();
            harness.advance(seconds(10));

            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::answer)
                    .contains(Entry.FINAL);
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();
            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
        }
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, false", "ENGINE, true", "SQS_POLLER, false", "SQS_POLLER, true"})
    void what_was_rejected_and_is_lost_before_its_copy_is_sent_is_no_dead_letter(Pollers poller, boolean fifo) {
        // given a process that is paused for longer than its lease while a copy lingers, and another that has the
        // message
        EventHandler<String> handler = event -> {
            throw new RejectedEventException("never");
        };
        PollerHarness.Builder builder = harness(poller, handler).maxReceiveCount(5);
        try (PollerHarness harness = (fifo ? builder.fifo() : builder).build()) {
            harness.advance(seconds(1));
            harness.queue().send(signup("m-1").group("g"));
            harness.advance(Duration.ofMillis(10));
            taken(harness, seconds(40));
            harness.time().pause(seconds(60), VirtualRuntime.Resumption.TIMERS_FIRST);
            harness.advance(seconds(10));

            // then nothing is done by the receipt that is spent
            assertThat(harness.deadLetters()).isEmpty();
            assertThat(harness.queue().log().deletes()).isEmpty();
            assertThat(harness.queue().messages())
                    .extracting(InMemoryQueue.Item::receives)
                    .containsExactly(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, false", "ENGINE, true", "SQS_POLLER, false", "SQS_POLLER, true"})
    void what_is_lost_while_its_copy_is_tried_again_is_no_dead_letter(Pollers poller, boolean fifo) {
        // given a copy, and renewals, that are not answered
        EventHandler<String> handler = event -> {
            throw new RejectedEventException("never");
        };
        PollerHarness.Builder builder = harness(poller, handler).maxReceiveCount(5);
        try (PollerHarness harness = (fifo ? builder.fifo() : builder).build()) {
            harness.advance(seconds(1));
            harness.queue()
                    .faults()
                    .next(Call.DEAD_LETTER, Fault.neverAnswered())
                    .always(Call.CHANGE_VISIBILITY, Fault.neverAnswered())
                    .always(Call.RECEIVE, Fault.failing());
            harness.queue().send(signup("m-1").group("g"));
            harness.advance(seconds(33));
            taken(harness, Duration.ZERO);
            harness.advance(seconds(60));

            assertThat(harness.deadLetters()).isEmpty();
            assertThat(harness.queue().log().deletes()).isEmpty();
            harness.queue().faults().none();
        }
    }

    /** Another consumer receives what is there, after that time, and keeps it. */
    private static void taken(PollerHarness harness, Duration after) {
        harness.time()
                .elsewhere(
                        after,
                        () -> harness.queue()
                                .elsewhere()
                                .receive(new Receive(10, Duration.ZERO, Optional.of(seconds(600)), Optional.empty())));
        harness.run();
    }

    @ParameterizedTest
    @EnumSource
    void a_loss_is_told_also_where_no_timer_has_found_it_first(Pollers poller) {
        // given two copies of a message, of which one runs while the process is paused for longer than their leases
        PollerHarness[] paused = new PollerHarness[1];
        EventHandler<String> handler = event -> {
            seen.add(event);
            if (seen.ids().size() == 1) {
                paused[0].time().pause(seconds(60), VirtualRuntime.Resumption.ANSWERS_FIRST);
                throw new IllegalStateException("late");
            }
        };
        try (PollerHarness harness = harness(poller, handler).build()) {
            paused[0] = harness;
            harness.pause();
            harness.advance(seconds(21));
            harness.queue().sendTwice(signup("m-1"));
            harness.resume();

            // when the handler goes on before any timer does
            harness.run();

            // then both losses are told: by who was about to settle the one, and by who was about to start the other
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).hasSize(2);
        }
    }

    /** Delivers, lets the lease be lost after 12.5 s, and lets the handler end before SQS hands it out again. */
    private PollerHarness lateAfterTheLoss(PollerHarness.Builder builder) {
        PollerHarness harness = builder.build();
        hold = harness.hold();
        harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
        harness.deliver(signup("m-1").group("g"));
        harness.advance(seconds(15));
        assertThat(harness.timeline().steps(Step.LeaseLost.class)).hasSize(1);
        hold.release();
        harness.advance(seconds(5));
        return harness;
    }

    private static PollerHarness.Builder harness(Pollers poller, EventHandler<String> handler) {
        return poller.of(Given.fork().on("signup", String.class, handler).build())
                .visibilityTimeout(seconds(30))
                .handlersOnThreads();
    }
}
