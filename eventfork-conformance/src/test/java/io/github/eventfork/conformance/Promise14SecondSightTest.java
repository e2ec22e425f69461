package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.PollBudget;
import io.github.eventfork.queue.Receiver;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A second sight of a message in hand waits for the first. */
@Promise(14)
class Promise14SecondSightTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @ParameterizedTest
    @EnumSource
    void of_two_that_one_receive_brought_the_second_is_acknowledged_without_running(Pollers poller) {
        try (PollerHarness harness = harness(poller, event -> {
                    seen.add(event);
                    hold.await();
                })
                .handlersOnThreads()
                .build()) {
            hold = harness.hold();
            harness.deliverTwice(signup("m-1"));
            assertThat(harness.queue().log().receives())
                    .singleElement()
                    .satisfies(receive -> assertThat(receive.messageIds()).containsExactly("m-1", "m-1"));
            assertThat(seen.ids()).containsExactly("m-1");

            hold.release();
            harness.advance(seconds(5));

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled(), new Outcome.Duplicate());
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_a_later_receive_brings_while_the_first_runs_waits_for_it(Pollers poller) {
        try (PollerHarness harness = harness(poller, event -> {
                    seen.add(event);
                    hold.await();
                })
                .handlersOnThreads()
                .build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));
            assertThat(harness.queue().log().receives()).hasSize(2);
            assertThat(seen.ids()).containsExactly("m-1");

            hold.release();
            harness.advance(seconds(5));

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled(), new Outcome.Duplicate());
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_comes_while_the_first_is_being_deleted_waits_for_that_and_is_acknowledged(Pollers poller) {
        try (PollerHarness harness = harness(poller, seen::add).build()) {
            // given a delete whose answer takes 5 s
            harness.queue().faults().next(Call.DELETE, Fault.delayed(seconds(5)));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            // when the message comes again meanwhile
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));
            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled());
            harness.advance(seconds(5));

            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled(), new Outcome.Duplicate());
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_that_comes_while_the_first_is_being_given_back_runs_after_that(Pollers poller) {
        int[] runs = {0};
        try (PollerHarness harness = harness(poller, event -> {
                    seen.add(event);
                    if (++runs[0] == 1) {
                        throw new IllegalStateException("the first time");
                    }
                })
                .build()) {
            // given a visibility change whose answer takes 5 s
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.delayed(seconds(5)));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            // when the message comes again meanwhile
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));
            assertThat(seen.ids()).containsExactly("m-1");
            harness.advance(seconds(4));

            assertThat(seen.ids()).containsExactly("m-1", "m-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_runs_if_the_first_failed_and_the_firsts_delay_is_not_sent(Pollers poller) {
        int[] runs = {0};
        try (PollerHarness harness = harness(poller, event -> {
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

    @ParameterizedTest
    @EnumSource
    @Promise({1, 14})
    void of_a_rejected_message_there_is_one_dead_letter_and_the_second_sight_is_acknowledged_unrun(Pollers poller) {
        try (PollerHarness harness = harness(poller, event -> {
                    seen.add(event);
                    throw new RejectedEventException("never");
                })
                .build()) {
            harness.deliverTwice(signup("m-1"));
            harness.advance(seconds(5));

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.outcomes("m-1")).last().isEqualTo(new Outcome.Duplicate());
            assertThat(harness.queue().log().deadLetters()).hasSize(1);
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 14})
    void a_message_that_failed_at_its_last_attempt_is_not_handled_at_its_second_sight_too(Pollers poller) {
        // given a handler that would succeed at a second run
        int[] runs = {0};
        try (PollerHarness harness = harness(poller, event -> {
                    if (++runs[0] == 1) {
                        throw new IllegalStateException("the first time");
                    }
                })
                .build()) {
            harness.deliverTwice(signup("m-1").receiveCount(3));
            harness.advance(seconds(5));

            assertThat(harness.timeline().started()).containsExactly("m-1");
            assertThat(harness.deadLetters()).hasSize(1);
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 14})
    void it_runs_if_the_first_could_not_be_dead_lettered(Pollers poller) {
        int[] runs = {0};
        try (PollerHarness harness = harness(poller, event -> {
                    if (++runs[0] == 1) {
                        throw new RejectedEventException("the first time");
                    }
                })
                .withoutDeadLetterQueue()
                .build()) {
            harness.deliverTwice(signup("m-1"));
            harness.advance(seconds(5));

            assertThat(harness.timeline().started()).containsExactly("m-1", "m-1");
            assertThat(harness.outcomes("m-1")).last().isEqualTo(new Outcome.Handled());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 14, 16})
    void on_lambda_too_a_settler_sends_one_dead_letter_and_neither_sight_is_reported(Functions function) {
        LambdaHarness harness = function.of(Given.fork()
                        .on("signup", String.class, event -> {
                            throw new RejectedEventException("never");
                        })
                        .build())
                .settler()
                .build();

        assertThat(harness.invoke(signup("m-1"), signup("m-1"))).isEmpty();
        assertThat(harness.timeline().started()).containsExactly("m-1");
        assertThat(harness.queue().log().deadLetters()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void what_is_done_but_could_not_be_deleted_is_not_done_again(Pollers poller) {
        try (PollerHarness harness =
                harness(poller, seen::add).visibilityTimeout(seconds(30)).build()) {
            harness.queue().faults().next(Call.DELETE, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMinutes(2));

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void on_a_fifo_queue_what_is_deleted_pushes_nothing_out_of_what_is_remembered(Pollers poller) {
        try (PollerHarness harness = harness(poller, event -> seen.add(event))
                .fifo()
                .visibilityTimeout(seconds(30))
                .concurrency(100)
                .build()) {
            // given one that is done, and whose delete is refused
            harness.queue().faults().next(Call.DELETE, Fault.answering(Entry.FINAL));
            harness.deliver(signup("done").group("g"));
            harness.advance(seconds(1));
            assertThat(seen.ids()).containsExactly("done");

            // when 12,000 others, ten in a group, are done and deleted, and it comes again
            for (int i = 0; i < 12_000; i++) {
                harness.queue().send(signup("m-" + i).group("group-" + i / 10));
            }
            harness.advance(seconds(60));

            // then it is known still
            assertThat(seen.ids()).hasSize(12_001);
            assertThat(harness.outcomes("done")).containsExactly(new Outcome.Handled(), new Outcome.Duplicate());
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void on_a_standard_queue_it_waits_for_a_handler_whose_lease_was_lost_and_is_acknowledged_unrun(Pollers poller) {
        try (PollerHarness harness = harness(poller, event -> {
                    seen.add(event);
                    hold.awaitIgnoringInterrupts();
                })
                .visibilityTimeout(seconds(30))
                .maxReceiveCount(3)
                .handlersOnThreads()
                .build()) {
            // given a handler that ends well after its lease was lost, when the message has been seen again
            hold = harness.hold();
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(35));

            // when it ends, then its own delete comes too late, and the second sight's own is what counts
            hold.release();
            harness.advance(seconds(5));
            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.timeline().steps(Step.Received.class))
                    .containsExactly(new Step.Received(1), new Step.Received(2));
        }
    }

    @Test
    void what_a_poller_remembers_is_gone_with_it() {
        // given a message whose work is done, and whose delete is not
        Fork fork = Given.fork().on("signup", String.class, seen::add).build();
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("queue", runtime).build();
        queue.faults().next(Call.DELETE, Fault.answering(Entry.FINAL));
        queue.send(signup("m-1"));
        Receiver first = poller(fork, queue, runtime);
        first.start();
        runtime.advance(seconds(1));
        first.close();

        // when another poller has it
        Receiver second = poller(fork, queue, runtime);
        second.start();
        runtime.advance(seconds(60));

        // then it runs again: nothing but an idempotency store outlives a process
        assertThat(seen.ids()).containsExactly("m-1", "m-1");
        assertThat(queue.messages()).isEmpty();
        second.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({14, 15})
    void on_lambda_too_it_is_acknowledged_without_running(Functions function) {
        LambdaHarness harness = function.of(
                        Given.fork().on("signup", String.class, seen::add).build())
                .build();

        assertThat(harness.invoke(signup("m-1"), signup("m-2"), signup("m-1"))).isEmpty();
        assertThat(seen.ids()).containsExactly("m-1", "m-2");
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
    @Promise({14, 15, 16})
    void on_lambda_a_message_that_failed_at_its_first_sight_and_is_done_at_its_second_is_not_reported(
            Functions function, boolean settler) {
        int[] runs = {0};
        LambdaHarness.Builder builder = function.of(Given.fork()
                .on("signup", String.class, event -> {
                    if (++runs[0] == 1) {
                        throw new IllegalStateException("the first time");
                    }
                })
                .build());
        LambdaHarness harness = (settler ? builder.settler() : builder).build();

        assertThat(harness.invoke(signup("m-1"), signup("m-1"))).isEmpty();
        assertThat(harness.timeline().started()).containsExactly("m-1", "m-1");
        assertThat(harness.queue().log().visibilityChanges()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({9, 14, 15})
    void on_lambda_what_is_done_but_could_not_be_deleted_comes_again_as_a_duplicate_where_keys_are_claimed(
            Functions function) {
        // given a delete by Lambda's service that fails
        VirtualRuntime time = VirtualRuntime.seeded(1);
        LambdaHarness harness = function.of(Given.fork()
                        .on("signup", String.class, seen::add)
                        .idempotency(Idempotency.in(new InMemoryIdempotencyStore(10, time::nanoTime)))
                        .build())
                .time(time)
                .visibilityTimeout(seconds(60))
                .build();
        harness.queue().faults().next(Call.DELETE, Fault.failing());

        // when
        harness.deliver(signup("m-1"));
        harness.advance(seconds(59));
        assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled());
        harness.advance(seconds(2));

        // then another invocation has it, and finds that it is done
        assertThat(harness.timeline().steps(Step.Received.class))
                .containsExactly(new Step.Received(1), new Step.Received(2));
        assertThat(seen.ids()).containsExactly("m-1");
        assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled(), new Outcome.Duplicate());
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void on_a_fifo_queue_it_waits_for_a_handler_whose_lease_was_lost_and_is_acknowledged_unrun(Pollers poller) {
        try (PollerHarness harness = harness(poller, event -> {
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

    private static Receiver poller(Fork fork, InMemoryQueue queue, VirtualRuntime runtime) {
        return new Receiver(fork, queue, new PollBudget(25), runtime, Receiver.Options.defaults());
    }

    private static PollerHarness.Builder harness(Pollers poller, EventHandler<String> handler) {
        return poller.of(Given.fork().on("signup", String.class, handler).build());
    }
}
