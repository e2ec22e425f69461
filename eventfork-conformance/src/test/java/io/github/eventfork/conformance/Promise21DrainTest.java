package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Delivery;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Health;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Lease;
import io.github.eventfork.Outcome;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Settlement;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.PollBudget;
import io.github.eventfork.queue.Receiver;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** close(): no new poll, what waits is given back, handlers finish, settlements are sent; within the drain timeout. */
@Promise(21)
class Promise21DrainTest {

    private final Given.Seen seen = new Given.Seen();
    private PollerHarness harness;
    private Hold hold;

    @ParameterizedTest
    @EnumSource
    void what_runs_finishes_and_what_waits_is_given_back(Pollers poller) {
        // given one handler that takes 5 s, and messages in hand that wait for it
        PollerHarness harness = slow(poller, seconds(5), builder -> builder.inHand(40));
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

    @ParameterizedTest
    @EnumSource
    void what_waits_for_a_handler_is_given_back_at_once_and_not_when_one_is_free(Pollers poller) {
        // given one handler that takes 5 s, and messages that wait for it
        harness = harness(poller, event -> {
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

    @ParameterizedTest
    @EnumSource
    void what_waits_to_be_tried_again_is_given_back_at_once_for_what_is_left_of_its_delay(Pollers poller) {
        // given the head of a FIFO lane that waits in hand for a minute
        harness = harness(poller, event -> {
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

    @ParameterizedTest
    @EnumSource
    void what_is_at_its_last_receive_runs_because_sqs_would_move_it_away(Pollers poller) {
        PollerHarness harness = slow(poller, seconds(5), builder -> builder.inHand(40));
        Given.warmUp(harness);
        harness.deliver(signup("m-1"), signup("m-2"), signup("last").receiveCount(3));
        assertThat(slowOnes()).containsExactly("m-1");

        harness.close();

        assertThat(slowOnes()).containsExactly("m-1", "last");
        assertThat(harness.queue().messages())
                .extracting(InMemoryQueue.Item::messageId)
                .containsExactly("m-2");
    }

    @ParameterizedTest
    @EnumSource
    void in_a_fifo_lane_what_stands_before_one_at_its_last_receive_runs_too(Pollers poller) {
        PollerHarness harness =
                slow(poller, seconds(1), builder -> builder.fifo().concurrency(10));
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

    @ParameterizedTest
    @EnumSource
    void no_poll_begins_and_what_the_last_one_brings_is_given_back(Pollers poller) {
        // given a poller that knows its queue's facts, and whose poll has just reached the queue
        harness = harness(poller, seen::add).roundTrip(Duration.ofMillis(500)).build();
        harness.advance(Duration.ofMillis(900));
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

    @ParameterizedTest
    @EnumSource
    void an_idle_poller_closes_at_once_in_the_midst_of_its_long_poll(Pollers poller) {
        // given a poll that has waited for 5 s
        harness = harness(poller, seen::add).build();
        harness.advance(seconds(5));
        Duration before = harness.time().elapsed();

        harness.close();

        assertThat(harness.time().elapsed()).isEqualTo(before);
        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.health().problem()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void what_the_poll_of_a_closed_poller_takes_is_given_back_when_its_answer_comes(Pollers poller) {
        // given a poller that was closed in the midst of its long poll
        harness = harness(poller, seen::add).build();
        harness.advance(seconds(5));
        harness.close();

        // when a message comes
        harness.deliver(signup("m-1"));

        // then it costs a receive, and is there for others
        assertThat(seen.ids()).isEmpty();
        assertThat(harness.queue().messages()).singleElement().satisfies(item -> {
            assertThat(item.visible()).isTrue();
            assertThat(item.receives()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, 25", "SQS_POLLER, 25", "ENGINE, 12", "SQS_POLLER, 12"})
    void what_the_poll_of_a_closed_poller_takes_unheard_is_hidden_for_no_longer_than_the_drain(
            Pollers poller, int drain) {
        // given a poller that is gone with its process in the midst of its long poll, on a queue that hides for an hour
        harness = harness(poller, seen::add)
                .visibilityTimeout(Duration.ofHours(1))
                .drainTimeout(seconds(drain))
                .build();
        harness.advance(seconds(5));
        harness.close();
        harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.failing());

        // when its poll takes a message
        harness.deliver(signup("m-1"));
        harness.advance(seconds(drain).minusNanos(1));
        assertThat(harness.queue().messages())
                .singleElement()
                .satisfies(item -> assertThat(item.visible()).isFalse());
        harness.advance(Duration.ofNanos(1));

        // then
        assertThat(harness.queue().messages())
                .singleElement()
                .satisfies(item -> assertThat(item.visible()).isTrue());
    }

    @ParameterizedTest
    @EnumSource
    @Promise({18, 21})
    void an_idle_poller_costs_a_poll_each_20_s_by_default(Pollers poller) {
        harness = harness(poller, seen::add).build();

        harness.advance(Duration.ofHours(1));

        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(181);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({21, 22})
    void a_give_back_that_stays_unknown_is_told_by_the_health_of_the_closed_poller(Pollers poller) {
        // given a handler that runs, and one that waits behind it, when visibility timeouts can't be changed
        harness = harness(poller, event -> harness.time().sleep(seconds(10)))
                .handlersOnThreads()
                .fifo()
                .build();
        harness.deliver(signup("m-1").group("a"), signup("m-2").group("a"));
        harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));

        harness.close();

        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.health().problem())
                .hasValueSatisfying(
                        text -> assertThat(text).contains("it is not known what stands of 1 of the messages"));
    }

    @ParameterizedTest
    @EnumSource
    void a_poller_that_is_closed_before_it_knows_its_queue_never_polls(Pollers poller) {
        // given a poller whose poll is on its way
        PollerHarness harness = harness(poller, seen::add).roundTrip(seconds(2)).build();
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

    @ParameterizedTest
    @EnumSource
    void a_handler_that_does_not_end_is_interrupted_before_the_drain_timeout(Pollers poller) {
        List<String> ends = new ArrayList<>();
        PollerHarness harness = harness(poller, event -> {
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
        assertThat(harness.outcomes("m-1")).singleElement().isInstanceOf(Outcome.Stopped.class);
        assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.GiveBack(Duration.ZERO));
        assertThat(harness.time().elapsed()).isLessThanOrEqualTo(seconds(25));
    }

    @ParameterizedTest
    @EnumSource
    @Promise({9, 21})
    void two_deploys_while_a_message_runs_leave_it_to_the_third_process_though_its_fork_has_two_attempts(
            Pollers poller) {
        // given a fork that tries twice, a queue that hands out three times, and a handler that needs longer than a
        // drain
        VirtualRuntime time = VirtualRuntime.handlersOnThreads(1);
        List<Integer> attempts = new ArrayList<>();
        Fork fork = Given.fork()
                .retry(RetryPolicy.fixed(Duration.ofMinutes(10)).withAttempts(2))
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore(10, time::nanoTime)))
                .on("signup", String.class, event -> {
                    attempts.add(event.attempt());
                    if (attempts.size() < 3) {
                        time.sleep(Duration.ofMinutes(5));
                    }
                })
                .build();
        PollerHarness first = poller.of(fork)
                .time(time)
                .maxReceiveCount(3)
                .longPoll(seconds(1))
                .build();
        first.deliver(signup("m-1"));
        first.advance(seconds(1));

        // when two processes are replaced, each while it runs the message
        first.close();
        PollerHarness second =
                poller.of(fork).beside(first).longPoll(seconds(1)).build();
        second.advance(seconds(1));
        second.close();
        PollerHarness third = poller.of(fork).beside(first).longPoll(seconds(1)).build();
        third.advance(seconds(1));

        // then the third has it at once, with its key free, and nothing is a dead letter
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(first.outcomes("m-1"))
                .extracting(outcome -> outcome.getClass().getSimpleName())
                .containsExactly("Stopped", "Stopped", "Handled");
        assertThat(first.deadLetters()).isEmpty();
        assertThat(first.queue().messages()).isEmpty();
        third.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 21})
    void a_handler_that_is_stopped_at_its_last_receive_leaves_a_dead_letter_that_says_so(Pollers poller) {
        harness = harness(poller, event -> harness.time().sleep(Duration.ofMinutes(5)))
                .handlersOnThreads()
                .build();
        harness.deliver(signup("m-1").receiveCount(3));
        harness.advance(seconds(1));

        harness.close();

        assertThat(harness.queue().log().deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.note())
                        .hasValueSatisfying(note -> assertThat(note)
                                .contains("stopped at its last receive, 3 of 3", "java.lang.InterruptedException")));
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({7, 21})
    void a_group_whose_head_is_stopped_goes_back_as_it_came(Pollers poller) {
        harness = harness(poller, event -> {
                    seen.add(event);
                    harness.time().sleep(Duration.ofMinutes(5));
                })
                .fifo()
                .handlersOnThreads()
                .longPoll(seconds(1))
                .build();
        Given.deliverTogether(
                harness,
                signup("a-1").group("a"),
                signup("a-2").group("a"),
                signup("a-3").group("a"));

        harness.close();

        // then all are there again at once, untouched but for the receive
        assertThat(seen.ids()).containsExactly("a-1");
        assertThat(harness.queue().log().visibilityChanges())
                .filteredOn(change -> change.timeout().isZero())
                .extracting(QueueLog.VisibilityChange::messageId)
                .containsExactly("a-1", "a-2", "a-3");
        assertThat(harness.queue().messages()).hasSize(3).allMatch(InMemoryQueue.Item::visible);
    }

    @ParameterizedTest
    @EnumSource
    @Promise({12, 21})
    void what_its_processing_limit_interrupts_during_a_drain_failed(Pollers poller) {
        // given a handler whose limit ends 15 s after the drain began
        harness = harness(poller, event -> harness.time().sleep(Duration.ofMinutes(5)))
                .processingLimit(seconds(30))
                .handlersOnThreads()
                .build();
        harness.deliver(signup("m-1"));
        harness.advance(seconds(15));

        harness.close();

        assertThat(harness.outcomes("m-1")).singleElement().isInstanceOf(Outcome.Failed.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_ignores_that_keeps_nobody_waiting(Pollers poller) {
        PollerHarness harness = harness(poller, event -> hold.awaitIgnoringInterrupts())
                .handlersOnThreads()
                .drainTimeout(seconds(25))
                .build();
        hold = harness.hold();
        harness.deliver(signup("m-1"));

        harness.close();

        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).contains("PT25S", "comes again"));
        assertThat(harness.time().elapsed()).isLessThanOrEqualTo(seconds(26));
        assertThat(harness.queue().messages()).hasSize(1);
        hold.release();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({13, 21})
    void a_handler_that_is_left_behind_is_told_that_its_lease_is_lost(Pollers poller) {
        Lease[] lease = new Lease[1];
        harness = harness(poller, event -> {
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

    @ParameterizedTest
    @EnumSource
    void closing_from_a_handlers_thread_begins_the_drain_and_returns(Pollers poller) {
        List<Duration> returned = new ArrayList<>();
        List<Health.Status> inside = new ArrayList<>();
        harness = harness(poller, event -> {
                    harness.close();
                    returned.add(harness.time().elapsed());
                    inside.add(harness.health().status());
                })
                .handlersOnThreads()
                .build();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(60));

        assertThat(returned).containsExactly(Duration.ZERO);
        assertThat(inside).containsExactly(Health.Status.DRAINING);
        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void closing_from_a_listener_or_a_callback_of_a_lease_begins_the_drain_and_returns(Pollers poller) {
        // given a process that closes its poller when a lease is lost, wherever it hears of it
        List<Duration> returned = new ArrayList<>();
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    event.lease().onLost(() -> closed(returned));
                    harness.time().sleep(seconds(20));
                })
                .build()
                .withListener(new ForkListener() {
                    @Override
                    public void leaseLost(Delivery delivery) {
                        closed(returned);
                    }

                    @Override
                    public void settled(Delivery delivery, Settlement settlement) {
                        closed(returned);
                    }
                });
        harness = poller.of(fork).handlersOnThreads().build();
        harness.time().callersOnThreads();
        harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
        harness.deliver(signup("m-1"));
        harness.advance(seconds(60));

        assertThat(returned).hasSizeGreaterThanOrEqualTo(3).containsOnly(Duration.ZERO);
        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.health().problem()).isEmpty();
    }

    private void closed(List<Duration> returned) {
        Duration before = harness.time().elapsed();
        harness.close();
        returned.add(harness.time().elapsed().minus(before));
    }

    @ParameterizedTest
    @EnumSource
    void a_receive_that_waits_for_a_thread_is_not_sent_once_the_poller_closes(Pollers poller) {
        // given three pollers of one client, whose two threads block while they begin receives
        List<PollerHarness> pollers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            PollerHarness.Builder builder = harness(poller, seen::add);
            pollers.add((i == 0 ? builder.handlersOnThreads() : builder.beside(pollers.get(0))).build());
        }
        PollerHarness first = pollers.get(0);
        first.time().callersOnThreads();
        first.advance(seconds(1));
        first.queue().faults().next(Call.RECEIVE, Fault.blocking(seconds(30)), Fault.blocking(seconds(30)));
        first.advance(seconds(21));
        int begun = first.queue().log().count(Call.RECEIVE);

        pollers.forEach(PollerHarness::close);
        first.advance(seconds(40));

        // then two can't be recalled, and the third never began
        assertThat(first.queue().log().count(Call.RECEIVE) - begun).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void nor_is_one_sent_while_the_poller_drains(Pollers poller) {
        // given a poll that waits for a thread, because both of its client's block while they begin deletes
        harness = harness(poller, seen::add).handlersOnThreads().build();
        harness.time().callersOnThreads();
        harness.advance(seconds(1));
        harness.queue().faults().next(Call.DELETE, Fault.blocking(seconds(30)), Fault.blocking(seconds(30)));
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));
        harness.deliver(signup("m-2"));
        harness.advance(seconds(21));
        int begun = harness.queue().log().count(Call.RECEIVE);

        // when it closes, and goes on until the deletes are made
        harness.close();
        harness.advance(seconds(60));

        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(begun);
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void no_timer_is_left_of_a_closed_poller(Pollers poller) {
        // given one that is idle after its handlers have run, with limits and timeouts of hours
        harness = poller.of(Given.fork().on("signup", String.class, seen::add).build())
                .drainTimeout(Duration.ofHours(10))
                .processingLimit(Duration.ofHours(11))
                .build();
        harness.deliver(signup("m-1"), signup("m-2"));
        harness.advance(seconds(25));

        harness.close();

        assertThat(seen.ids()).hasSize(2);
        assertThat(harness.time().timers()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nor_is_one_of_a_poller_that_left_a_handler_behind(Pollers poller) {
        harness = harness(poller, event -> hold.awaitIgnoringInterrupts())
                .drainTimeout(seconds(5))
                .processingLimit(Duration.ofHours(11))
                .handlersOnThreads()
                .build();
        hold = harness.hold();
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        harness.close();

        assertThat(harness.health().problem()).isPresent();
        assertThat(harness.time().timers()).isEmpty();
        hold.release();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({12, 21})
    void leases_are_renewed_while_handlers_finish(Pollers poller) {
        // given a visibility timeout of 5 s and a handler that takes 15
        PollerHarness harness = slow(poller, seconds(15), builder -> builder.visibilityTimeout(seconds(5)));
        harness.deliver(signup("m-1"));

        harness.close();

        assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();
        assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled());
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void it_ends_as_soon_as_nothing_is_left_to_do(Pollers poller) {
        PollerHarness harness = slow(poller, seconds(5), builder -> builder.longPoll(seconds(1)));
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        harness.close();

        assertThat(harness.time().elapsed()).isBetween(seconds(5), seconds(6));
        assertThat(harness.health().problem()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void twice_is_fine(Pollers poller) {
        PollerHarness harness = harness(poller, seen::add).build();
        harness.close();
        harness.close();

        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void whoever_is_interrupted_while_closing_waits_no_more_and_the_drain_goes_on(Pollers poller) {
        // given a handler that runs
        harness = harness(poller, event -> harness.time().sleep(seconds(5)))
                .handlersOnThreads()
                .longPoll(seconds(1))
                .build();
        harness.deliver(signup("m-1"));

        Thread.currentThread().interrupt();
        harness.close();

        assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
        assertThat(harness.health().status()).isEqualTo(Health.Status.DRAINING);
        harness.advance(seconds(6));
        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void settlements_that_linger_are_sent_before_it_ends(Pollers poller) {
        PollerHarness harness = harness(poller, seen::add).build();
        harness.deliver(signup("m-1"));

        harness.close();

        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 21})
    void what_is_done_is_deleted_before_it_ends_though_the_delete_fails_at_first(Pollers poller) {
        PollerHarness harness = harness(poller, seen::add).build();
        harness.queue()
                .faults()
                .next(Call.DELETE, Fault.failing(), Fault.answering(Entry.RETRIABLE), Fault.leavingOut(1));
        harness.deliver(signup("m-1"));

        harness.close();

        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    @Promise({13, 21})
    void the_delete_of_a_late_success_is_sent_before_it_ends(Pollers poller) {
        // given a handler that has just ended, well after its lease was lost, and no poll in flight
        PollerHarness harness = withAHandlerThatHasLostItsLease(poller);
        hold.release();
        harness.run();

        harness.close();

        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({13, 21})
    void a_handler_that_runs_on_after_its_lease_was_lost_is_waited_for(Pollers poller) {
        // given a handler that runs still, well after its lease was lost, and no poll in flight
        PollerHarness harness = withAHandlerThatHasLostItsLease(poller);
        harness.time().schedule(seconds(5), () -> hold.release());

        harness.close();

        // then the poller has ended when it has, and what it did is deleted
        assertThat(harness.time().elapsed()).isBetween(seconds(26), seconds(27));
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.health().problem()).isEmpty();
    }

    @Test
    void a_poller_that_never_started_closes_at_once() {
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        Receiver poller = new Receiver(
                Given.fork().on("signup", String.class, seen::add).build(),
                InMemoryQueue.named("queue", runtime).build(),
                new PollBudget(25),
                runtime,
                Receiver.Options.defaults());

        poller.close();

        assertThat(runtime.elapsed()).isZero();
        assertThat(poller.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThatThrownBy(poller::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("starts once only");
    }

    @ParameterizedTest
    @EnumSource
    void a_drain_during_an_outage_ends_in_its_time_and_polls_no_more(Pollers poller) {
        PollerHarness harness = harness(poller, seen::add).build();
        harness.queue().faults().always(Call.RECEIVE, Fault.failing());
        harness.advance(seconds(25));
        int polls = harness.queue().log().count(Call.RECEIVE);

        harness.close();
        harness.queue().faults().none();
        harness.advance(Duration.ofMinutes(5));

        assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(harness.queue().log().count(Call.RECEIVE)).isEqualTo(polls);
    }

    @ParameterizedTest
    @EnumSource
    void an_outage_that_is_being_waited_for_begins_no_poll_any_more(Pollers poller) {
        // given a handler that runs while receiving fails
        harness = harness(poller, event -> harness.time().sleep(seconds(30)))
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

    /** A poller whose handlers take so long. */
    private PollerHarness slow(Pollers poller, Duration time, UnaryOperator<PollerHarness.Builder> more) {
        PollerHarness[] running = new PollerHarness[1];
        running[0] = more.apply(harness(poller, event -> {
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

    /** It runs on, and no poll is in flight. */
    private PollerHarness withAHandlerThatHasLostItsLease(Pollers poller) {
        PollerHarness harness = harness(poller, event -> hold.awaitIgnoringInterrupts())
                .handlersOnThreads()
                .build();
        hold = harness.hold();
        harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
        harness.deliver(signup("m-1"));
        harness.pause();
        harness.advance(seconds(21));
        return harness;
    }

    private static PollerHarness.Builder harness(Pollers poller, EventHandler<String> handler) {
        return poller.of(Given.fork().on("signup", String.class, handler).build());
    }
}
