package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.BatchingSettler;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** With a settler, delays and dead letters happen on Lambda too; without one, both are reported. */
@Promise(16)
class Promise16SettlerTest {

    private final Given.Seen seen = new Given.Seen();
    private final List<Settlement> asked = new ArrayList<>();
    private final List<String> flushes = new ArrayList<>();
    private LambdaHarness harness;
    private Hold hold;

    @ParameterizedTest
    @EnumSource
    @Promise({15, 16})
    void with_a_settler_delays_and_dead_letters_are_carried_out_and_only_what_is_given_back_is_reported(
            Functions function) {
        Fork fork = Given.fork()
                .rejecting(IllegalArgumentException.class)
                .on("signup", String.class, event -> {
                    switch (event.delivery().messageId()) {
                        case "failing" -> throw new IllegalStateException("again");
                        case "hopeless" -> throw new IllegalArgumentException("never");
                        default -> seen.add(event);
                    }
                })
                .build();
        harness = function.of(fork).settler().build();

        List<String> reported = harness.invoke(signup("good"), signup("failing"), signup("hopeless"));

        assertThat(reported).containsExactly("failing");
        assertThat(harness.queue().log().visibilityChanges())
                .extracting(QueueLog.VisibilityChange::timeout)
                .containsExactly(Given.DELAY);
        assertThat(harness.deadLetters()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    @Promise({15, 16})
    void without_a_settler_both_are_reported(Functions function) {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    throw new IllegalStateException("again");
                })
                .build();
        harness = function.of(fork).build();

        assertThat(harness.invoke(signup("m-1"), signup("m-2").cutOff())).containsExactlyInAnyOrder("m-1", "m-2");
    }

