package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.PollBudget;
import io.github.eventfork.queue.Receiver;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.VirtualRuntime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Concurrency bounds handlers, permits bound what is in hand, and an idle queue costs one poll. */
@Promise(18)
class Promise18IntakeTest {

    private Hold hold;

    @ParameterizedTest
    @EnumSource
    void no_more_handlers_run_than_the_concurrency_allows(Pollers poller) {
        try (PollerHarness harness = holding(poller, 5, 40)) {
            harness.deliver(messages(100));

            assertThat(hold.waiting()).isEqualTo(5);
            hold.release();
            harness.advance(seconds(10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_more_is_in_hand_than_there_are_permits_and_no_fewer_when_there_is_work(Pollers poller) {
        // given a poller that has just let quick messages through, so that it asks ahead
        try (PollerHarness harness = harness(poller, event -> {
                    if (!event.delivery().messageId().startsWith("quick")) {
                        hold.await();
                    }
                })
                .concurrency(5)
                .inHand(12)
                .handlersOnThreads()
                .build()) {
            hold = harness.hold();
            Given.warmUp(harness);

            // when a hundred slow ones come in
            harness.deliver(messages(100));
            harness.advance(Duration.ofMillis(60));

            // then exactly as many are in hand as there are permits
            assertThat(harness.queue().messages())
                    .filteredOn(item -> !item.visible())
                    .hasSize(12);
            hold.release();
            harness.advance(seconds(10));
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_idle_queue_costs_one_request_in_20_seconds(Pollers poller) {
        try (PollerHarness harness = harness(poller, event -> {}).build()) {
            harness.advance(Duration.ofMinutes(10));

            assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(31);
        }
    }

    @ParameterizedTest
    @EnumSource
    void after_a_burst_it_is_one_request_in_20_seconds_again(Pollers poller) {
        try (PollerHarness harness =
                harness(poller, event -> {}).concurrency(50).build()) {
            harness.deliver(messages(1_000));
            harness.advance(Duration.ofMinutes(1));
            int before = harness.queue().log().count(Call.RECEIVE);

            harness.advance(Duration.ofMinutes(10));

            assertThat(harness.queue().log().count(Call.RECEIVE) - before).isEqualTo(30);
        }
    }

    @ParameterizedTest
    @EnumSource
    void under_load_messages_come_and_go_in_batches_of_ten(Pollers poller) {
        // given a queue with 5,000 messages at a round trip of 15 ms
        try (PollerHarness harness = harness(poller, event -> {})
                .concurrency(20)
                .roundTrip(Duration.ofMillis(15))
                .build()) {
            harness.deliver(messages(5_000));
            harness.advance(Duration.ofMinutes(1));

            // then there are few calls more than one receive and one delete for ten messages
            assertThat(harness.queue().messages()).isEmpty();
            int calls = harness.queue().log().count(Call.RECEIVE)
                    + harness.queue().log().count(Call.DELETE);
            assertThat(calls).isLessThanOrEqualTo(1_100);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({13, 18})
    void sights_of_a_message_whose_handler_is_stuck_do_not_use_up_the_permits(Pollers poller) {
        // given no right to renew, a stuck handler, and so a new sight of its message at each visibility timeout
        try (PollerHarness harness = harness(poller, event -> {
                    if (event.delivery().messageId().equals("stuck")) {
                        hold.awaitIgnoringInterrupts();
                    }
                })
                .concurrency(2)
                .inHand(4)
                .maxReceiveCount(1_000)
                .visibilityTimeout(seconds(30))
                .handlersOnThreads()
                .build()) {
            hold = harness.hold();
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
            harness.deliver(signup("stuck"));
            harness.advance(Duration.ofMinutes(20));

            // when others come in
            harness.deliver(signup("m-1"), signup("m-2"));
            harness.advance(seconds(30));

            // then the free handler gets them
            assertThat(harness.timeline().started()).contains("m-1", "m-2");
            harness.queue().faults().none();
            hold.release();
            harness.advance(seconds(30));
        }
    }

    @Test
    void the_pollers_of_a_client_never_have_more_polls_in_flight_than_it_allows() {
        // given three polls for two pollers, each of which would like more: so one of them may have two
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        PollBudget polls = new PollBudget(3);
        Polls inFlight = new Polls();
        List<Receiver> pollers = Stream.of("one", "other")
                .map(name -> busy(name, inFlight, polls, runtime))
                .toList();

        // when both are busy, then idle, and then gone
        pollers.forEach(Receiver::start);
        runtime.advance(Duration.ofMinutes(1));
        assertThat(inFlight.now).isEqualTo(2);
        pollers.forEach(Receiver::close);
        runtime.advance(Duration.ofMinutes(1));

        // then there were never more
        assertThat(inFlight.most).isEqualTo(3);
        assertThat(inFlight.now).isZero();
    }

    @Test
    void a_poller_that_is_closed_leaves_its_share_of_polls_to_the_others_of_the_client() {
        // given three polls for two pollers, of which one has been closed
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        PollBudget polls = new PollBudget(3);
        Polls inFlight = new Polls();
        Receiver gone = busy("gone", inFlight, polls, runtime);
        Receiver staying = busy("staying", inFlight, polls, runtime);
        gone.start();
        gone.close();

        // when the other is busy
        inFlight.most = 0;
        staying.start();
        runtime.advance(seconds(2));

        // then it has all of them
        assertThat(inFlight.most).isEqualTo(3);
        staying.close();
    }

    /** A poller of a queue with 2,000 messages. */
    private static Receiver busy(String name, Polls inFlight, PollBudget polls, VirtualRuntime runtime) {
        InMemoryQueue queue = InMemoryQueue.named(name, runtime)
                .roundTrip(Duration.ofMillis(15))
                .build();
        IntStream.range(0, 2_000).forEach(i -> queue.send(signup(name + "-" + i)));
        Fork fork = Given.fork().on("signup", String.class, event -> {}).build();
        return new Receiver(fork, inFlight.counting(queue), polls, runtime, Receiver.Options.defaults());
    }

    @ParameterizedTest
    @EnumSource
    void a_paused_poller_receives_nothing_until_it_is_resumed(Pollers poller) {
        try (PollerHarness harness = harness(poller, event -> {}).build()) {
            harness.pause();
            harness.advance(seconds(21));
            harness.deliver(messages(3));
            harness.advance(Duration.ofMinutes(5));
            assertThat(harness.timeline().started()).isEmpty();

            harness.resume();
            assertThat(harness.timeline().started()).hasSize(3);
        }
    }

    /** Counts the polls that are in flight on several queues. */
    private static final class Polls {

        int now;
        int most;

        MessageQueue counting(MessageQueue queue) {
            return (MessageQueue) Proxy.newProxyInstance(
                    MessageQueue.class.getClassLoader(),
                    new Class<?>[] {MessageQueue.class},
                    (proxy, method, given) -> {
                        Object answer = method.invoke(queue, given);
                        if (!method.getName().equals("receive")) {
                            return answer;
                        }
                        most = Math.max(most, ++now);
                        return ((CompletionStage<?>) answer).whenComplete((deliveries, error) -> now--);
                    });
        }
    }

    private PollerHarness holding(Pollers poller, int concurrency, int inHand) {
        PollerHarness harness = harness(poller, event -> hold.await())
                .concurrency(concurrency)
                .inHand(inHand)
                .handlersOnThreads()
                .build();
        hold = harness.hold();
        return harness;
    }

    private static Message[] messages(int count) {
        return IntStream.range(0, count).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new);
    }

    private static PollerHarness.Builder harness(Pollers poller, EventHandler<String> handler) {
        return poller.of(Given.fork().on("signup", String.class, handler).build());
    }
}
