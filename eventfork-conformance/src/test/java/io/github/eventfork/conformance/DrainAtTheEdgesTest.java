package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Health;
import io.github.eventfork.Lease;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What DrainTest claims, at the edges. */
@Promise(21)
class DrainAtTheEdgesTest {

    private final Given.Seen seen = new Given.Seen();
    private PollerHarness harness;
    private Hold hold;

    @Test
    void no_poll_begins_and_what_the_last_one_brings_is_given_back() {
        // given a poller that knows its queue's facts, and whose poll has just reached the queue
        harness = harness(seen::add).roundTrip(seconds(2)).build();
        harness.advance(seconds(3));
        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(1);
        harness.queue().send(signup("m-1"));

        harness.close();

        assertThat(harness.queue().log().receives())
                .singleElement()
                .satisfies(receive -> assertThat(receive.messageIds()).containsExactly("m-1"));
        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(1);
        assertThat(seen.ids()).isEmpty();
        assertThat(harness.queue().messages())
                .singleElement()
                .satisfies(item -> assertThat(item.visible()).isTrue());
    }

    @Test
    void closing_from_a_handlers_thread_begins_the_drain_and_returns() {
        List<Duration> returned = new ArrayList<>();
        harness = harness(event -> {
                    harness.close();
                    returned.add(harness.time().elapsed());
                })
                .handlersOnThreads()
                .build();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(60));

        assertThat(returned).containsExactly(Duration.ZERO);
        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.queue().messages()).isEmpty();
    }

    @Test
    void what_waits_to_be_tried_again_is_given_back_at_once_for_what_is_left_of_its_delay() {
        // given the head of a FIFO lane that waits in hand for a minute
        harness = harness(event -> {
                    throw new RetryLaterException(seconds(60), "rate limit");
                })
                .fifo()
                .build();
        Given.deliverTogether(harness, signup("m-1").group("g"));
        harness.advance(seconds(10));
        Duration before = harness.time().elapsed();

        harness.close();

        assertThat(harness.time().elapsed().minus(before)).isLessThan(seconds(21));
        assertThat(harness.queue().log().visibilityChanges())
                .extracting(QueueLog.VisibilityChange::timeout)
                .containsExactly(seconds(50));
    }

    @Test
    void an_outage_that_is_being_waited_for_begins_no_poll_any_more() {
        // given a handler that runs while receiving fails
        harness = harness(event -> harness.time().sleep(seconds(30)))
                .handlersOnThreads()
                .build();
        harness.deliver(signup("m-1"));
        harness.queue().faults().always(Call.RECEIVE, Fault.failing());
        harness.advance(seconds(21));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        int polls = harness.queue().log().count(Call.RECEIVE);

        harness.close();

        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(polls);
        assertThat(harness.queue().messages()).isEmpty();
    }

    @Test
    void what_waits_for_a_handler_is_given_back_at_once_and_not_when_one_is_free() {
        // given one handler that takes 5 s, and messages that wait for it
        harness = harness(event -> {
                    if (!event.delivery().messageId().startsWith("quick")) {
                        harness.time().sleep(seconds(5));
                    }
                })
                .handlersOnThreads()
                .concurrency(1)
                .inHand(40)
                .build();
        Given.warmUp(harness);
        harness.deliver(IntStream.range(0, 5).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new));
        Duration closing = harness.time().elapsed();
        int waiting = (int) harness.queue().messages().stream()
                        .filter(item -> !item.visible())
                        .count()
                - 1;
        assertThat(waiting).isPositive();

        harness.close();

        assertThat(harness.queue().log().visibilityChanges())
                .hasSizeGreaterThanOrEqualTo(waiting)
                .allSatisfy(change -> assertThat(change.at()).isLessThan(closing.plusSeconds(1)));
    }

    @Test
    @Promise({13, 21})
    void a_handler_that_is_left_behind_is_told_that_its_lease_is_lost() {
        Lease[] lease = new Lease[1];
        harness = harness(event -> {
                    lease[0] = event.lease();
                    hold.awaitIgnoringInterrupts();
                })
                .handlersOnThreads()
                .build();
        hold = harness.hold();
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        harness.close();

        // then nobody renews it any more, and it knows
        assertThat(lease[0].lost()).isTrue();
        hold.release();
    }

    private static PollerHarness.Builder harness(EventHandler<String> handler) {
        return ForkHarness.poller(
                Given.fork().on("signup", String.class, handler).build());
    }
}
