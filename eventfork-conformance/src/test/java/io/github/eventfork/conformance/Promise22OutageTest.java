package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.eventfork.Delivery;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Health;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.queue.PollBudget;
import io.github.eventfork.queue.Receiver;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerAdapter;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.VirtualRuntime;
import java.lang.reflect.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** A queue that can't be reached is tried again with growing delays; health says so; it recovers by itself. */
@Promise(22)
class Promise22OutageTest {

    private final Given.Seen seen = new Given.Seen();
    private PollerHarness harness;

    @ParameterizedTest
    @EnumSource
    void an_outage_of_ten_minutes_costs_few_calls_and_is_over_by_itself(Pollers poller) {
        try (PollerHarness harness = poller.of(
                        Given.fork().on("signup", String.class, seen::add).build())
                .build()) {
            // given a queue that fails
            harness.queue().faults().always(Call.RECEIVE, Fault.failing());
            harness.advance(seconds(21));
            Instant since = harness.health().since();
            int before = harness.queue().log().count(Call.RECEIVE);
            harness.advance(Duration.ofMinutes(10));

            // then health says what is wrong and since when, and it was asked at most every 15 s
            assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
            assertThat(harness.health().since()).isEqualTo(since);
            assertThat(harness.health().problem())
                    .hasValueSatisfying(text -> assertThat(text).contains("receiving failed"));
            assertThat(harness.queue().log().count(Call.RECEIVE) - before).isBetween(15, 60);

            // and when it answers again, all is well
            harness.queue().faults().none();
            harness.deliver(signup("m-1"));
            harness.advance(seconds(31));
            assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
            assertThat(seen.ids()).containsExactly("m-1");
        }
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, RECEIVE", "ENGINE, FACTS", "SQS_POLLER, RECEIVE", "SQS_POLLER, FACTS"})
    void health_says_what_is_wrong_and_since_when_and_that_it_is_over(Pollers poller, Call call) {
        String problem = "UnknownHostException: sqs.eu-west-1.amazonaws.com";

        // given a queue that fails from the beginning on
        harness = harness(poller, seen::add).roundTrip(Duration.ofMillis(10)).build();
        harness.queue().faults().always(call, Fault.failing(new IllegalStateException(problem)));
        harness.advance(Duration.ofMinutes(5));

        // then health quotes it, since it began
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).contains(problem));
        assertThat(harness.health().since()).isBefore(harness.time().now().minusSeconds(290));

