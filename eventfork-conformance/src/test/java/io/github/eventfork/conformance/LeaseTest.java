package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Outcome;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lease begins at receipt, covers waiting, and is renewed from half its length on until the settlement stands. */
@Promise(12)
class LeaseTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @Test
    void a_delivery_held_past_half_its_visibility_timeout_is_extended() {
        // given a visibility timeout of 30 s and a handler that does not return
        try (PollerHarness harness = holding().build()) {
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

    @Test
    void before_half_of_it_nothing_is_asked() {
        try (PollerHarness harness = holding().build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));

            harness.advance(seconds(14));

            assertThat(harness.queue().log().visibilityChanges()).isEmpty();
            hold.release();
        }
    }

    @Test
    void waiting_deliveries_are_covered_in_batches_of_ten() {
        // given one handler that hangs, and messages that wait behind it up to the permits
        try (PollerHarness harness =
                holdingAllBut("quick").concurrency(1).inHand(25).build()) {
            hold = harness.hold();
            Given.warmUp(harness);
            harness.deliver(
                    IntStream.range(0, 30).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new));
            assertThat(invisible(harness)).isGreaterThan(10);

            // when six times half the visibility timeout pass
            int before = harness.queue().log().count(Call.CHANGE_VISIBILITY);
            harness.advance(seconds(91));

            // then none was handed out again, and a renewal of them all took no more calls than full batches do
            assertThat(harness.timeline().steps(Step.Received.class))
                    .extracting(Step.Received::receive)
                    .containsOnly(1);
            assertThat(harness.queue().log().count(Call.CHANGE_VISIBILITY) - before)
                    .isLessThanOrEqualTo(6 * ((invisible(harness) + 9) / 10));
            hold.release();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 5})
    void a_short_visibility_timeout_works_as_well(long timeout) {
        try (PollerHarness harness =
                holding().visibilityTimeout(seconds(timeout)).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));
            harness.advance(seconds(60));

            assertThat(seen.ids()).containsExactly("m-1");
            hold.release();
            harness.advance(seconds(1));
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    void a_delay_waits_for_the_renewal_in_flight_and_none_comes_after_it() {
        // given a renewal whose answer takes 5 s, and a handler that fails meanwhile
        EventHandler<String> handler = event -> {
            hold.await();
            throw new IllegalStateException("after the renewal began");
        };
        try (PollerHarness harness = harness(handler).build()) {
            hold = harness.hold();
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.delayed(seconds(5)));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(16));
            hold.release();
            harness.advance(seconds(2));

            // then the delay has not been sent before the answer, and has been sent after it, last
            assertThat(harness.queue().log().visibilityChanges()).hasSize(1);
            harness.advance(seconds(4));
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::timeout)
                    .containsExactly(seconds(30), Given.DELAY);
        }
    }

    @Test
    void a_renewal_that_fails_is_tried_again() {
        try (PollerHarness harness = holding().build()) {
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

    @Test
    void a_delivery_whose_lease_has_run_out_does_not_start_and_nothing_behind_it_in_its_lane_does() {
        // given one handler that hangs, while a lane of three waits
        try (PollerHarness harness = holdingAllBut("quick")
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

    @Test
    void the_processing_limit_interrupts_the_handler_and_gives_the_delivery_back() {
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
                harness(handler).processingLimit(Duration.ofMinutes(2)).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));

            harness.advance(Duration.ofSeconds(119));
            assertThat(ends).isEmpty();
            harness.advance(seconds(2));

            assertThat(ends).containsExactly("interrupted");
            assertThat(harness.outcomes("m-1")).singleElement().isInstanceOf(Outcome.Failed.class);
            assertThat(harness.timeline().settlements("m-1")).hasSize(1);
        }
    }

    @Test
    @Promise({12, 13})
    void a_handler_that_never_returns_loses_its_lease_after_the_limit_and_its_permit_comes_back() {
        EventHandler<String> handler = event -> {
            seen.add(event);
            if (event.delivery().messageId().equals("stuck")) {
                hold.awaitIgnoringInterrupts();
            }
        };
        try (PollerHarness harness = harness(handler)
                .processingLimit(Duration.ofMinutes(2))
                .concurrency(2)
                .inHand(2)
                .build()) {
            hold = harness.hold();
            harness.deliver(signup("stuck"));
            harness.advance(Duration.ofMinutes(3));

            // then its lease is not renewed any more, and the other handler still gets work
            assertThat(harness.timeline().steps(Step.LeaseLost.class)).isNotEmpty();
            harness.deliver(signup("m-1"), signup("m-2"));
            harness.advance(seconds(5));
            assertThat(seen.ids()).contains("m-1", "m-2");
            hold.release();
            harness.advance(seconds(5));
        }
    }

    @Test
    @Promise({2, 12})
    void a_listener_of_a_lease_that_throws_harms_neither_its_own_nor_its_neighbours() {
        EventHandler<String> handler = event -> {
            seen.add(event);
            event.lease().onExtended(() -> {
                throw new IllegalStateException("a listener");
            });
            hold.await();
        };
        try (PollerHarness harness = harness(handler).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"), signup("m-2"), signup("m-3"));
            harness.advance(Duration.ofMinutes(2));

            assertThat(seen.ids()).containsExactlyInAnyOrder("m-1", "m-2", "m-3");
            hold.release();
            harness.advance(seconds(1));
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    void what_is_to_run_out_is_not_taken_along_in_a_batch_of_renewals() {
        // given a handler past its limit, whose lease runs out, and others whose renewals are due at about that time
        EventHandler<String> handler = event -> {
            seen.add(event);
            hold.awaitIgnoringInterrupts();
        };
        try (PollerHarness harness =
                harness(handler).processingLimit(seconds(50)).concurrency(20).build()) {
            hold = harness.hold();
            harness.deliver(signup("m-0"));
            for (int i = 1; i < 12; i++) {
                harness.advance(seconds(5));
                harness.deliver(signup("m-" + i));
            }

            // when their leases come and go
            int calls = harness.queue().log().count(Call.CHANGE_VISIBILITY);
            harness.advance(seconds(60));

            // then time goes on, and a renewal for each of them is asked for at most every half of its length
            assertThat(harness.queue().log().count(Call.CHANGE_VISIBILITY) - calls)
                    .isLessThan(60);
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @Test
    @Promise(13)
    void a_renewal_that_hangs_does_not_hide_that_the_lease_has_run_out() {
        try (PollerHarness harness = holding().build()) {
            hold = harness.hold();
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.delayed(Duration.ofMinutes(5)));
            harness.deliver(signup("m-1"));

            harness.advance(seconds(31));

            assertThat(harness.timeline().steps(Step.LeaseLost.class)).hasSize(1);
            assertThat(harness.outcomes("m-1")).singleElement().isInstanceOf(Outcome.Failed.class);
            hold.release();
        }
    }

    @Test
    @Promise(13)
    void a_late_success_on_a_standard_queue_is_still_deleted() {
        EventHandler<String> handler = event -> {
            seen.add(event);
            hold.awaitIgnoringInterrupts();
        };
        try (PollerHarness harness = harness(handler).maxReceiveCount(100).build()) {
            hold = harness.hold();
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(16));
            harness.queue().faults().none();
            hold.release();
            harness.advance(Duration.ofMinutes(2));

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    @Promise(13)
    void a_lost_lease_interrupts_the_handler_and_tells_the_event() {
        List<String> told = new ArrayList<>();
        EventHandler<String> handler = event -> {
            event.lease().onLost(() -> told.add("lost"));
            try {
                hold.await();
            } catch (InterruptedException e) {
                told.add("interrupted, lost: " + event.lease().lost());
            }
        };
        try (PollerHarness harness = harness(handler).build()) {
            hold = harness.hold();
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(16));

            assertThat(told).contains("lost", "interrupted, lost: true");
        }
    }

    private PollerHarness.Builder holding() {
        return holdingAllBut("nothing");
    }

    private PollerHarness.Builder holdingAllBut(String prefix) {
        return harness(event -> {
            seen.add(event);
            if (!event.delivery().messageId().startsWith(prefix)) {
                hold.await();
            }
        });
    }

    private static int invisible(PollerHarness harness) {
        return (int) harness.queue().messages().stream()
                .filter(item -> !item.visible())
                .count();
    }

    private static PollerHarness.Builder harness(EventHandler<String> handler) {
        return ForkHarness.poller(
                        Given.fork().on("signup", String.class, handler).build())
                .visibilityTimeout(seconds(30))
                .handlersOnThreads();
    }
}
