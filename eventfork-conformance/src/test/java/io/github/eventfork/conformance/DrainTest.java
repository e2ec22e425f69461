package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Health;
import io.github.eventfork.Settlement;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** close(): no new poll, what waits is given back, handlers finish, settlements are sent; within the drain timeout. */
@Promise(21)
class DrainTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @Test
    void what_runs_finishes_and_what_waits_is_given_back() {
        // given one handler that takes 5 s, and messages in hand that wait for it
        PollerHarness harness = slow(seconds(5), builder -> builder.inHand(40));
        Given.warmUp(harness);
        harness.deliver(IntStream.range(0, 5).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new));
        assertThat(harness.queue().messages())
                .filteredOn(item -> !item.visible())
                .hasSizeGreaterThan(1);
        assertThat(slowOnes()).hasSize(1);

        // when the poller is closed
        harness.close();

        // then the one is done, and the others are visible again, untouched
        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(slowOnes()).hasSize(1);
        assertThat(harness.queue().messages()).hasSize(4).allMatch(InMemoryQueue.Item::visible);
    }

    @Test
    void what_is_at_its_last_receive_runs_because_sqs_would_move_it_away() {
        PollerHarness harness = slow(seconds(5), builder -> builder.inHand(40));
        Given.warmUp(harness);
        harness.deliver(signup("m-1"), signup("m-2"), signup("last").receiveCount(3));
        assertThat(slowOnes()).containsExactly("m-1");

        harness.close();

        assertThat(slowOnes()).containsExactly("m-1", "last");
        assertThat(harness.queue().messages())
                .extracting(InMemoryQueue.Item::messageId)
                .containsExactly("m-2");
    }

    @Test
    void no_poll_begins_and_what_the_last_one_brings_is_given_back() {
        // given a poller whose poll is on its way
        PollerHarness harness = harness(seen::add).roundTrip(seconds(2)).build();
        harness.advance(seconds(1));
        int polls = harness.queue().log().count(Call.RECEIVE);
        harness.queue().send(signup("m-1"));

        harness.close();

        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(polls);
        assertThat(seen.ids()).isEmpty();
        assertThat(harness.queue().messages())
                .singleElement()
                .satisfies(item -> assertThat(item.visible()).isTrue());
    }

    @Test
    void a_handler_that_does_not_end_is_interrupted_before_the_drain_timeout() {
        List<String> ends = new ArrayList<>();
        PollerHarness harness = harness(event -> {
                    try {
                        hold.await();
                    } catch (InterruptedException e) {
                        ends.add("interrupted");
                        throw e;
                    }
                })
                .handlersOnThreads()
                .drainTimeout(seconds(25))
                .build();
        hold = harness.hold();
        harness.deliver(signup("m-1"));

        harness.close();

        assertThat(ends).containsExactly("interrupted");
        assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.GiveBack(Given.DELAY));
        assertThat(harness.time().elapsed()).isLessThanOrEqualTo(seconds(25));
    }

    @Test
    void a_handler_that_ignores_that_keeps_nobody_waiting() {
        PollerHarness harness = harness(event -> hold.awaitIgnoringInterrupts())
                .handlersOnThreads()
                .drainTimeout(seconds(25))
                .build();
        hold = harness.hold();
        harness.deliver(signup("m-1"));

        harness.close();

        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.time().elapsed()).isLessThanOrEqualTo(seconds(26));
        assertThat(harness.queue().messages()).hasSize(1);
        hold.release();
    }

    @Test
    void from_a_handlers_thread_it_begins_the_drain_and_returns() {
        PollerHarness[] running = new PollerHarness[1];
        List<Health.Status> inside = new ArrayList<>();
        running[0] = harness(event -> {
                    running[0].close();
                    inside.add(running[0].health().status());
                })
                .build();

        running[0].deliver(signup("m-1"));
        running[0].advance(seconds(25));

        assertThat(inside).containsExactly(Health.Status.DRAINING);
        assertThat(running[0].health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(running[0].queue().messages()).isEmpty();
    }

    @Test
    void a_drain_during_an_outage_ends_in_its_time_and_polls_no_more() {
        PollerHarness harness = harness(seen::add).build();
        harness.queue().faults().always(Call.RECEIVE, Fault.failing());
        harness.advance(seconds(25));
        int polls = harness.queue().log().count(Call.RECEIVE);

        harness.close();
        harness.queue().faults().none();
        harness.advance(Duration.ofMinutes(5));

        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(polls);
    }

    @Test
    void twice_is_fine() {
        PollerHarness harness = harness(seen::add).build();
        harness.close();
        harness.close();

        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
    }

    @Test
    void settlements_that_linger_are_sent_before_it_ends() {
        PollerHarness harness = harness(seen::add).build();
        harness.deliver(signup("m-1"));

        harness.close();

        assertThat(harness.queue().messages()).isEmpty();
    }

    @Test
    void in_a_fifo_lane_what_stands_before_one_at_its_last_receive_runs_too() {
        PollerHarness harness = slow(seconds(1), builder -> builder.fifo().concurrency(10));
        Given.deliverTogether(
                harness,
                signup("a-1").group("a"),
                signup("a-2").group("a"),
                signup("a-3").group("a").receiveCount(3),
                signup("a-4").group("a"));
        assertThat(slowOnes()).containsExactly("a-1");

        harness.close();

        assertThat(slowOnes()).containsExactly("a-1", "a-2", "a-3");
        assertThat(harness.queue().messages())
                .extracting(InMemoryQueue.Item::messageId)
                .containsExactly("a-4");
    }

    /** A poller whose handlers take so long. */
    private PollerHarness slow(Duration time, UnaryOperator<PollerHarness.Builder> more) {
        PollerHarness[] running = new PollerHarness[1];
        running[0] = more.apply(harness(event -> {
                            seen.add(event);
                            if (!event.delivery().messageId().startsWith("quick")) {
                                running[0].time().sleep(time);
                            }
                        })
                        .handlersOnThreads()
                        .concurrency(1))
                .build();
        return running[0];
    }

    private List<String> slowOnes() {
        return seen.ids().stream().filter(id -> !id.startsWith("quick")).toList();
    }

    private static PollerHarness.Builder harness(EventHandler<String> handler) {
        return ForkHarness.poller(
                Given.fork().on("signup", String.class, handler).build());
    }
}
