package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Health;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.queue.PollBudget;
import io.github.eventfork.queue.QueuePoller;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What OutageTest claims, at the edges. */
@Promise(22)
class OutageAtTheEdgesTest {

    private final Given.Seen seen = new Given.Seen();
    private PollerHarness harness;

    @Test
    void an_outage_that_is_over_is_forgotten_and_the_next_begins_with_short_delays() {
        harness = harness(seen::add).build();
        harness.queue().faults().always(Call.RECEIVE, Fault.failing());
        harness.advance(Duration.ofMinutes(10));
        harness.queue().faults().none();
        harness.advance(Duration.ofMinutes(2));
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);

        // when a single poll fails
        harness.queue().faults().next(Call.RECEIVE, Fault.failing());
        harness.advance(seconds(21));
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        // then the next one began soon after it
        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    @Test
    void handlers_that_end_during_an_outage_bring_no_polls_forward() {
        // given an outage that begins at 20 s, and nine handlers that end one after another within the next seconds
        harness = harness(event -> {
                    int number = Integer.parseInt(event.delivery().messageId().substring(2));
                    harness.time().sleep(Duration.ofMillis(21_000 + 500 * number));
                })
                .handlersOnThreads()
                .build();
        harness.deliver(IntStream.range(0, 9).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new));
        harness.queue().faults().always(Call.RECEIVE, Fault.failing());
        harness.advance(Duration.ofMillis(20_500));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);

        // when they have ended
        int polls = harness.queue().log().count(Call.RECEIVE);
        harness.advance(seconds(6));

        // then the delays have grown all the same
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.queue().log().count(Call.RECEIVE) - polls).isLessThanOrEqualTo(6);
        harness.close();
    }

    @Test
    void delays_have_jitter_so_that_pollers_do_not_come_back_together() {
        assertThat(pollsInAnOutage(1)).isNotEqualTo(pollsInAnOutage(2));
    }

    private List<Duration> pollsInAnOutage(long seed) {
        try (PollerHarness poller = harness(seen::add).seed(seed).build()) {
            poller.queue().faults().always(Call.RECEIVE, Fault.failing());
            poller.advance(Duration.ofMinutes(5));
            List<Duration> polls = poller.queue().log().calls().stream()
                    .filter(made -> made.call() == Call.RECEIVE)
                    .map(QueueLog.CallMade::at)
                    .toList();
            assertThat(polls).hasSizeGreaterThan(5);
            return polls;
        }
    }

    @Test
    void a_queue_that_can_not_be_asked_for_its_facts_at_first_is_asked_again() {
        // given a queue that is missing when the poller starts
        harness = harness(seen::add).roundTrip(Duration.ofMillis(10)).build();
        harness.queue().faults().always(Call.FACTS, Fault.failing());
        harness.advance(Duration.ofMinutes(5));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).contains("attributes"));

        // when it is there
        harness.queue().faults().none();
        harness.deliver(signup("m-1"));
        harness.advance(seconds(31));

        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    @Test
    void a_poller_that_was_paused_before_it_knew_its_queue_asks_again_when_it_is_resumed() {
        harness = harness(seen::add).roundTrip(Duration.ofMillis(10)).build();
        harness.queue().faults().always(Call.FACTS, Fault.failing());
        harness.advance(seconds(5));
        harness.pause();
        harness.advance(seconds(60));
        harness.queue().faults().none();

        harness.resume();
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    @Test
    void a_poller_that_is_paused_in_an_outage_polls_no_more() {
        harness = harness(seen::add).build();
        harness.queue().faults().always(Call.RECEIVE, Fault.failing());
        harness.advance(seconds(21));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);

        harness.pause();
        int polls = harness.queue().log().count(Call.RECEIVE);
        harness.advance(Duration.ofMinutes(5));

        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(polls);
        harness.close();
    }

    @Test
    void a_port_that_throws_instead_of_failing_is_an_outage_like_any_other() {
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("fork", runtime).build();
        boolean[] throwing = {true};
        QueuePoller poller = new QueuePoller(
                Given.fork().on("signup", String.class, seen::add).build(),
                new Throwing(queue, throwing),
                new PollBudget(25),
                runtime,
                QueuePoller.Options.defaults());
        poller.start();
        runtime.advance(seconds(60));
        assertThat(poller.health().status()).isEqualTo(Health.Status.FAILING);

        throwing[0] = false;
        queue.send(signup("m-1"));
        runtime.advance(seconds(31));

        assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);
        assertThat(seen.ids()).containsExactly("m-1");
        poller.close();
    }

    /** A client that throws, such as one that was closed. */
    private record Throwing(InMemoryQueue queue, boolean[] throwing) implements MessageQueue {

        @Override
        public CompletionStage<Facts> facts() {
            return queue.facts();
        }

        @Override
        public CompletionStage<List<Delivery>> receive(int most, Duration wait) {
            if (throwing[0]) {
                throw new IllegalStateException("the client is not ready");
            }
            return queue.receive(most, wait);
        }

        @Override
        public CompletionStage<List<Entry>> delete(List<String> receipts) {
            return queue.delete(receipts);
        }

        @Override
        public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
            return queue.changeVisibility(changes);
        }

        @Override
        public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
            return queue.deadLetter(copies);
        }
    }

    private static PollerHarness.Builder harness(EventHandler<String> handler) {
        return ForkHarness.poller(
                Given.fork().on("signup", String.class, handler).build());
    }
}
