package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Outcome;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A second sight of a message in hand waits for the first. */
@Promise(14)
class SecondSightTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @Test
    void it_waits_for_the_first_and_is_acknowledged_without_running() {
        try (PollerHarness harness = harness(event -> {
                    seen.add(event);
                    hold.await();
                })
                .handlersOnThreads()
                .build()) {
            hold = harness.hold();
            harness.deliverTwice(signup("m-1"));
            assertThat(seen.ids()).containsExactly("m-1");

            hold.release();
            harness.advance(seconds(5));

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled(), new Outcome.Duplicate());
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    void it_runs_if_the_first_failed_and_the_firsts_delay_is_not_sent() {
        int[] runs = {0};
        try (PollerHarness harness = harness(event -> {
                    seen.add(event);
                    if (++runs[0] == 1) {
                        throw new IllegalStateException("the first time");
                    }
                })
                .build()) {
            harness.deliverTwice(signup("m-1"));
            harness.advance(Duration.ofMillis(500));

            assertThat(seen.ids()).containsExactly("m-1", "m-1");
            assertThat(harness.queue().log().visibilityChanges()).isEmpty();
        }
    }

    @Test
    void what_is_done_but_could_not_be_deleted_is_not_done_again() {
        try (PollerHarness harness =
                harness(seen::add).visibilityTimeout(seconds(30)).build()) {
            harness.queue().faults().next(Call.DELETE, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMinutes(2));

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    void on_a_fifo_queue_it_waits_for_a_handler_whose_lease_was_lost_and_is_acknowledged_unrun() {
        try (PollerHarness harness = harness(event -> {
                    seen.add(event);
                    hold.awaitIgnoringInterrupts();
                })
                .fifo()
                .visibilityTimeout(seconds(30))
                .maxReceiveCount(3)
                .handlersOnThreads()
                .build()) {
            // given a handler that ends well after its lease was lost, when the message has been seen again
            hold = harness.hold();
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1").group("g"));
            harness.advance(seconds(35));

            // when it ends
            hold.release();
            harness.advance(seconds(5));

            // then the second sight is acknowledged with its own receipt, and no third receive is used up
            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.timeline().steps(Step.Received.class))
                    .containsExactly(new Step.Received(1), new Step.Received(2));
        }
    }

    private static PollerHarness.Builder harness(EventHandler<String> handler) {
        return ForkHarness.poller(
                Given.fork().on("signup", String.class, handler).build());
    }
}
