package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.Lease;
import io.github.eventfork.Outcome;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Settlement;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.Timeline;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A lease begins when its receive is sent, covers waiting, and is renewed until the settlement stands. */
@Promise(12)
class Promise12LeaseTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @ParameterizedTest
    @EnumSource
    void a_delivery_held_past_half_its_visibility_timeout_is_extended(Pollers poller) {
        // given a visibility timeout of 30 s and a handler that does not return
        try (PollerHarness harness = holding(poller).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));

            // when just more than half of it has passed
            harness.advance(seconds(16));

            // then the queue was asked once, for that message
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::messageId, QueueLog.VisibilityChange::timeout)
                    .containsExactly(tuple("m-1", seconds(30)));
            hold.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void before_half_of_it_nothing_is_asked(Pollers poller) {
        try (PollerHarness harness = holding(poller).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));

            harness.advance(seconds(12));

            assertThat(harness.queue().log().visibilityChanges()).isEmpty();
            hold.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void waiting_deliveries_are_covered_in_batches_of_ten(Pollers poller) {
        // given one handler that hangs, and messages that wait behind it up to the permits
        try (PollerHarness harness =
                holdingAllBut(poller, "quick").concurrency(1).inHand(25).build()) {
            hold = harness.hold();
            Given.warmUp(harness);
            harness.deliver(messages(30));
            List<String> inHand = invisible(harness);
            assertThat(inHand).hasSizeGreaterThan(10);

            // when six times half the visibility timeout pass
            harness.advance(seconds(91));

            // then what is in hand is what was, and none of it was lost meanwhile
            assertThat(invisible(harness)).isEqualTo(inHand);
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();

            // and each was renewed each time, by no more calls than full batches take
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::messageId)
                    .containsExactlyInAnyOrderElementsOf(times(6, inHand));
            assertThat(harness.queue().log().count(Call.CHANGE_VISIBILITY)).isEqualTo(6 * ((inHand.size() + 9) / 10));
            hold.release();
        }
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, 1", "ENGINE, 2", "ENGINE, 5", "SQS_POLLER, 1", "SQS_POLLER, 5"})
    void a_short_visibility_timeout_works_as_well(Pollers poller, long timeout) {
        try (PollerHarness harness =
                holding(poller).visibilityTimeout(seconds(timeout)).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));
            harness.advance(seconds(60));

            assertThat(seen.ids()).containsExactly("m-1");
            hold.release();
            harness.advance(seconds(1));
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_renewal_that_fails_is_tried_again(Pollers poller) {
        try (PollerHarness harness = holding(poller).build()) {
            hold = harness.hold();
            harness.queue()
                    .faults()
                    .next(
                            Call.CHANGE_VISIBILITY,
                            Fault.failing(),
                            Fault.answering(Entry.RETRIABLE),
                            Fault.leavingOut(1));
            harness.deliver(signup("m-1"));

            harness.advance(Duration.ofMinutes(2));

            assertThat(seen.ids()).containsExactly("m-1");
            hold.release();
            harness.advance(seconds(1));
            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_renewal_that_fails_for_some_entries_of_a_batch_concerns_those_alone(Pollers poller) {
        // given twelve deliveries in hand, and renewals of which one entry is refused for good, and another has to be
        // tried again
        try (PollerHarness harness = holding(poller).concurrency(12).build()) {
            hold = harness.hold();
            Given.deliverTogether(harness, messages(12));
            harness.queue()
                    .faults()
                    .next(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL, 3))
                    .next(Call.CHANGE_VISIBILITY, Fault.answering(Entry.RETRIABLE, 1));

            // when all have been renewed that could be, and the timeout of the one that could not is over
            harness.advance(seconds(24));
            List<String> granted = harness.queue().log().visibilityChanges().stream()
                    .map(QueueLog.VisibilityChange::messageId)
                    .toList();
            harness.advance(seconds(30));

            // then the eleven that were granted are still ours, and the one that was refused for good is not
            List<String> lost = harness.timeline().moments().stream()
                    .filter(moment -> moment.step() instanceof Step.LeaseLost)
                    .map(Timeline.Moment::messageId)
                    .toList();
            assertThat(lost).hasSize(1).doesNotContainAnyElementsOf(granted);
            assertThat(granted).hasSize(11).doesNotHaveDuplicates();
            assertThat(harness.timeline().steps(Step.Received.class))
                    .filteredOn(received -> received.receive() > 1)
                    .hasSize(1);
            hold.release();
            harness.advance(seconds(1));
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_renewed_lease_lasts_from_the_call_and_not_from_its_answer(Pollers poller) {
        Lease[] lease = new Lease[1];
        EventHandler<String> handler = event -> {
            lease[0] = event.lease();
            hold.await();
        };
        try (PollerHarness harness = harness(poller, handler).build()) {
            hold = harness.hold();
            // given a renewal at 12.5 s whose answer comes at 22.5 s, and another that has no answer yet
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.delayed(seconds(10)));
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMillis(25_500));

            // then 13 of its 30 s are over
            assertThat(lease[0].remaining()).isEqualTo(seconds(17));
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_lease_is_renewed_until_the_delete_stands(Pollers poller) {
        // given a visibility timeout of 2 s, and a queue that can't be told of any delete for longer than that
        try (PollerHarness harness =
                harness(poller, seen::add).visibilityTimeout(seconds(2)).build()) {
            harness.queue().faults().always(Call.DELETE, Fault.failing());
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMillis(3_500));

            // then nobody has received it again meanwhile
            assertThat(harness.timeline().steps(Step.Received.class)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void renewals_never_ask_for_more_than_12_hours_from_receipt(Pollers poller) {
        // given a visibility timeout of which twelve hours are no multiple, and a handler that takes them all
        try (PollerHarness harness = harness(poller, event -> hold.await())
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

    @ParameterizedTest
    @EnumSource
    void a_delay_waits_for_the_renewal_in_flight_and_none_comes_after_it(Pollers poller) {
        // given a renewal whose answer takes 5 s, and a handler that fails meanwhile
        EventHandler<String> handler = event -> {
            hold.await();
            throw new IllegalStateException("after the renewal began");
        };
        try (PollerHarness harness = harness(poller, handler).build()) {
            hold = harness.hold();
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.delayed(seconds(5)));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(14));
            hold.release();
            harness.advance(seconds(2));

            // then the delay has not been sent before the answer, and has been sent after it, last
            assertThat(harness.queue().log().visibilityChanges()).hasSize(1);
            harness.advance(seconds(2));
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::timeout)
                    .containsExactly(seconds(30), Given.DELAY);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({12, 19})
    void no_renewal_undoes_a_delay_whose_answer_takes_long(Pollers poller) {
        EventHandler<String> handler = event -> {
            throw new RetryLaterException(seconds(60), "rate limit");
        };
        try (PollerHarness harness = harness(poller, handler).build()) {
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

    @ParameterizedTest
    @EnumSource
    void the_processing_limit_interrupts_the_handler_and_gives_the_delivery_back(Pollers poller) {
        List<String> ends = new ArrayList<>();
        EventHandler<String> handler = event -> {
            try {
                hold.await();
            } catch (InterruptedException e) {
                ends.add("interrupted");
                throw e;
            }
        };
        try (PollerHarness harness =
                harness(poller, handler).processingLimit(Duration.ofMinutes(2)).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));

            harness.advance(Duration.ofSeconds(119));
            assertThat(ends).isEmpty();
            harness.advance(seconds(2));

            assertThat(ends).containsExactly("interrupted");
            assertThat(harness.outcomes("m-1")).singleElement().isInstanceOf(Outcome.Failed.class);
            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.GiveBack(Given.DELAY));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_processing_limit_is_each_runs_own(Pollers poller) {
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
                harness(poller, handler).processingLimit(Duration.ofMinutes(2)).build()) {
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

    @ParameterizedTest
    @EnumSource
    @Promise({12, 13})
    void a_handler_that_never_returns_is_interrupted_and_given_back_and_its_permit_comes_back(Pollers poller) {
        List<String> interrupted = new ArrayList<>();
        EventHandler<String> handler = event -> {
            seen.add(event);
            if (event.delivery().messageId().equals("stuck")) {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    interrupted.add(event.delivery().messageId());
                    hold.awaitIgnoringInterrupts();
                }
            }
        };
        try (PollerHarness harness = harness(poller, handler)
                .processingLimit(Duration.ofMinutes(2))
                .concurrency(2)
                .inHand(2)
                .build()) {
            hold = harness.hold();
            harness.deliver(signup("stuck"));

            // when its limit is over, and then what was left of its lease
            harness.advance(Duration.ofMinutes(3));

            // then it stands as given back, and a second sight of it waits in hand
            assertThat(interrupted).containsExactly("stuck");
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).hasSize(1);
            assertThat(harness.timeline().settlements("stuck")).containsExactly(new Settlement.GiveBack(Duration.ZERO));
            assertThat(harness.timeline().steps(Step.Received.class)).hasSize(2);

            // and of two permits one is still there for others
            harness.deliver(signup("m-1"), signup("m-2"));
            harness.advance(seconds(5));
            assertThat(seen.ids()).contains("m-1", "m-2");
            hold.release();
            harness.advance(seconds(5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_to_run_out_is_not_taken_along_in_a_batch_of_renewals(Pollers poller) {
        // given a handler past its limit, whose lease runs out, and others whose renewals are due at about that time
        EventHandler<String> handler = event -> {
            seen.add(event);
            hold.awaitIgnoringInterrupts();
        };
        try (PollerHarness harness = harness(poller, handler)
                .processingLimit(seconds(50))
                .concurrency(20)
                .build()) {
            hold = harness.hold();
            harness.deliver(signup("m-0"));
            for (int i = 1; i < 12; i++) {
                harness.advance(seconds(5));
                harness.deliver(signup("m-" + i));
            }

            // when the leases of the first eight have run out
            harness.advance(seconds(58));

            // then nothing was asked for the first from its limit on, not before it was received again after 70 s
            assertThat(harness.queue().log().visibilityChanges())
                    .filteredOn(change -> change.messageId().equals("m-0"))
                    .extracting(QueueLog.VisibilityChange::at)
                    .contains(seconds(40))
                    .noneMatch(at -> at.compareTo(seconds(40)) > 0 && at.compareTo(seconds(70)) < 0);

            // and each ran out 30 s after its last renewal before its limit
            assertThat(harness.timeline().moments())
                    .filteredOn(moment -> moment.step() instanceof Step.LeaseLost)
                    .extracting(Timeline.Moment::messageId, Timeline.Moment::at)
                    .startsWith(IntStream.range(0, 8)
                            .mapToObj(i -> tuple(
                                    "m-" + i,
                                    lastRenewal(harness, "m-" + i, seconds(50 + 5 * i))
                                            .plusSeconds(30)))
                            .toArray(Tuple[]::new));
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_delivery_whose_lease_has_run_out_does_not_start_and_nothing_behind_it_in_its_lane_does(Pollers poller) {
        // given one handler that hangs, while a lane of three waits
        try (PollerHarness harness = holdingAllBut(poller, "quick")
                .fifo()
                .concurrency(1)
                .maxReceiveCount(100)
                .build()) {
            hold = harness.hold();
            Given.warmUp(harness);
            Given.deliverTogether(
                    harness,
                    signup("b-1").group("b"),
                    signup("a-1").group("a"),
                    signup("a-2").group("a"),
                    signup("a-3").group("a"));
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.failing());

            // when all leases run out
            harness.advance(seconds(31));
            harness.queue().faults().none();
            hold.release();
            harness.advance(seconds(40));

            // then whatever ran came from a receive that was still ours, in order
            assertThat(seen.ids()).filteredOn(id -> id.startsWith("a")).containsExactly("a-1", "a-2", "a-3");
            assertThat(harness.timeline().of("a-1"))
                    .extracting(moment -> moment.step().getClass().getSimpleName())
                    .containsSubsequence("Received", "LeaseLost", "Received", "Started")
                    .doesNotContainSubsequence("Started", "LeaseLost");
        }
    }

    @ParameterizedTest
    @EnumSource
    void on_a_standard_queue_a_waiting_delivery_whose_lease_has_run_out_goes_alone(Pollers poller) {
        // given one handler that hangs, two deliveries that wait for it, and a renewal that is refused for one of them
        try (PollerHarness harness =
                holdingAllBut(poller, "quick").concurrency(1).build()) {
            hold = harness.hold();
            Given.warmUp(harness);
            Given.deliverTogether(harness, signup("m-1"), signup("m-2"), signup("m-3"));
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL, 1));
            harness.advance(seconds(24));

            // then it alone is let go unrun, as postponed
            assertThat(harness.outcomes("m-2")).singleElement().isInstanceOf(Outcome.Postponed.class);
            assertThat(harness.timeline().settlements("m-2")).containsExactly(new Settlement.GiveBack(Duration.ZERO));
            hold.release();
            harness.run();
            assertThat(seen.ids()).contains("m-1", "m-3").doesNotContain("m-2");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({2, 12})
    void a_listener_of_a_lease_that_throws_harms_neither_its_own_nor_its_neighbours(Pollers poller) {
        EventHandler<String> handler = event -> {
            seen.add(event);
            event.lease().onExtended(() -> {
                throw new IllegalStateException("a listener");
            });
            hold.await();
        };
        try (PollerHarness harness = harness(poller, handler).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"), signup("m-2"), signup("m-3"));
            harness.advance(Duration.ofMinutes(2));

            assertThat(seen.ids()).containsExactlyInAnyOrder("m-1", "m-2", "m-3");
            hold.release();
            harness.advance(seconds(1));
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    private PollerHarness.Builder holding(Pollers poller) {
        return holdingAllBut(poller, "nothing");
    }

    private PollerHarness.Builder holdingAllBut(Pollers poller, String prefix) {
        return harness(poller, event -> {
            seen.add(event);
            if (!event.delivery().messageId().startsWith(prefix)) {
                hold.await();
            }
        });
    }

    private static Message[] messages(int count) {
        return IntStream.range(0, count).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new);
    }

    private static List<String> invisible(PollerHarness harness) {
        return harness.queue().messages().stream()
                .filter(item -> !item.visible())
                .map(InMemoryQueue.Item::messageId)
                .toList();
    }

    private static List<String> times(int times, List<String> ids) {
        return Collections.nCopies(times, ids).stream().flatMap(List::stream).toList();
    }

    private static PollerHarness.Builder harness(Pollers poller, EventHandler<String> handler) {
        return poller.of(Given.fork().on("signup", String.class, handler).build())
                .visibilityTimeout(seconds(30))
                .handlersOnThreads();
    }

    // Clocks, processes and settings that are not what they were.

    @ParameterizedTest
    @CsvSource({"ENGINE, 10, 15", "SQS_POLLER, 10, 15", "ENGINE, 24, 1", "SQS_POLLER, 24, 1"})
    void an_answer_that_is_late_leaves_what_is_left_since_its_receive_was_sent(Pollers poller, long late, long left) {
        // given a receive that hides for 25 s, and an answer that is late by less
        Duration[] remaining = new Duration[1];
        EventHandler<String> handler = event -> remaining[0] = event.lease().remaining();
        try (PollerHarness harness = harness(poller, handler).build()) {
            harness.pause();
            harness.advance(seconds(21));
            harness.queue().send(signup("m-1"));
            harness.queue().faults().next(Call.RECEIVE, Fault.delayed(seconds(late)));
            harness.resume();

            harness.advance(seconds(late));

            assertThat(remaining).containsExactly(seconds(left));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_an_answer_brings_that_is_late_by_more_than_its_lease_does_not_start(Pollers poller) {
        // given an answer that is late by 40 s, when its messages have been handed out again
        try (PollerHarness harness = harness(poller, seen::add).build()) {
            harness.pause();
            harness.advance(seconds(21));
            harness.queue().send(signup("m-1"));
            harness.queue().faults().next(Call.RECEIVE, Fault.delayed(seconds(40)));
            harness.resume();
            harness.advance(seconds(41));

            // then it ran once, by its second receive
            harness.advance(seconds(60));
            assertThat(harness.timeline().of("m-1"))
                    .extracting(moment -> moment.step().toString())
                    .containsSubsequence("received (1)", "received (2)", "started: 'signup', attempt 2")
                    .doesNotContain("started: 'signup', attempt 1");
            assertThat(seen.ids()).containsExactly("m-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_a_process_holds_that_was_paused_for_longer_than_its_lease_does_not_start(Pollers poller) {
        // given one handler that is busy, and messages in hand that wait behind it when the process is paused for a
        // minute
        try (PollerHarness harness =
                holdingAllBut(poller, "quick").concurrency(1).inHand(8).build()) {
            hold = harness.hold();
            Given.warmUp(harness);
            Given.deliverTogether(harness, signup("m-1"), signup("m-2"), signup("m-3"));
            harness.time().pause(seconds(60), VirtualRuntime.Resumption.ANSWERS_FIRST);
            hold.release();
            harness.run();

            // then what waited ran by its second receive only
            harness.advance(seconds(60));
            assertThat(harness.timeline().steps(Step.Started.class))
                    .filteredOn(started -> started.toString().endsWith("attempt 1"))
                    .as("quick ones, and the one that ran when the process was paused")
                    .hasSize(21);
            assertThat(seen.ids()).contains("m-2", "m-3");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({12, 13})
    void a_machine_that_was_suspended_has_lost_what_ran_out_meanwhile_within_five_seconds(Pollers poller) {
        // given a handler that runs when its machine is suspended for a minute
        Lease[] lease = new Lease[1];
        EventHandler<String> handler = event -> {
            lease[0] = event.lease();
            hold.await();
        };
        try (PollerHarness harness = harness(poller, handler).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));
            harness.advance(seconds(5));

            harness.time().suspend(seconds(60));

            assertThat(lease[0].lost()).isTrue();
            harness.advance(seconds(5));
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, -3600", "SQS_POLLER, -3600", "ENGINE, 2", "SQS_POLLER, 2"})
    void a_wall_clock_that_is_set_back_or_forward_a_little_changes_nothing(Pollers poller, long seconds) {
        Lease[] lease = new Lease[1];
        EventHandler<String> handler = event -> {
            lease[0] = event.lease();
            hold.await();
        };
        try (PollerHarness harness = harness(poller, handler).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));
            harness.advance(seconds(5));

            harness.time().moveWallClock(seconds(seconds));

            assertThat(lease[0].remaining()).isEqualTo(seconds(20));
            hold.release();
            harness.run();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_renewal_that_is_never_answered_costs_no_lease(Pollers poller) {
        // given twelve deliveries whose first renewals are never answered
        try (PollerHarness harness = holding(poller).concurrency(12).build()) {
            hold = harness.hold();
            Given.deliverTogether(harness, messages(12));
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.neverAnswered(), Fault.neverAnswered());

            harness.advance(seconds(60));

            assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();
            assertThat(seen.ids()).hasSize(12).doesNotHaveDuplicates();
            hold.release();
            harness.advance(seconds(40));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_key_function_and_a_retry_policy_that_block_cost_nobody_a_lease(Pollers poller) {
        // given a fork beside this one, in the same process, whose key function and retry policy block for a minute
        // each
        List<String> blocked = new ArrayList<>();
        try (PollerHarness harness = holding(poller).build();
                PollerHarness beside = poller.of(blocking(harness.time(), blocked))
                        .time(harness.time())
                        .visibilityTimeout(seconds(30))
                        .build()) {
            hold = harness.hold();
            harness.deliver(messages(3));
            beside.deliver(signup("b-1"));

            harness.advance(seconds(130));

            // then both forks' leases were kept meanwhile
            assertThat(blocked).startsWith("key", "policy");
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();
            assertThat(beside.timeline().steps(Step.LeaseLost.class)).isEmpty();
            assertThat(seen.ids()).hasSize(3).doesNotHaveDuplicates();
            assertThat(beside.outcomes("b-1")).hasSize(1);
            hold.release();
            harness.advance(seconds(40));
        }
    }

    private static Fork blocking(VirtualRuntime time, List<String> blocked) {
        return Fork.named("blocking")
                .on("signup", String.class, event -> {
                    throw new IllegalStateException("each time");
                })
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore(10, time::nanoTime))
                        .by(IdempotencyKey.from(event -> {
                            blockFor(time, seconds(60));
                            blocked.add("key");
                            return Optional.of("key");
                        })))
                .retry(RetryPolicy.delayed((attempt, cause) -> {
                    blockFor(time, seconds(60));
                    blocked.add("policy");
                    return seconds(1);
                }))
                .build();
    }

    private static void blockFor(VirtualRuntime time, Duration length) {
        try {
            time.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_visibility_timeout_that_is_lowered_under_a_running_poller_is_what_is_believed(Pollers poller) {
        // given handlers that take 10 s on a queue that hides for a minute, and then for 2 s
        try (PollerHarness harness = harness(poller, event -> {
                    seen.add(event);
                    hold.await();
                })
                .visibilityTimeout(seconds(60))
                .build()) {
            hold = harness.hold();
            harness.queue().changeVisibilityTimeout(seconds(2));
            harness.deliver(messages(5));
            harness.advance(Duration.ofMinutes(10));

            // then each has run once, also when the queue has told of its new setting
            assertThat(seen.ids()).hasSize(5).doesNotHaveDuplicates();
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::timeout)
                    .contains(seconds(60), seconds(2));
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();
            hold.release();
            harness.run();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_queue_is_asked_what_it_is_each_five_minutes_along_with_a_poll(Pollers poller) {
        try (PollerHarness harness = harness(poller, seen::add).build()) {
            harness.advance(Duration.ofHours(1).plusMinutes(1));

            // once at the start, and no oftener than each five minutes
            assertThat(harness.queue().log().count(Call.FACTS)).isBetween(11, 13);
        }
    }

    private static Duration lastRenewal(PollerHarness harness, String messageId, Duration before) {
        return harness.queue().log().visibilityChanges().stream()
                .filter(change ->
                        change.messageId().equals(messageId) && change.at().compareTo(before) <= 0)
                .map(QueueLog.VisibilityChange::at)
                .reduce(Duration.ZERO, (earlier, later) -> later);
    }
}