        // and when it is over, so is the problem
        harness.queue().faults().none();
        harness.advance(seconds(31));
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        assertThat(harness.health().problem()).isEmpty();
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));
        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ENGINE, DELETE", "ENGINE, CHANGE_VISIBILITY", "ENGINE, DEAD_LETTER",
        "SQS_POLLER, DELETE", "SQS_POLLER, CHANGE_VISIBILITY", "SQS_POLLER, DEAD_LETTER"
    })
    void while_nothing_can_be_settled_nothing_is_lost_or_done_twice(Pollers poller, Call call) {
        // given one call that fails for 30 s, and messages that are done, tried again, and hopeless
        int[] again = {0};
        harness = harness(poller, event -> {
                    seen.add(event);
                    if (event.delivery().messageId().equals("again") && ++again[0] == 1) {
                        throw new IllegalStateException("once");
                    }
                    if (event.delivery().messageId().equals("hopeless")) {
                        throw new RejectedEventException("the list is closed");
                    }
                })
                .maxReceiveCount(5)
                .build();
        harness.queue().faults().always(call, Fault.failing());
        harness.deliver(signup("done"), signup("again"), signup("hopeless"));
        harness.advance(seconds(30));

        // when it is over
        harness.queue().faults().none();
        harness.advance(Duration.ofMinutes(3));

        // then each is where it belongs, once
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.deadLetters()).extracting(InMemoryQueue.Item::from).containsExactly("hopeless");
        assertThat(seen.ids()).filteredOn(id -> !id.equals("hopeless")).containsExactly("done", "again", "again");
        harness.close();
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, false", "ENGINE, true", "SQS_POLLER, false", "SQS_POLLER, true"})
    @Promise({10, 22})
    void deletes_that_fail_for_ten_minutes_are_tried_on_and_cost_what_is_done_no_receive(Pollers poller, boolean fifo) {
        // given a queue that moves messages away after three receives, and of whose calls the deletes alone fail
        PollerHarness.Builder builder = harness(poller, seen::add).maxReceiveCount(3);
        harness = (fifo ? builder.fifo() : builder).build();
        harness.queue().faults().always(Call.DELETE, Fault.failing(new IllegalStateException("no right to delete")));
        harness.deliver(
                signup("m-1").group("g"),
                signup("m-2").group("g"),
                signup("m-3").group("g"));
        harness.advance(seconds(20));

        // then health says so, while its queue is received from all the time
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).contains("deleting", "no right to delete"));
        Instant since = harness.health().since();
        int deletes = harness.queue().log().count(Call.DELETE);
        harness.advance(Duration.ofMinutes(10));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        assertThat(harness.health().since()).isEqualTo(since);
        assertThat(harness.queue().log().count(Call.DELETE) - deletes).isLessThan(3 * 600 / 2);

        // and when it is over, each is deleted by its first receipt, and all is well
        harness.queue().faults().none();
        harness.advance(seconds(10));
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.deadLetters()).isEmpty();
        assertThat(seen.ids()).containsExactly("m-1", "m-2", "m-3");
        assertThat(harness.timeline().steps(Step.Received.class)).hasSize(3);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({20, 22})
    void deletes_that_fail_stay_together_in_batches(Pollers poller) {
        // given 80 messages that are done, and deletes that fail
        harness = harness(poller, seen::add).inHand(80).build();
        harness.queue().faults().always(Call.DELETE, Fault.failing());
        harness.deliver(IntStream.range(0, 80).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new));
        harness.advance(Duration.ofMinutes(1));
        int before = harness.queue().log().count(Call.DELETE);

        // then each is tried every few seconds, ten in a call
        harness.advance(Duration.ofMinutes(1));
        assertThat(seen.ids()).hasSize(80);
        assertThat(harness.queue().log().count(Call.DELETE) - before).isBetween(8 * 10, 8 * 30);
        harness.queue().faults().none();
        harness.advance(seconds(10));
        assertThat(harness.queue().messages()).isEmpty();
        harness.close();
    }

    // Calls that are never answered, or late.

    @ParameterizedTest
    @CsvSource({
        "ENGINE, FACTS, asking for the queue's attributes",
        "ENGINE, RECEIVE, receiving",
        "ENGINE, DELETE, deleting what is done",
        "ENGINE, CHANGE_VISIBILITY, changing visibility timeouts",
        "ENGINE, DEAD_LETTER, copying to the dead-letter queue",
        "SQS_POLLER, LOOK_UP, asking for the queue's attributes",
        "SQS_POLLER, FACTS, asking for the queue's attributes",
        "SQS_POLLER, RECEIVE, receiving",
        "SQS_POLLER, DELETE, deleting what is done",
        "SQS_POLLER, CHANGE_VISIBILITY, changing visibility timeouts",
        "SQS_POLLER, DEAD_LETTER, copying to the dead-letter queue"
    })
    void a_call_that_is_never_answered_stops_nothing_and_health_tells_of_it(Pollers poller, Call call, String does) {
        // given a queue that one call is never answered by, and messages that are done, tried again, and hopeless
        int[] again = {0};
        EventHandler<String> handler = event -> {
            seen.add(event);
            if (event.delivery().messageId().equals("again") && ++again[0] == 1) {
                throw new IllegalStateException("once");
            }
            if (event.delivery().messageId().equals("hopeless")) {
                throw new RejectedEventException("the list is closed");
            }
        };
        PollerHarness before = harness(poller, handler).maxReceiveCount(5).build();
        before.close();
        before.queue().faults().always(call, Fault.neverAnswered());
        harness = harness(poller, handler).beside(before).build();
        harness.deliver(signup("done"), signup("again"), signup("hopeless"));

        // when it has been so for longer than a long poll and 10 s
        harness.advance(seconds(31));
        Health told = harness.health();
        harness.advance(seconds(60));
        harness.queue().faults().none();
        harness.advance(Duration.ofMinutes(3));

        // then health said which call, and for how long, and all was done when it was over
        assertThat(told.status()).isEqualTo(Health.Status.FAILING);
        assertThat(told.problem())
                .hasValueSatisfying(text -> assertThat(text).startsWith(does).contains("no answer for"));
        assertThat(seen.ids()).contains("done", "again", "hopeless");
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.deadLetters()).hasSize(1);
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        assertThat(harness.health().lastAnswer()).isPresent();
        harness.close();
        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void a_wall_clock_that_is_set_forward_makes_no_call_overdue(Pollers poller) {
        // given a poll that waits for messages
        harness = harness(poller, seen::add).build();
        harness.advance(seconds(5));

        harness.time().moveWallClock(Duration.ofHours(1));
        harness.run();

        assertThat(harness.health())
                .extracting(Health::status, Health::problem)
                .containsExactly(Health.Status.RUNNING, Optional.empty());

        // and what is not answered from then on is told as soon as ever
        harness.queue().faults().always(Call.RECEIVE, Fault.neverAnswered());
        harness.advance(seconds(20));
        harness.advance(seconds(31));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        harness.queue().faults().none();
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_poller_is_starting_until_the_queue_has_answered_once(Pollers poller) {
        harness = harness(poller, seen::add).roundTrip(seconds(2)).build();
        assertThat(harness.health().status()).isEqualTo(Health.Status.STARTING);
        assertThat(harness.health().lastAnswer()).isEmpty();

        harness.advance(seconds(2));

        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        assertThat(harness.health().lastAnswer()).contains(harness.time().now());
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_listener_that_does_not_come_back_is_told_because_nothing_is_received_meanwhile(Pollers poller) {
        harness = poller.of(Given.fork()
                        .on("signup", String.class, seen::add)
                        .listen(new ForkListener() {
                            @Override
                            public void settled(Delivery delivery, Settlement settlement) {
                                blockFor(seconds(30));
                            }
                        })
                        .build())
                .build();
        harness.time().callersOnThreads();
        harness.deliver(signup("m-1"));

        harness.advance(seconds(9));
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        harness.advance(seconds(2));

        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).startsWith("telling the fork's listeners"));
        harness.advance(seconds(30));
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void when_the_queue_answered_last_is_told_at_each_end_of_a_poll(Pollers poller) {
        harness = harness(poller, seen::add).build();
        Instant start = harness.time().now();

        harness.advance(seconds(50));

        assertThat(harness.health().lastAnswer()).contains(start.plusSeconds(40));
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void what_a_receive_brings_after_its_limit_is_given_back_while_it_is_ours(Pollers poller) {
        // given a receive that hides for more than a minute, and whose answer comes after its limit of 55 s
        harness = harness(poller, seen::add)
                .visibilityTimeout(seconds(120))
                .drainTimeout(Duration.ofMinutes(5))
                .build();
        lateReceive(seconds(70));

        // then others can have it at once, and here it runs by its second receive
        harness.advance(seconds(71));
        assertThat(harness.queue().log().visibilityChanges())
                .extracting(QueueLog.VisibilityChange::messageId, QueueLog.VisibilityChange::timeout)
                .containsExactly(tuple("m-1", Duration.ZERO));
        assertThat(harness.timeline().of("m-1"))
                .extracting(moment -> moment.step().toString())
                .containsSubsequence("received (1)", "received (2)", "started: 'signup', attempt 2");
        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void what_a_receive_brings_when_others_may_have_it_is_left_alone(Pollers poller) {
        // given a receive that hides for 25 s, and whose answer comes after its limit of 55 s
        harness = harness(poller, seen::add).build();
        lateReceive(seconds(70));

        // then nothing is asked with its receipt, and it ran by its second receive
        harness.advance(seconds(100));
        assertThat(harness.queue().log().visibilityChanges()).isEmpty();
        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({6, 22})
    void a_lost_receive_of_a_fifo_queue_is_asked_again_and_does_not_block_its_groups(Pollers poller) {
        // given a receive whose answer is lost
        harness = harness(poller, seen::add).fifo().build();
        harness.pause();
        harness.advance(seconds(21));
        harness.queue().send(signup("a-1").group("a"));
        harness.queue().send(signup("a-2").group("a"));
        harness.queue().faults().next(Call.RECEIVE, Fault.lost());
        harness.resume();

        // then the next brings the same, long before their visibility timeout is over
        harness.advance(seconds(1));
        assertThat(seen.ids()).containsExactly("a-1", "a-2");
        assertThat(harness.timeline().steps(Step.Received.class)).containsOnly(new Step.Received(1));
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({6, 22})
    void a_late_answer_of_a_fifo_queue_is_dropped_once_its_receive_is_asked_again(Pollers poller) {
        // given a receive whose answer comes when it has been asked again by its attempt id, and brings the same
        // receipts
        harness = harness(poller, event -> {
                    seen.add(event);
                    harness.time().sleep(seconds(30));
                })
                .handlersOnThreads()
                .fifo()
                .visibilityTimeout(seconds(120))
                .drainTimeout(Duration.ofMinutes(5))
                .build();
        lateReceive(seconds(70));
        harness.advance(seconds(69));
        assertThat(seen.ids()).as("it runs by the second try").containsExactly("m-1");

        harness.advance(seconds(60));

        assertThat(harness.queue().log().visibilityChanges()).isEmpty();
        assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();
        assertThat(seen.ids()).containsExactly("m-1");
        assertThat(harness.queue().messages()).isEmpty();
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({18, 22})
    void a_poller_that_may_not_wait_rests_while_its_queue_is_empty(Pollers poller) {
        harness = harness(poller, seen::add).longPoll(Duration.ZERO).build();

        harness.advance(Duration.ofMinutes(10));

        assertThat(harness.queue().log().count(Call.RECEIVE)).isBetween(595, 610);
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));
        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    /** What a queue must not answer to a receive for ten messages. */
    private enum Nonsense {
        NOTHING(() -> null),
        A_MESSAGE_THAT_IS_NONE(() -> Collections.singletonList(null)),
        MORE_THAN_WAS_ASKED_FOR(() -> IntStream.range(0, 11)
                .mapToObj(i -> Delivery.of("q", "m-" + i, "{}").build())
                .toList());

        private final Supplier<List<Delivery>> answer;

        Nonsense(Supplier<List<Delivery>> answer) {
            this.answer = answer;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_port_that_answers_nonsense_costs_no_permit_and_nothing_of_it_is_taken_in_hand(Nonsense kind) {
        // given answers of which each would keep ten permits of eighty
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("q", runtime).build();
        int[] answers = {20};
        MessageQueue odd = (MessageQueue) Proxy.newProxyInstance(
                MessageQueue.class.getClassLoader(),
                new Class<?>[] {MessageQueue.class},
                (proxy, method, given) -> method.getName().equals("receive") && answers[0]-- > 0
                        ? CompletableFuture.completedFuture(kind.answer.get())
                        : method.invoke(queue, given));
        Fork fork = Given.fork().on("signup", String.class, seen::add).build();
        Receiver poller = new Receiver(fork, odd, new PollBudget(25), runtime, Receiver.Options.defaults());
        poller.start();
        runtime.advance(Duration.ofMinutes(12));

        // when it answers with messages
        IntStream.range(0, 30).forEach(i -> queue.send(signup("m-" + i)));
        runtime.advance(seconds(1));

        assertThat(seen.ids()).hasSize(30);
        assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);
        poller.close();
    }

    /** Lets the receive that brings a message be answered as late as that. */
    private void lateReceive(Duration late) {
        harness.pause();
        harness.advance(seconds(21));
        harness.queue().send(signup("m-1").group("a"));
        harness.queue().faults().next(Call.RECEIVE, Fault.delayed(late));
        harness.resume();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({20, 22})
    void deletes_that_fail_leave_one_dead_letter_of_a_rejected_message_and_health_says_so(Pollers poller) {
        harness = harness(poller, event -> {
                    throw new RejectedEventException("the list is closed");
                })
                .maxReceiveCount(3)
                .build();
        harness.queue().faults().always(Call.DELETE, Fault.failing());
        harness.deliver(signup("m-1"));
        harness.advance(Duration.ofMinutes(10));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);

        harness.queue().faults().none();
        harness.advance(Duration.ofMinutes(2));

        assertThat(harness.deadLetters()).hasSize(1);
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.timeline().steps(Step.Received.class)).hasSize(1);
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        harness.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ENGINE, CHANGE_VISIBILITY, 14, changing visibility timeouts failed",
        "ENGINE, DELETE, 22, deleting what is done failed",
        "ENGINE, DEAD_LETTER, 22, copying to the dead-letter queue failed",
        "SQS_POLLER, CHANGE_VISIBILITY, 14, changing visibility timeouts failed",
        "SQS_POLLER, DELETE, 22, deleting what is done failed",
        "SQS_POLLER, DEAD_LETTER, 22, copying to the dead-letter queue failed"
    })
    void an_outage_of_a_call_about_what_is_in_hand_is_told_and_so_is_its_end(
            Pollers poller, Call call, int second, String problem) {
        // given handlers that run for 20 s, which is more than half of the first lease, and of which one rejects then
        harness = harness(poller, event -> {
                    harness.time().sleep(seconds(20));
                    if (event.delivery().messageId().equals("bad")) {
                        throw new RejectedEventException("in the end");
                    }
                })
                .handlersOnThreads()
                .build();
        harness.queue().faults().always(call, Fault.failing());
        harness.deliver(signup("good"), signup("bad"));

        // when
        harness.advance(seconds(12));
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        harness.advance(seconds(second - 12));

        // then
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).startsWith(problem));

        // and when the queue answers again
        harness.queue().faults().none();
        harness.advance(seconds(10));
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        assertThat(harness.health().problem()).isEmpty();
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.deadLetters()).hasSize(1);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void what_went_unanswered_of_what_is_in_hand_no_more_is_nobodys_concern(Pollers poller) {
        // given a right to change visibility timeouts that is missing, and a handler that loses its lease by it
        harness = harness(poller, event -> harness.time().sleep(seconds(40)))
                .handlersOnThreads()
                .maxReceiveCount(1)
                .build();
        harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.failing());
        harness.deliver(signup("m-1"));
        harness.advance(seconds(24));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);

        harness.advance(Duration.ofMinutes(2));

        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void deletes_that_are_well_again_do_not_hide_that_receives_fail(Pollers poller) {
        harness = harness(poller, seen::add).longPoll(seconds(1)).build();
        harness.queue().faults().always(Call.DELETE, Fault.failing());
        harness.deliver(signup("m-1"));
        harness.advance(seconds(20));
        Instant failingSince = harness.health().since();
        harness.queue().faults().none();
        harness.queue().faults().always(Call.RECEIVE, Fault.failing());
        harness.advance(seconds(20));

        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        assertThat(harness.health().since()).isEqualTo(failingSince);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).contains("receiving"));
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void deletes_that_fail_are_told_to_whoever_resumes_a_poller(Pollers poller) {
        harness = harness(poller, seen::add).build();
        harness.queue().faults().always(Call.DELETE, Fault.failing());
        harness.deliver(signup("m-1"));
        harness.advance(seconds(20));

        harness.pause();
        harness.resume();

        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void deletes_that_fail_beside_receives_are_still_told_when_receives_are_well_again(Pollers poller) {
        harness = harness(poller, seen::add).longPoll(seconds(1)).build();
        harness.queue().faults().always(Call.DELETE, Fault.failing());
        harness.deliver(signup("m-1"));
        harness.advance(seconds(20));
        harness.queue().faults().next(Call.RECEIVE, Fault.failing());
        harness.advance(seconds(5));

        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).contains("deleting"));

        harness.queue().faults().none();
        harness.advance(seconds(10));
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({21, 22})
    void deletes_that_fail_for_ever_keep_no_poller_from_closing_in_time(Pollers poller) {
        harness = harness(poller, seen::add).drainTimeout(seconds(25)).build();
        harness.queue().faults().always(Call.DELETE, Fault.failing());
        harness.deliver(signup("m-1"));
        harness.advance(Duration.ofMinutes(2));
        Duration closing = harness.time().elapsed();

        harness.close();
        assertThat(harness.time().elapsed().minus(closing)).isLessThanOrEqualTo(seconds(26));
        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);

        // then its deletes end as well
        harness.advance(Duration.ofMinutes(1));
        int deletes = harness.queue().log().count(Call.DELETE);
        harness.advance(Duration.ofMinutes(10));
        assertThat(harness.queue().log().count(Call.DELETE)).isEqualTo(deletes);
    }

    @ParameterizedTest
    @EnumSource
    void ten_minutes_without_any_call_lose_nothing_and_do_nothing_twice(Pollers poller) {
        // given work in hand that ends during an outage of everything
        harness = harness(poller, event -> {
                    seen.add(event);
                    harness.time().sleep(seconds(5));
                })
                .handlersOnThreads()
                .build();
        harness.deliver(IntStream.range(0, 5).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new));
        harness.queue().faults().always(Fault.failing());
        harness.advance(Duration.ofMinutes(10));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);

        // when it is over
        harness.queue().faults().none();
        harness.advance(Duration.ofMinutes(2));

        // then what was done was seen once more, and was known to be done
        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        assertThat(seen.ids()).hasSize(5).doesNotHaveDuplicates();
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.deadLetters()).isEmpty();
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_single_poll_that_fails_costs_no_more_than_a_tenth_of_a_second(Pollers poller) {
        harness = harness(poller, seen::add).longPoll(seconds(1)).build();
        harness.queue().faults().next(Call.RECEIVE, Fault.failing());
        harness.advance(seconds(1));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);

        harness.deliver(signup("m-1"));
        harness.advance(Duration.ofMillis(100));

        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void an_outage_that_is_over_is_forgotten_and_the_next_begins_with_short_delays(Pollers poller) {
        harness = harness(poller, seen::add).build();
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

    @ParameterizedTest
    @EnumSource
    void handlers_that_end_during_an_outage_bring_no_polls_forward(Pollers poller) {
        // given an outage that begins at 20 s, and nine handlers that end one after another within the next seconds
        harness = harness(poller, event -> {
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

    @ParameterizedTest
    @EnumSource
    void delays_have_jitter_so_that_pollers_do_not_come_back_together(Pollers poller) {
        assertThat(pollsInAnOutage(poller, 1)).isNotEqualTo(pollsInAnOutage(poller, 2));
    }

    private List<Duration> pollsInAnOutage(Pollers poller, long seed) {
        try (PollerHarness failing = harness(poller, seen::add).seed(seed).build()) {
            failing.queue().faults().always(Call.RECEIVE, Fault.failing());
            failing.advance(Duration.ofMinutes(5));
            List<Duration> polls = failing.queue().log().calls().stream()
                    .filter(made -> made.call() == Call.RECEIVE)
                    .map(QueueLog.CallMade::at)
                    .toList();
            assertThat(polls).hasSizeGreaterThan(5);
            return polls;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_queue_that_can_not_be_asked_for_its_facts_at_first_is_asked_again(Pollers poller) {
        // given a queue that is missing when the poller starts
        harness = harness(poller, seen::add).roundTrip(Duration.ofMillis(10)).build();
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

    @ParameterizedTest
    @EnumSource
    void a_queue_that_has_told_its_facts_is_well_before_a_poll_has_come_back(Pollers poller) {
        // given a queue that is missing when the poller starts
        harness = harness(poller, seen::add).roundTrip(Duration.ofMillis(10)).build();
        harness.queue().faults().always(Call.FACTS, Fault.failing());
        harness.advance(seconds(5));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);

        // when it is there, and its first answer takes long
        harness.queue().faults().none();
        harness.queue().faults().always(Call.RECEIVE, Fault.delayed(Duration.ofMinutes(5)));
        harness.advance(seconds(31));

        assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_poller_that_was_paused_before_it_knew_its_queue_asks_again_when_it_is_resumed(Pollers poller) {
        harness = harness(poller, seen::add).roundTrip(Duration.ofMillis(10)).build();
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

    @ParameterizedTest
    @EnumSource
    void a_poller_that_is_paused_in_an_outage_polls_no_more(Pollers poller) {
        harness = harness(poller, seen::add).build();
        harness.queue().faults().always(Call.RECEIVE, Fault.failing());
        harness.advance(seconds(21));
        assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);

        harness.pause();
        int polls = harness.queue().log().count(Call.RECEIVE);
        harness.advance(Duration.ofMinutes(5));

        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(polls);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_poller_that_is_resumed_in_an_outage_tries_as_eagerly_as_one_that_has_just_met_it(Pollers poller) {
        // given an outage in which a poller tries every half a minute
        harness = harness(poller, seen::add).build();
        harness.queue().faults().always(Call.RECEIVE, Fault.failing());
        harness.advance(Duration.ofMinutes(5));
        harness.pause();
        int polls = harness.queue().log().count(Call.RECEIVE);

        harness.resume();
        harness.advance(seconds(1));

        assertThat(harness.queue().log().count(Call.RECEIVE) - polls).isGreaterThanOrEqualTo(3);
        harness.close();
    }

    /** What SQS and its SDK say when something is wrong, in their own exceptions. */
    @Nested
    class The_sdk {

        private final VirtualRuntime time = VirtualRuntime.seeded(1);
        private final InMemoryQueue queue = InMemoryQueue.named("fork", time)
                .roundTrip(Duration.ofMillis(10))
                .build();
        private final VirtualSqs sqs = new VirtualSqs(queue);
        private final PollerAdapter poller = new Pollers.Adapted(
                Given.fork().on("signup", String.class, seen::add).build(),
                "fork",
                sqs,
                time,
                Receiver.Options.defaults());

        @Test
        void that_misses_the_queue_at_the_start_finds_it_once_it_is_made() {
            sqs.delete();
            poller.start();
            time.advance(Duration.ofMinutes(5));
            assertFailing("The specified queue does not exist.");

            sqs.makeAgain();

            assertRecovers();
        }

        @Test
        void that_misses_the_queue_under_way_finds_it_at_its_new_url_once_it_is_made_again() {
            poller.start();
            time.advance(seconds(1));
            assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);

            sqs.delete();
            time.advance(Duration.ofMinutes(5));
            assertFailing("The specified queue does not exist.");
            sqs.makeAgain();

            assertRecovers();
        }

        /** What may go wrong, and at which call; none is the look-up of the queue's URL. */
        static Stream<Arguments> failures() {
            return said().flatMap(failure -> Stream.of(
                    arguments(failure, Optional.empty()),
                    arguments(failure, Optional.of(Call.FACTS)),
                    arguments(failure, Optional.of(Call.RECEIVE))));
        }

        @ParameterizedTest
        @MethodSource("failures")
        void that_fails_is_quoted_by_health_until_it_answers_again(RuntimeException failure, Optional<Call> call) {
            // given a failure from the beginning on
            call.ifPresentOrElse(
                    at -> queue.faults().always(at, Fault.failing(failure)),
                    () -> sqs.failLookups(Optional.of(failure)));
            poller.start();
            time.advance(Duration.ofMinutes(5));
            assertFailing(failure.getMessage());

            // when it is over
            queue.faults().none();
            sqs.failLookups(Optional.empty());

            assertRecovers();
        }

        static Stream<RuntimeException> said() {
            return Stream.of(
                    refusal("ExpiredToken", "The security token included in the request is expired"),
                    refusal("RequestThrottled", "Request is throttled."),
                    refusal("AccessDenied", "Access to the resource is denied."),
                    SdkClientException.create("Unable to execute HTTP request", new UnknownHostException("sqs")));
        }

        private static SqsException refusal(String code, String text) {
            return (SqsException) SqsException.builder()
                    .message(text)
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode(code)
                            .errorMessage(text)
                            .build())
                    .statusCode(403)
                    .build();
        }

        private void assertFailing(String text) {
            assertThat(poller.health().status()).isEqualTo(Health.Status.FAILING);
            assertThat(poller.health().problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains(text));
            assertThat(poller.health().since()).isBefore(time.now().minusSeconds(270));
        }

        private void assertRecovers() {
            queue.send(signup("m-1"));
            time.advance(seconds(31));
            assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);
            assertThat(poller.health().problem()).isEmpty();
            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(queue.messages()).isEmpty();
            poller.close();
        }
    }

    /**
     * A function that settles. What is given back is reported whether the queue was told so or not, and what could not be
     * sent to the dead-letter queue is reported too; what is done has nothing to do with it.
     */
    @Nested
    @Promise({16, 22})
    class On_lambda {

        private final Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    String id = event.delivery().messageId();
                    if (id.startsWith("hopeless")) {
                        throw new RejectedEventException("never");
                    }
                    if (id.startsWith("later") && event.attempt() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    seen.add(event);
                })
                .build();

        private final Message[] batch = {signup("good-1"), signup("later"), signup("hopeless"), signup("good-2")};
        private LambdaHarness harness;
        private VirtualSqs sqs;

        @ParameterizedTest
        @CsvSource({
            "ENGINE, FACTS, later hopeless",
            "ENGINE, CHANGE_VISIBILITY, later",
            "ENGINE, DEAD_LETTER, later hopeless",
            "FORK_FUNCTION, FACTS, later hopeless",
            "FORK_FUNCTION, CHANGE_VISIBILITY, later",
            "FORK_FUNCTION, DEAD_LETTER, later hopeless"
        })
        void a_call_that_fails_reports_whom_it_concerns_and_is_well_in_the_next_invocation(
                Functions functions, Call call, String concerned) {
            harness = functions.of(fork).settler().handlersOnThreads().build();
            harness.queue().faults().always(call, Fault.failing());

            assertThat(harness.invoke(batch)).containsExactly(concerned.split(" "));
            assertThat(seen.ids()).startsWith("good-1", "good-2");

            harness.queue().faults().none();
            assertRecovers();
        }

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
        @Promise({15, 16, 22})
        void calls_that_are_in_vain_keep_no_invocation_past_its_time(Functions functions, boolean silent) {
            // given three seconds, in which a queue that fails is tried again, and one that is silent waited for
            harness = functions
                    .of(fork)
                    .settler()
                    .remaining(seconds(3))
                    .handlersOnThreads()
                    .build();
            Fault fault = silent ? Fault.delayed(Duration.ofMinutes(1)) : Fault.failing();
            Stream.of(Call.CHANGE_VISIBILITY, Call.DEAD_LETTER)
                    .forEach(call -> harness.queue().faults().always(call, fault));

            assertThat(harness.invoke(batch)).containsExactly("later", "hopeless");
            assertThat(seen.ids()).startsWith("good-1", "good-2");
            assertThat(harness.time().elapsed()).isLessThan(seconds(3));
        }

        /** What may go wrong, and at which call; none is the look-up of the queue's URL. */
        static Stream<Arguments> failures() {
            return The_sdk.said()
                    .flatMap(failure -> Stream.of(
                            arguments(failure, Optional.empty(), "later hopeless"),
                            arguments(failure, Optional.of(Call.FACTS), "later hopeless"),
                            arguments(failure, Optional.of(Call.CHANGE_VISIBILITY), "later"),
                            arguments(failure, Optional.of(Call.DEAD_LETTER), "later hopeless")));
        }

        @ParameterizedTest
        @MethodSource("failures")
        void an_sdk_that_fails_reports_whom_it_concerns_and_is_well_in_the_next_invocation(
                RuntimeException failure, Optional<Call> call, String concerned) {
            // given a failure from the beginning on
            harness = onTheSdk();
            call.ifPresentOrElse(
                    at -> harness.queue().faults().always(at, Fault.failing(failure)),
                    () -> sqs.failLookups(Optional.of(failure)));

            assertThat(harness.invoke(batch)).containsExactly(concerned.split(" "));
            assertThat(seen.ids()).startsWith("good-1", "good-2");

            harness.queue().faults().none();
            sqs.failLookups(Optional.empty());
            assertRecovers();
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void a_queue_that_is_missing_is_found_at_its_new_url_once_it_is_made_again(boolean known) {
            // given a queue that is deleted, before an invocation has settled there or after it
            harness = onTheSdk();
            if (known) {
                assertThat(harness.invoke(signup("later-1"), signup("hopeless-1")))
                        .containsExactly("later-1");
            }
            sqs.delete();
            assertThat(harness.invoke(batch)).containsExactly("later", "hopeless");
            assertThat(seen.ids()).startsWith("good-1", "good-2");

            // when it is there again
            sqs.makeAgain();

            assertThat(harness.invoke(signup("later-2"), signup("hopeless-2"))).containsExactly("later-2");
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .contains("hopeless-2");
            assertGrantedADelay("later-2");
        }

        /** With a client in the test's hands. */
        private LambdaHarness onTheSdk() {
            return ForkHarness.lambda(fork)
                    .settler()
                    .handlersOnThreads()
                    .adapter((listened, queue, time, options) -> {
                        sqs = new VirtualSqs(queue);
                        return new Functions.Adapted(listened, sqs, time, options);
                    })
                    .build();
        }

        /** SQS hands out again what was reported, and now it is settled as it should have been. */
        private void assertRecovers() {
            harness.advance(Duration.ofMinutes(4));
            assertThat(seen.ids()).containsExactly("good-1", "good-2", "later");
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactly("hopeless");
            assertGrantedADelay("later");
            assertThat(harness.queue().messages()).isEmpty();
        }

        private void assertGrantedADelay(String messageId) {
            assertThat(harness.timeline().of(messageId).stream().map(moment -> moment.step()))
                    .contains(new Step.Hidden(Given.DELAY, MessageQueue.Entry.DONE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"facts", "receive", "delete", "changeVisibility", "deadLetter"})
    void a_port_that_throws_at_once_is_an_outage_like_any_other(String call) {
        for (Throwable thrown : List.of(new IllegalStateException("closed"), new NoClassDefFoundError("old SDK"))) {
            // given a handler that outlasts a lease, and rejects then
            VirtualRuntime runtime = VirtualRuntime.handlersOnThreads(1);
            InMemoryQueue queue = InMemoryQueue.named("fork", runtime)
                    .deadLetterQueue(InMemoryQueue.named("fork-dlq", runtime).build(), 3)
                    .build();
            Fork fork = Given.fork()
                    .on("signup", String.class, event -> {
                        seen.add(event);
                        runtime.sleep(seconds(45));
                        throw new RejectedEventException("in the end");
                    })
                    .build();
            Receiver poller = new Receiver(
                    fork,
                    new ThrowingAtOnce(call, thrown).before(queue),
                    new PollBudget(25),
                    runtime,
                    Receiver.Options.defaults());
            queue.send(signup("m-1"));

            // when
            poller.start();
            runtime.advance(Duration.ofMinutes(2));

            // then it was tried again until it went well, and the message was handed out once
            assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);
            assertThat(queue.messages()).isEmpty();
            assertThat(queue.deadLetterQueue().orElseThrow().messages()).hasSize(1);
            poller.close();
        }
        assertThat(seen.ids()).containsExactly("m-1", "m-1");
    }

    /** A client that throws at its first three calls of one kind, such as one that misses a class. */
    private static final class ThrowingAtOnce {

        private final String call;
        private final Throwable thrown;
        private int calls;

        ThrowingAtOnce(String call, Throwable thrown) {
            this.call = call;
            this.thrown = thrown;
        }

        MessageQueue before(MessageQueue queue) {
            return (MessageQueue) Proxy.newProxyInstance(
                    MessageQueue.class.getClassLoader(),
                    new Class<?>[] {MessageQueue.class},
                    (proxy, method, given) -> {
                        if (method.getName().equals(call) && ++calls <= 3) {
                            throw thrown;
                        }
                        return method.invoke(queue, given);
                    });
        }
    }

    private void blockFor(Duration time) {
        try {
            harness.time().sleep(time);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts a listener", e);
        }
    }

    private static PollerHarness.Builder harness(Pollers poller, EventHandler<String> handler) {
        return poller.of(Given.fork().on("signup", String.class, handler).build());
    }
}