    @ParameterizedTest
    @EnumSource
    void without_a_settler_that_is_said_once(Functions function) {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    throw new IllegalStateException("again");
                })
                .build();
        harness = function.of(fork).build();

        List<String> lines = Logged.during(() -> {
            harness.invoke(signup("m-1"), signup("m-2"));
            harness.invoke(signup("m-3"));
        });

        assertThat(lines)
                .filteredOn(line -> line.contains("Fork 'fork' has no settler"))
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void without_a_settler_a_failed_head_is_not_tried_again_in_hand(Functions function) {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    throw new IllegalStateException("again");
                })
                .build();
        harness = function.of(fork).fifo().build();

        assertThat(harness.invoke(signup("a-1").group("a"), signup("a-2").group("a")))
                .containsExactly("a-1", "a-2");
        assertThat(harness.timeline().started()).containsExactly("a-1");
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
    void what_is_postponed_is_tried_again_in_hand_with_a_settler_or_without(Functions function, boolean settler) {
        // given a key that another holds for 3 s more
        InMemoryIdempotencyStore store =
                new InMemoryIdempotencyStore(10, () -> harness.time().nanoTime());
        LambdaHarness.Builder builder = function.of(Given.fork()
                .on("signup", String.class, seen::add)
                .idempotency(Idempotency.in(store))
                .build());
        harness = (settler ? builder.settler() : builder).build();
        store.claim(Given.key("fork", "event-of-m-1"), seconds(3));

        // then it waits for that, and runs
        assertThat(harness.invoke(signup("m-1"))).isEmpty();
        assertThat(seen.ids()).containsExactly("m-1");
        assertThat(harness.time().elapsed()).isBetween(seconds(3), seconds(4));
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
    void when_the_budget_ends_what_has_not_started_is_given_back_at_once_and_seen_again_before_the_answer(
            Functions function, boolean ignoring) {
        // given three of ten that run when the time is over
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    if (ignoring) {
                        hold.awaitIgnoringInterrupts();
                    } else {
                        hold.await();
                    }
                })
                .build();
        harness = function.of(fork)
                .settler()
                .remaining(seconds(10))
                .margin(Duration.ofMillis(200))
                .concurrency(3)
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        // when
        assertThat(harness.invoke(
                        IntStream.range(0, 10).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new)))
                .hasSize(10);

        // then the seven others are back, and of the three those that ended: they were stopped, so without a delay
        List<Duration> timeouts = harness.queue().log().visibilityChanges().stream()
                .map(QueueLog.VisibilityChange::timeout)
                .toList();
        int back = ignoring ? 7 : 10;
        assertThat(timeouts).containsExactlyElementsOf(Collections.nCopies(back, Duration.ZERO));
        assertThat(harness.queue().messages())
                .filteredOn(item -> item.receives() == 2)
                .hasSize(back);
        assertThat(harness.time().elapsed()).isLessThan(seconds(10));
        hold.release();
        harness.run();
    }

    @ParameterizedTest
    @EnumSource
    void what_waits_behind_a_handler_that_is_left_behind_waits_with_it(Functions function) {
        // given the head of a FIFO lane that ignores its interruption: SQS hides its group as long as it hides the head
        Fork fork = Given.fork()
                .on("signup", String.class, event -> hold.awaitIgnoringInterrupts())
                .build();
        harness = function.of(fork)
                .fifo()
                .settler()
                .remaining(seconds(10))
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        assertThat(harness.invoke(signup("a-1").group("a"), signup("a-2").group("a")))
                .containsExactly("a-1", "a-2");
        assertThat(harness.queue().log().visibilityChanges()).isEmpty();
        hold.release();
        harness.run();
        assertThat(harness.timeline().started()).containsExactly("a-1");
    }

    @Test
    void the_settler_is_handed_what_is_given_back_and_dead_letters_only() {
        harness = lambda(failingAt("failing"), () -> CompletableFuture.completedFuture(asked.get(0)))
                .build();

        harness.invoke(signup("good"), signup("failing"));

        assertThat(asked).containsExactly(new Settlement.GiveBack(Given.DELAY));
    }

    @Test
    @Promise({2, 16})
    void a_settlement_that_is_unknown_reports_its_record_and_no_other() {
        harness = lambda(
                        failingAt("failing"),
                        () -> CompletableFuture.failedFuture(new IllegalStateException("who knows")))
                .build();

        assertThat(harness.invoke(signup("good"), signup("failing"), signup("good-too")))
                .containsExactly("failing");
    }

    @Test
    @Promise({2, 16})
    void a_settler_that_throws_fails_its_lane_and_no_other() {
        // given a FIFO queue, and a settler that throws instead of answering
        harness = lambda(failingAt("a-1"), () -> {
                    throw new IllegalStateException("a bug");
                })
                .fifo()
                .build();

        // when the head of a lane fails three times
        List<String> reported = harness.invoke(
                signup("a-1").group("a"),
                signup("a-2").group("a"),
                signup("a-3").group("a"),
                signup("b-1").group("b"));

        // then its lane is reported at once, not when the time is over
        assertThat(reported).containsExactlyInAnyOrder("a-1", "a-2", "a-3");
        assertThat(harness.time().elapsed()).isLessThan(seconds(10));
    }

    @Test
    @Promise({15, 16})
    void a_settler_that_never_answers_keeps_no_invocation_past_its_time() {
        Settler silent = new Settler() {
            @Override
            public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
                return new CompletableFuture<>();
            }

            @Override
            public CompletionStage<Void> flush() {
                return new CompletableFuture<>();
            }
        };
        harness = ForkHarness.lambda(failingAt("failing"))
                .remaining(seconds(10))
                .settler(silent)
                .build();

        assertThat(harness.invoke(signup("good"), signup("failing"))).containsExactly("failing");
        assertThat(harness.time().elapsed()).isLessThan(seconds(10));
    }

    @Test
    void the_settler_is_flushed_within_the_margin() {
        // given a settler that sends nothing until it is flushed
        CompletableFuture<Settlement> sent = new CompletableFuture<>();
        Fork fork = failingAt("failing");
        Settler settler = new Settler() {
            @Override
            public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
                return sent;
            }

            @Override
            public CompletionStage<Void> flush() {
                flushes.add("flush");
                sent.complete(new Settlement.DeadLetter("x", "fork", 3));
                return CompletableFuture.completedFuture(null);
            }
        };
        harness =
                ForkHarness.lambda(fork).remaining(seconds(10)).settler(settler).build();

        // then what it then says still counts
        assertThat(harness.invoke(signup("failing").receiveCount(3))).isEmpty();
        assertThat(flushes).isNotEmpty();
        assertThat(harness.time().elapsed()).isLessThan(seconds(10));
    }

    @ParameterizedTest
    @EnumSource
    @Promise({16, 20})
    void a_flush_within_the_margin_takes_a_dead_letter_through_to_its_delete(Functions function) {
        // given a handler at its last attempt that fails when it is interrupted, and a margin shorter than two lingers
        Fork fork =
                Given.fork().on("signup", String.class, event -> hold.await()).build();
        harness = function.of(fork)
                .settler()
                .remaining(seconds(10))
                .margin(Duration.ofMillis(40))
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        assertThat(harness.invoke(signup("m-1").receiveCount(3))).isEmpty();
        assertThat(harness.deadLetters()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"GIVE_BACK", "DEAD_LETTER"})
    @Promise({13, 16})
    void what_a_frozen_process_was_asked_for_is_not_done_when_it_thaws_and_another_has_the_message(String what) {
        // given a delay, or a dead letter, that fails at first, and an environment that is frozen before it is tried
        // again
        VirtualRuntime time = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("queue", time)
                .visibilityTimeout(seconds(60))
                .deadLetterQueue(InMemoryQueue.named("dlq", time).build(), 5)
                .build();
        BatchingSettler settler = new BatchingSettler(queue, time);
        queue.send(signup("m-1"));
        List<Delivery> received = new ArrayList<>();
        queue.elsewhere().receive(Receive.of(1, Duration.ZERO)).thenAccept(received::addAll);
        time.advance(seconds(1));
        queue.faults().next(Call.CHANGE_VISIBILITY, Fault.failing()).next(Call.DEAD_LETTER, Fault.failing());
        CompletableFuture<Settlement> standing = settler.settle(
                        received.get(0),
                        what.equals("DEAD_LETTER")
                                ? new Settlement.DeadLetter("why", "fork", 1)
                                : new Settlement.GiveBack(seconds(5)))
                .toCompletableFuture();
        settler.flush();
        time.advance(Duration.ofMillis(10));

        // when another environment has it by the time of the thaw
        time.elsewhere(
                seconds(70),
                () -> queue.elsewhere()
                        .receive(new Receive(1, Duration.ZERO, Optional.of(seconds(600)), Optional.empty())));
        time.pause(seconds(100), VirtualRuntime.Resumption.TIMERS_FIRST);
        time.advance(seconds(30));

        // then nothing is done by the receipt that is spent, and what stands is unknown
        assertThat(queue.messages()).singleElement().satisfies(item -> {
            assertThat(item.receives()).isEqualTo(2);
            assertThat(item.visible()).isFalse();
        });
        assertThat(queue.log().deadLetters())
                .extracting(QueueLog.DeadLetter::answer)
                .doesNotContain(Entry.DONE);
        assertThat(queue.log().deletes()).isEmpty();
        assertThat(standing).isCompletedExceptionally();
    }

    @Test
    @Promise({16, 20})
    void a_flush_sends_a_dead_letters_copy_and_then_its_delete_without_any_time_passing() {
        // given a rejected message that a BatchingSettler is asked to dead-letter
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("queue", runtime)
                .deadLetterQueue(InMemoryQueue.named("dlq", runtime).build(), 3)
                .build();
        BatchingSettler settler = new BatchingSettler(queue, runtime);
        queue.send(signup("m-1"));
        CompletableFuture<List<Delivery>> received =
                queue.receive(Receive.of(1, Duration.ZERO)).toCompletableFuture();
        runtime.runUntilIdle();
        CompletableFuture<Settlement> standing = settler.settle(
                        received.join().get(0), new Settlement.DeadLetter("why", "fork", 1))
                .toCompletableFuture();
        runtime.runUntilIdle();

        // when it is flushed
        CompletableFuture<Void> flushed = settler.flush().toCompletableFuture();
        runtime.runUntilIdle();

        // then the settlement stands by the time that the flush has ended
        assertThat(flushed).isCompleted();
        assertThat(queue.log().count(Call.DEAD_LETTER)).isEqualTo(1);
        assertThat(standing).isCompleted();
        assertThat(queue.messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_does_not_wait_for_what_another_invocation_asked_of_the_settler(Functions function) {
        // given a dead letter of an earlier invocation that is still on its way
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    if (event.delivery().messageId().equals("hopeless")) {
                        throw new RejectedEventException("never");
                    }
                    hold.awaitIgnoringInterrupts();
                })
                .build();
        harness = function.of(fork)
                .settler()
                .remaining(seconds(10))
                .margin(seconds(4))
                .handlersOnThreads()
                .build();
        hold = harness.hold();
        harness.queue().faults().next(Call.DEAD_LETTER, Fault.delayed(seconds(60)));
        assertThat(harness.invoke(signup("hopeless"))).containsExactly("hopeless");
        Duration before = harness.time().elapsed();

        // when another one flushes after a quarter of its margin, 7 s after its beginning
        assertThat(harness.invoke(signup("m-1"))).containsExactly("m-1");

        // then it answers, and not at the end of its margin only
        assertThat(harness.time().elapsed().minus(before)).isBetween(seconds(7), seconds(8));
        hold.release();
        harness.run();
    }

    @Test
    @Promise({16, 20})
    void a_flush_hurries_what_was_asked_before_it_and_nothing_else() {
        // given a flush that waits for a copy
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("queue", runtime)
                .deadLetterQueue(InMemoryQueue.named("dlq", runtime).build(), 3)
                .build();
        queue.faults().next(Call.DEAD_LETTER, Fault.delayed(seconds(5)));
        BatchingSettler settler = new BatchingSettler(queue, runtime);
        settler.settle(signup("m-1").delivery("queue"), new Settlement.DeadLetter("why", "fork", 1));
        runtime.runUntilIdle();
        CompletableFuture<Void> flushed = settler.flush().toCompletableFuture();
        runtime.runUntilIdle();

        // when another settlement is asked for
        settler.settle(signup("m-2").delivery("queue"), new Settlement.DeadLetter("why", "fork", 1));
        runtime.runUntilIdle();

        // then it lingers for company
        assertThat(flushed).isNotDone();
        assertThat(queue.log().count(Call.DEAD_LETTER)).isEqualTo(1);
        runtime.advance(Duration.ofMillis(20));
        assertThat(queue.log().count(Call.DEAD_LETTER)).isEqualTo(2);
    }

    private static Fork failingAt(String messageId) {
        return Given.fork()
                .on("signup", String.class, event -> {
                    if (event.delivery().messageId().equals(messageId)) {
                        throw new IllegalStateException("this one only");
                    }
                })
                .build();
    }

    private LambdaHarness.Builder lambda(Fork fork, Supplier<CompletionStage<Settlement>> answer) {
        return ForkHarness.lambda(fork).settler(new Settler() {
            @Override
            public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
                asked.add(settlement);
                return answer.get();
            }

            @Override
            public CompletionStage<Void> flush() {
                flushes.add("flush");
                return CompletableFuture.completedFuture(null);
            }
        });
    }
}
