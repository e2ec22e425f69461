package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.eventfork.AlreadyHandledException;
import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;
import io.github.eventfork.EventInterceptor;
import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.payload.JacksonPayloads;
import io.github.eventfork.payload.PayloadException;
import io.github.eventfork.payload.PayloadReader;
import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told and asked of deliveries that never run, and of those that a settler lets down. */
class DispatcherTest {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration DELAY = Duration.ofSeconds(2);
    private static final Dispatcher.Limits LIMITS = new Dispatcher.Limits(1, Optional.empty(), false, false);
    private static final Settlement DONE = new Settlement.Acknowledge();
    private static final Settlement GIVEN_BACK = new Settlement.GiveBack(Duration.ZERO);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Told told = new Told();
    private final Answering settler = new Answering();
    private final List<String> ran = new ArrayList<>();
    private final List<VirtualMachineError> broken = new ArrayList<>();
    private EventHandler<String> handler = event -> {};
    private RetryPolicy retry = RetryPolicy.fixed(DELAY);
    private PayloadReader payloads = JacksonPayloads.standard();
    private EventInterceptor interceptor = (event, chain) -> chain.proceed();
    private Dispatcher dispatcher = dispatcher(LIMITS, broken::add);

    @Test
    void what_comes_after_the_stop_is_told_as_postponed_and_given_back() {
        dispatcher.stop();

        CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), lease());

        assertThat(ran).isEmpty();
        assertThat(told.finished).containsExactly("m-1: Postponed");
        assertThat(settler.asked).containsExactly(GIVEN_BACK);
        assertThat(standing).isCompletedWithValue(GIVEN_BACK);
    }

    @Test
    void what_comes_with_a_lost_lease_is_told_as_postponed_and_nobody_is_asked() {
        KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, LEASE);
        keeper.lose();

        CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), keeper.lease());

        assertThat(ran).isEmpty();
        assertThat(told.finished).contains("m-1: Postponed");
        assertThat(settler.asked).isEmpty();
        assertThat(standing).isCompletedWithValue(GIVEN_BACK);
    }

    @Test
    void a_second_sight_of_what_is_done_is_told_as_a_duplicate_and_acknowledged() {
        dispatcher.accept(List.of(delivery("m-1"), delivery("m-1")), List.of(lease(), lease()));

        assertThat(ran).containsExactly("m-1");
        assertThat(told.finished).containsExactly("m-1: Handled", "m-1: Duplicate");
        assertThat(settler.asked).containsExactly(DONE, DONE);
    }

    static IntStream readingsOfTheClock() {
        return IntStream.rangeClosed(1, 12);
    }

    @ParameterizedTest
    @MethodSource("readingsOfTheClock")
    void a_try_is_told_once_wherever_the_process_stood_still_while_its_lease_ran_out(int reading) {
        // given a clock that leaps past the end of the lease between two readings of it
        KeptLease lease = lease();
        runtime.leapAfter(reading, LEASE);

        // when
        CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), lease);

        // then it ran, or it was said that it did not
        assertThat(told.finished).containsExactly(ran.isEmpty() ? "m-1: Postponed" : "m-1: Handled");
        assertThat(standing.toCompletableFuture()).isCompleted();
    }

    @Test
    void what_stands_behind_a_head_that_is_given_back_is_told_as_postponed_and_sent_back_at_once() {
        handler = event -> {
            throw new IllegalStateException("again");
        };

        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2"), inGroup("a-3")), List.of(lease(), lease(), lease()));

        assertThat(ran).containsExactly("a-1");
        assertThat(told.finished).containsExactly("a-1: Failed", "a-2: Postponed", "a-3: Postponed");
        assertThat(told.settled).containsExactly("a-1", "a-2", "a-3");
        assertThat(settler.flushes)
                .as("flushes, because lanes bypass the linger")
                .isEqualTo(1);
    }

    @Test
    void a_head_that_nothing_stands_behind_may_linger() {
        dispatcher.accept(inGroup("a-1"), lease());

        assertThat(settler.flushes).isZero();
    }

    @Test
    void a_flush_that_throws_keeps_nobody_from_running() {
        settler.flush = () -> {
            throw new IllegalStateException("a bug");
        };
        settler.answer = asked -> new CompletableFuture<>();

        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(lease(), lease()));
        settler.answers.get(0).complete(DONE);

        assertThat(ran).containsExactly("a-1", "a-2");
    }

    @Test
    void a_settler_that_can_not_be_asked_for_its_count_undoes_no_work_and_stops_no_lane() {
        settler.maxReceiveCount = () -> {
            throw new IllegalStateException("a bug");
        };
        handler = event -> {
            if (event.attempt() == 3) {
                throw new IllegalStateException("the third time");
            }
        };

        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(lease(), lease()));
        dispatcher.accept(signup(Delivery.of("orders", "m-3", "{}").receiveCount(3)), lease());

        assertThat(ran).containsExactly("a-1", "a-2", "m-3");
        assertThat(settler.asked)
                .containsExactly(
                        DONE,
                        DONE,
                        new Settlement.DeadLetter(
                                "failed at attempt 3 of 3 with java.lang.IllegalStateException: the third time",
                                "fork",
                                3));
    }

    @Test
    void a_dead_letter_of_which_nobody_knows_whether_it_stands_lets_nothing_behind_it_run() {
        // given a FIFO head at its last receive, and a settler whose answer is lost
        handler = event -> {
            throw new RejectedEventException("closed");
        };
        settler.maxReceiveCount = () -> OptionalInt.of(1);
        settler.answer = asked -> asked instanceof Settlement.DeadLetter
                ? CompletableFuture.failedFuture(new IllegalStateException("no answer"))
                : CompletableFuture.completedFuture(asked);

        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(lease(), lease()));

        assertThat(ran).containsExactly("a-1");
        assertThat(settler.asked).last().isEqualTo(GIVEN_BACK);
    }

    @Test
    void a_flush_that_ends_in_an_error_ends_no_turn_twice() {
        settler.flush = () -> {
            throw new AssertionError("a bug");
        };

        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2"), inGroup("a-3")), List.of(lease(), lease(), lease()));

        assertThat(ran).containsExactly("a-1", "a-2", "a-3");
        assertThat(settler.asked).containsOnly(DONE);
    }

    @Test
    void a_settler_that_answers_null_leaves_it_unknown_what_stands() {
        settler.answer = asked -> CompletableFuture.completedFuture(null);

        CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), lease());

        assertThatThrownBy(() -> standing.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("the settler answered null");
        assertThat(told.settled).isEmpty();
    }

    @Test
    void a_settler_that_answers_no_stage_leaves_it_unknown_what_stands_and_the_next_runs() {
        settler.answer = asked -> null;

        CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), lease());
        dispatcher.accept(delivery("m-2"), lease());

        assertThat(standing.toCompletableFuture()).isCompletedExceptionally();
        assertThat(ran).containsExactly("m-1", "m-2");
    }

    @Test
    void a_second_sight_whose_lease_is_lost_while_it_waits_is_let_go_at_once() {
        // given two sights of a message on a standard queue, of which the second is lost while the first runs
        KeptLease.Keeper second = new KeptLease.Keeper(runtime, LEASE);
        List<String> toldMeanwhile = new ArrayList<>();
        handler = event -> {
            second.lose();
            toldMeanwhile.addAll(told.finished);
        };

        List<CompletionStage<Settlement>> standing =
                dispatcher.accept(List.of(delivery("m-1"), delivery("m-1")), List.of(lease(), second.lease()));

        assertThat(toldMeanwhile).containsExactly("m-1: Postponed");
        assertThat(told.lost).containsExactly("m-1");
        assertThat(standing.get(1)).isCompletedWithValue(GIVEN_BACK);
        assertThat(settler.asked).containsExactly(DONE);
    }

    @Test
    void what_waits_for_a_handler_is_let_go_as_soon_as_its_lease_is_lost() {
        // given one handler at a time, and a message that comes and is lost while it runs
        KeptLease.Keeper second = new KeptLease.Keeper(runtime, LEASE);
        List<String> toldMeanwhile = new ArrayList<>();
        handler = event -> {
            dispatcher.accept(delivery("m-2"), second.lease());
            second.lose();
            toldMeanwhile.addAll(told.finished);
        };

        dispatcher.accept(delivery("m-1"), lease());

        assertThat(toldMeanwhile).containsExactly("m-2: Postponed");
        assertThat(ran).containsExactly("m-1");
        assertThat(told.finished).containsExactly("m-2: Postponed", "m-1: Handled");
    }

    @Test
    void a_lease_that_is_lost_when_the_settlement_stands_is_nobodys_loss() {
        KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, LEASE);
        dispatcher.accept(delivery("m-1"), keeper.lease());

        keeper.lose();

        assertThat(told.lost).isEmpty();
    }

    @Test
    void a_handler_knows_that_it_is_on_a_handlers_thread_and_nobody_else_is() {
        List<Boolean> on = new ArrayList<>();
        handler = event -> on.add(dispatcher.onOwnThread());

        dispatcher.accept(delivery("m-1"), lease());

        assertThat(on).containsExactly(true);
        assertThat(dispatcher.onOwnThread()).isFalse();
    }

    @Test
    void an_error_that_no_process_survives_is_told_and_nothing_starts_any_more() {
        OutOfMemoryError error = new OutOfMemoryError("on purpose");
        handler = event -> {
            throw error;
        };

        CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), lease());
        dispatcher.accept(delivery("m-2"), lease());

        assertThat(broken).containsExactly(error);
        assertThatThrownBy(() -> standing.toCompletableFuture().join()).hasCause(error);
        assertThat(ran).containsExactly("m-1");
        assertThat(told.finished).containsExactly("m-2: Postponed");
    }

    @ParameterizedTest
    @MethodSource("readingsOfTheClock")
    void a_stop_while_a_delivery_goes_to_wait_for_a_handler_is_not_overlooked(int reading) {
        // given a stop at some moment after a second delivery came, while the first has the only handler
        List<CompletionStage<Settlement>> second = new ArrayList<>();
        List<Boolean> stopped = new ArrayList<>();
        handler = event -> {
            if (second.isEmpty()) {
                KeptLease lease = lease();
                runtime.atReading(reading, () -> {
                    stopped.add(true);
                    dispatcher.stop();
                });
                second.add(dispatcher.accept(delivery("m-2"), lease));
                runtime.atReading(Integer.MAX_VALUE, () -> {});

                // then it is given back at once, and not when the first has ended
                assertThat(second.get(0).toCompletableFuture().isDone()).isEqualTo(!stopped.isEmpty());
            }
        };

        // when
        dispatcher.accept(delivery("m-1"), lease());

        assertThat(told.finished).contains("m-1: Handled");
    }

    @Test
    void what_waits_for_a_handler_is_given_back_when_it_is_stopped_and_not_when_one_is_free() {
        // given one handler at a time, and a message that comes while it runs
        List<String> toldMeanwhile = new ArrayList<>();
        handler = event -> {
            dispatcher.accept(delivery("m-2"), lease());
            dispatcher.stop();
            toldMeanwhile.addAll(told.finished);
        };

        dispatcher.accept(delivery("m-1"), lease());

        assertThat(toldMeanwhile).containsExactly("m-2: Postponed");
        assertThat(settler.asked).containsExactly(GIVEN_BACK, DONE);
    }

    @Test
    void a_load_says_how_many_could_start_wait_and_are_over() {
        List<Dispatcher.Load> loads = new ArrayList<>();
        List<Integer> running = new ArrayList<>();
        handler = event -> {
            if (ran.size() == 1) {
                dispatcher.accept(delivery("m-2"), lease());
                loads.add(dispatcher.load());
                running.add(dispatcher.running());
            }
        };

        dispatcher.accept(delivery("m-1"), lease());

        assertThat(loads).containsExactly(new Dispatcher.Load(0, 1, 0));
        assertThat(running).containsExactly(1);
        assertThat(dispatcher.load()).isEqualTo(new Dispatcher.Load(1, 0, 2));
        assertThat(dispatcher.running()).isZero();
    }

    @Test
    void a_handler_that_runs_is_interrupted_and_none_starts_after_it() {
        List<Boolean> interrupted = new ArrayList<>();
        handler = event -> {
            dispatcher.interrupt();
            interrupted.add(Thread.interrupted());
        };

        dispatcher.accept(delivery("m-1"), lease());
        dispatcher.accept(delivery("m-2"), lease());

        assertThat(interrupted).containsExactly(true);
        assertThat(ran).containsExactly("m-1");
    }

    @Test
    void what_is_done_late_on_a_standard_queue_is_deleted_and_on_a_fifo_queue_not() {
        // given handlers whose leases are lost while they run
        KeptLease.Keeper standard = new KeptLease.Keeper(runtime, LEASE);
        KeptLease.Keeper fifo = new KeptLease.Keeper(runtime, LEASE);
        handler = event -> (event.delivery().fifo() ? fifo : standard).lose();

        dispatcher.accept(delivery("m-1"), standard.lease());
        dispatcher.accept(inGroup("a-1"), fifo.lease());
        assertThat(settler.asked).containsExactly(DONE);
        assertThat(told.lost).containsExactly("m-1", "a-1");
        assertThat(told.settled).containsExactly("m-1", "a-1");

        // then neither runs again
        handler = event -> {};
        dispatcher.accept(inGroup("a-1"), lease());
        assertThat(ran).containsExactly("m-1", "a-1");
    }

    @Test
    void a_thread_that_can_not_be_made_is_an_error_that_no_process_survives() {
        OutOfMemoryError error = new OutOfMemoryError("unable to create native thread");
        runtime.makeNoThread(error);

        CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), lease());

        assertThat(broken).containsExactly(error);
        assertThatThrownBy(() -> standing.toCompletableFuture().join()).hasCause(error);
    }

    @Test
    void a_run_that_no_adapter_survives_has_failed_for_whoever_followed_it() {
        handler = event -> {
            throw new OutOfMemoryError("on purpose");
        };

        dispatcher.accept(delivery("m-1"), lease());

        assertThat(told.closed).containsExactly("Failed");
    }

    @Test
    void each_run_that_is_over_is_told() {
        int[] over = new int[1];
        Dispatcher.Watcher watcher = new Dispatcher.Watcher() {
            @Override
            public void broken(VirtualMachineError error) {}

            @Override
            public void runOver() {
                over[0]++;
            }
        };
        dispatcher = dispatcher(LIMITS, watcher);

        dispatcher.accept(delivery("m-1"), lease());
        dispatcher.accept(delivery("m-2"), lease());

        assertThat(over[0]).isEqualTo(2);
    }

    @Test
    void a_failed_first_sight_is_not_given_back_while_a_second_waits() {
        handler = event -> {
            throw new IllegalStateException("again");
        };

        List<CompletionStage<Settlement>> standing =
                dispatcher.accept(List.of(delivery("m-1"), delivery("m-1")), List.of(lease(), lease()));

        assertThat(ran).hasSize(2);
        assertThat(settler.asked).containsExactly(new Settlement.GiveBack(DELAY));
        assertThat(standing)
                .allSatisfy(each -> assertThat(each.toCompletableFuture()).isCompleted());
    }

    @Test
    void a_second_sight_of_a_dead_letter_is_acknowledged_unrun() {
        handler = event -> {
            throw new RejectedEventException("never");
        };

        dispatcher.accept(List.of(delivery("m-1"), delivery("m-1")), List.of(lease(), lease()));

        assertThat(ran).hasSize(1);
        assertThat(settler.asked).hasSize(2).endsWith(DONE);
    }

    @Test
    void what_is_done_is_remembered_only_if_its_delete_may_not_stand() {
        // given one whose delete stands, and one of which that is not known
        dispatcher.accept(delivery("m-1"), lease());
        settler.answer = asked -> CompletableFuture.failedFuture(new IllegalStateException("who knows"));
        dispatcher.accept(delivery("m-2"), lease());
        handler = event -> {
            throw new IllegalStateException("again");
        };
        dispatcher.accept(delivery("m-3"), lease());

        // when all come again
        Stream.of("m-1", "m-2", "m-3").forEach(id -> dispatcher.accept(delivery(id), lease()));

        assertThat(ran).containsExactly("m-1", "m-2", "m-3", "m-1", "m-3");
    }

    @Test
    void what_is_deleted_pushes_nothing_out_of_the_memory_of_what_is_not_though_something_waited_behind_it() {
        // given one that is done, and of whose delete nothing is known
        settler.answer = asked -> CompletableFuture.failedFuture(new IllegalStateException("who knows"));
        dispatcher.accept(inGroup("unknown"), lease());
        settler.answer = CompletableFuture::completedFuture;

        // when more than are remembered are done and deleted, each with another behind it
        for (int i = 0; i <= 10_000; i++) {
            dispatcher.accept(List.of(inGroup("a-" + i), inGroup("b-" + i)), List.of(lease(), lease()));
        }
        ran.clear();
        dispatcher.accept(inGroup("unknown"), lease());

        // then it is known still
        assertThat(ran).isEmpty();
        assertThat(told.finished).last().isEqualTo("unknown: Duplicate");
    }

    @Test
    void what_came_again_and_was_deleted_then_is_remembered_no_longer() {
        // given one that is deleted at its second sight
        settler.answer = asked -> CompletableFuture.failedFuture(new IllegalStateException("who knows"));
        dispatcher.accept(delivery("m-1"), lease());
        settler.answer = CompletableFuture::completedFuture;
        dispatcher.accept(delivery("m-1"), lease());
        assertThat(ran).containsExactly("m-1");

        // when it is published once more by the same id, as only a test can
        dispatcher.accept(delivery("m-1"), lease());

        // then it has left its place to another
        assertThat(ran).containsExactly("m-1", "m-1");
    }

    @Test
    void a_delete_after_the_lease_was_lost_proves_nothing_so_what_was_done_is_remembered() {
        // given a delete that the queue takes, but whose receipt may be an old one
        KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, LEASE);
        handler = event -> keeper.lose();
        dispatcher.accept(delivery("m-1"), keeper.lease());
        assertThat(settler.asked).containsExactly(DONE);

        dispatcher.accept(delivery("m-1"), lease());

        assertThat(ran).containsExactly("m-1");
    }

    @Test
    void a_second_sight_further_behind_in_a_group_is_acknowledged_unrun() {
        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2"), inGroup("a-1")), List.of(lease(), lease(), lease()));

        assertThat(ran).containsExactly("a-1", "a-2");
        assertThat(told.finished).last().isEqualTo("a-1: Duplicate");
    }

    @Test
    void a_second_sight_of_what_is_done_that_is_given_back_with_its_group_does_not_run_when_it_comes_again() {
        // given a second sight behind a head that fails
        handler = event -> {
            if (event.delivery().messageId().equals("a-2")) {
                throw new IllegalStateException("again");
            }
        };
        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2"), inGroup("a-1")), List.of(lease(), lease(), lease()));
        assertThat(told.finished).last().isEqualTo("a-1: Postponed");

        dispatcher.accept(inGroup("a-1"), lease());

        assertThat(ran).containsExactly("a-1", "a-2");
        assertThat(told.finished).last().isEqualTo("a-1: Duplicate");
    }

    @Test
    void a_lane_is_sent_at_once_while_its_head_is_being_settled() {
        settler.answer = asked -> new CompletableFuture<>();

        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(lease(), lease()));

        assertThat(settler.flushes).isEqualTo(1);
        assertThat(ran).containsExactly("a-1");
    }

    @Test
    void a_settler_that_throws_leaves_it_unknown_and_gives_the_rest_of_the_lane_back() {
        handler = event -> {
            settler.answer = asked -> {
                settler.answer = CompletableFuture::completedFuture;
                throw new IllegalStateException("a bug");
            };
        };

        List<CompletionStage<Settlement>> standing =
                dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(lease(), lease()));

        assertThatThrownBy(() -> standing.get(0).toCompletableFuture().join()).hasRootCauseMessage("a bug");
        assertThat(standing.get(1)).isCompletedWithValue(GIVEN_BACK);
    }

    @ParameterizedTest
    @CsvSource({"3, true", "2, false"})
    void behind_a_dead_letter_that_nobody_took_a_lane_goes_on_if_sqs_moves_it_away(int receive, boolean goesOn) {
        handler = event -> {
            if (event.delivery().messageId().equals("a-1")) {
                throw new RejectedEventException("never");
            }
        };
        settler.answer =
                asked -> CompletableFuture.completedFuture(asked instanceof Settlement.DeadLetter ? GIVEN_BACK : asked);

        dispatcher.accept(
                List.of(
                        atReceive(
                                receive, Delivery.of("orders.fifo", "a-1", "{}").group("a")),
                        inGroup("a-2")),
                List.of(lease(), lease()));

        assertThat(ran.contains("a-2")).isEqualTo(goesOn);
    }

    @Test
    void a_lane_that_was_given_back_begins_anew() {
        handler = event -> {
            throw new IllegalStateException("again");
        };
        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(lease(), lease()));

        dispatcher.accept(inGroup("a-1"), lease());

        assertThat(ran).containsExactly("a-1", "a-1");
    }

    @Test
    void a_lane_begins_anew_only_when_all_that_was_given_back_stands() {
        settler.answer = asked ->
                asked.equals(GIVEN_BACK) ? new CompletableFuture<>() : CompletableFuture.completedFuture(asked);
        handler = event -> {
            throw new IllegalStateException("again");
        };
        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(lease(), lease()));
        dispatcher.accept(inGroup("a-1"), lease());
        assertThat(ran).containsExactly("a-1");

        settler.answers.get(1).complete(GIVEN_BACK);

        assertThat(ran).containsExactly("a-1", "a-1");
    }

    @Test
    void a_head_that_is_lost_while_it_runs_stands_as_given_back_and_so_does_what_is_behind_it() {
        // given a head that still runs when its lease is lost
        KeptLease.Keeper head = new KeptLease.Keeper(runtime, LEASE);
        List<String> settledMeanwhile = new ArrayList<>();
        handler = event -> {
            head.lose();
            settledMeanwhile.addAll(told.settled);
        };

        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(head.lease(), lease()));

        assertThat(settledMeanwhile).containsExactly("a-1", "a-2");
        assertThat(settler.asked).containsExactly(GIVEN_BACK);
        assertThat(ran).containsExactly("a-1");
    }

    @Test
    void what_is_behind_a_lost_head_and_ran_out_with_it_is_told_as_lost_too_and_once() {
        KeptLease.Keeper head = new KeptLease.Keeper(runtime, LEASE);
        KeptLease.Keeper follower = new KeptLease.Keeper(runtime, LEASE);
        handler = event -> {
            runtime.advance(LEASE);
            head.lose();
            follower.lose();
        };

        dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(head.lease(), follower.lease()));

        assertThat(told.lost).containsExactly("a-1", "a-2");
        assertThat(settler.asked).isEmpty();
    }

    @Test
    void a_second_sight_is_not_given_back_with_the_first_that_is_lost_while_it_runs() {
        KeptLease.Keeper first = new KeptLease.Keeper(runtime, LEASE);
        List<String> settledMeanwhile = new ArrayList<>();
        handler = event -> {
            first.lose();
            settledMeanwhile.addAll(told.settled);
        };

        dispatcher.accept(List.of(delivery("m-1"), delivery("m-1")), List.of(first.lease(), lease()));

        assertThat(settledMeanwhile).containsExactly("m-1");
        assertThat(told.finished).containsExactly("m-1: Handled", "m-1: Duplicate");
    }

    @Test
    void a_waiting_member_that_is_lost_takes_all_behind_it_back_and_nothing_before_it() {
        KeptLease.Keeper third = new KeptLease.Keeper(runtime, LEASE);
        List<String> settledMeanwhile = new ArrayList<>();
        handler = event -> {
            third.lose();
            settledMeanwhile.addAll(told.settled);
        };

        dispatcher.accept(
                List.of(inGroup("a-1"), inGroup("a-2"), inGroup("a-3"), inGroup("a-4")),
                List.of(lease(), lease(), third.lease(), lease()));

        assertThat(settledMeanwhile).startsWith("a-3", "a-4").doesNotContain("a-2");
        assertThat(ran).containsExactly("a-1", "a-2");
    }

    @Test
    void what_comes_again_after_a_dead_letter_whose_lease_was_lost_meanwhile_does_not_run() {
        // given a message whose copy stands, and whose delete says nothing because its lease is over
        KeptLease.Keeper first = new KeptLease.Keeper(runtime, LEASE);
        settler.answer = asked -> new CompletableFuture<>();
        handler = event -> {
            throw new RejectedEventException("never");
        };
        dispatcher.accept(delivery("m-1"), first.lease());
        first.lose();
        settler.answers.get(0).complete(settler.asked.get(0));

        // when
        dispatcher.accept(delivery("m-1"), lease());

        // then it is deleted by its own receipt
        assertThat(ran).containsExactly("m-1");
        assertThat(told.finished).last().isEqualTo("m-1: Duplicate");
        assertThat(settler.asked).last().isEqualTo(DONE);
    }

    @Test
    void a_late_failure_is_settled_by_nobody() {
        KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, LEASE);
        handler = event -> {
            keeper.lose();
            throw new IllegalStateException("late");
        };

        dispatcher.accept(delivery("m-1"), keeper.lease());

        assertThat(settler.asked).isEmpty();
    }

    /** Of a dispatcher that tries the failed head of a FIFO lane again in hand, and drains. */
    @Nested
    class In_hand {

        private final KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, LEASE);

        @BeforeEach
        void retrying() {
            dispatcher = dispatcher(new Dispatcher.Limits(1, Optional.empty(), true, true), broken::add);
            handler = event -> {
                throw new IllegalStateException("again");
            };
        }

        @Test
        void a_failed_head_runs_again_after_its_delay_until_its_attempts_are_over() {
            dispatcher.accept(inGroup("a-1"), keeper.lease());
            runtime.advance(DELAY.minusNanos(1));
            assertThat(ran).hasSize(1);
            runtime.advance(Duration.ofNanos(1));
            assertThat(ran).hasSize(2);
            assertThat(settler.asked).isEmpty();

            runtime.advance(Duration.ofMinutes(1));

            assertThat(ran).hasSize(3);
            assertThat(settler.asked).singleElement().isInstanceOf(Settlement.DeadLetter.class);
        }

        @Test
        void a_stop_gives_it_back_for_what_is_left_of_its_delay_and_tells_no_second_try() {
            dispatcher.accept(inGroup("a-1"), keeper.lease());
            runtime.advance(Duration.ofMillis(500));

            dispatcher.stop();

            assertThat(settler.asked).containsExactly(new Settlement.GiveBack(Duration.ofMillis(1_500)));
            assertThat(told.finished).containsExactly("a-1: Failed");
            runtime.advance(Duration.ofMinutes(1));
            assertThat(ran).hasSize(1);
            assertThat(settler.asked).hasSize(1);
        }

        @Test
        void one_whose_lease_is_lost_meanwhile_is_let_go_at_once() {
            CompletionStage<Settlement> standing = dispatcher.accept(inGroup("a-1"), keeper.lease());

            keeper.lose();

            assertThat(standing).isCompletedWithValue(GIVEN_BACK);
            assertThat(settler.asked).isEmpty();
            runtime.advance(Duration.ofMinutes(1));
            assertThat(ran).hasSize(1);
        }

        @Test
        void the_timer_of_one_that_waits_no_more_is_called_off_because_it_may_be_set_for_hours() {
            dispatcher.accept(inGroup("a-1"), keeper.lease());
            assertThat(runtime.timers()).isOne();

            keeper.lose();

            assertThat(runtime.timers()).isZero();
        }

        @Test
        void a_stop_while_it_begins_to_wait_is_not_overlooked() {
            runtime.beforeTimer(() -> dispatcher.stop());

            CompletionStage<Settlement> standing = dispatcher.accept(inGroup("a-1"), keeper.lease());

            assertThat(standing).isCompletedWithValue(new Settlement.GiveBack(DELAY));
        }

        @Test
        void the_loss_of_its_lease_while_it_begins_to_wait_is_not_overlooked() {
            runtime.beforeTimer(keeper::lose);

            CompletionStage<Settlement> standing = dispatcher.accept(inGroup("a-1"), keeper.lease());

            assertThat(standing).isCompletedWithValue(GIVEN_BACK);
            assertThat(settler.asked).isEmpty();
            assertThat(runtime.timers()).isZero();
        }

        @Test
        void whom_a_run_told_to_listen_for_a_lost_lease_is_forgotten_when_the_run_is_over() {
            List<Integer> heard = new ArrayList<>();
            handler = event -> {
                event.lease().onLost(() -> heard.add(event.attempt()));
                if (event.attempt() == 1) {
                    throw new IllegalStateException("again");
                }
                keeper.lose();
            };

            dispatcher.accept(inGroup("a-1"), keeper.lease());
            runtime.advance(DELAY);

            assertThat(heard).containsExactly(2);
        }

        @Test
        void asking_for_later_uses_up_no_attempt() {
            handler = event -> {
                if (ran.size() <= 2) {
                    throw new RetryLaterException(Duration.ofSeconds(5), "not yet");
                }
                throw new IllegalStateException("again");
            };

            dispatcher.accept(inGroup("a-1"), lasting());
            runtime.advance(Duration.ofMinutes(1));

            assertThat(ran).hasSize(5);
        }

        @Test
        void what_asked_for_later_at_its_last_attempt_runs_once_more_at_the_stop() {
            handler = event -> {
                if (ran.size() == 1) {
                    throw new RetryLaterException(Duration.ofSeconds(5), "not yet");
                }
            };
            dispatcher.accept(atReceive(3, Delivery.of("orders", "m-1", "{}")), lasting());
            assertThat(settler.asked).isEmpty();

            dispatcher.stop();

            assertThat(ran).hasSize(2);
            assertThat(settler.asked).containsExactly(DONE);
        }

        @Test
        void without_a_drain_it_is_a_dead_letter_at_the_stop() {
            dispatcher = dispatcher(new Dispatcher.Limits(1, Optional.empty(), true, false), broken::add);
            handler = event -> {
                throw new RetryLaterException(Duration.ofSeconds(5), "not yet");
            };
            dispatcher.accept(atReceive(3, Delivery.of("orders", "m-1", "{}")), lasting());

            dispatcher.stop();

            assertThat(ran).hasSize(1);
            assertThat(settler.asked).singleElement().isInstanceOf(Settlement.DeadLetter.class);
        }

        @Test
        void what_is_at_its_last_receive_runs_after_the_stop_and_so_does_what_stands_before_it_in_its_lane() {
            handler = event -> {};
            dispatcher.stop();

            dispatcher.accept(
                    List.of(
                            atReceive(2, Delivery.of("orders", "m-2", "{}")),
                            atReceive(3, Delivery.of("orders", "m-3", "{}")),
                            inGroup("a-1"),
                            atReceive(3, Delivery.of("orders.fifo", "a-2", "{}").group("a")),
                            inGroup("a-3")),
                    List.of(lease(), lease(), lease(), lease(), lease()));

            assertThat(ran).containsExactly("m-3", "a-1", "a-2");
        }

        private KeptLease lasting() {
            return new KeptLease.Keeper(runtime, Duration.ofHours(1)).lease();
        }
    }

    /** Where handlers get no thread, as of an executor that is full or shut down. */
    @Nested
    class Without_a_thread {

        private final RejectedExecutionException full = new RejectedExecutionException("full");
        private final KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, Duration.ofHours(1));

        @BeforeEach
        void draining() {
            dispatcher = dispatcher(new Dispatcher.Limits(1, Optional.empty(), true, true), broken::add);
        }

        @Test
        void a_delivery_waits_in_hand_and_its_slot_is_free() {
            runtime.refuseThreads(full);

            CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), keeper.lease());

            assertThat(standing.toCompletableFuture()).isNotDone();
            assertThat(told.finished).containsExactly("m-1: Postponed");
            assertThat(dispatcher.load()).isEqualTo(new Dispatcher.Load(1, 0, 0));
        }

        @Test
        void it_is_tried_again_each_second_and_no_receive_is_used_up() {
            runtime.refuseThreads(full);
            CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), keeper.lease());
            runtime.advance(Duration.ofSeconds(10));
            assertThat(told.finished).hasSize(11);
            assertThat(settler.asked).isEmpty();

            // when there are threads again
            runtime.giveThreads();
            runtime.advance(Duration.ofSeconds(1));

            assertThat(ran).containsExactly("m-1");
            assertThat(standing).isCompletedWithValue(DONE);
            assertThat(dispatcher.load()).isEqualTo(new Dispatcher.Load(1, 0, 1));
        }

        @Test
        void an_error_that_a_process_survives_is_a_refusal_too() {
            runtime.makeNoThread(new NoClassDefFoundError("of the executor"));
            dispatcher.accept(delivery("m-1"), keeper.lease());

            runtime.giveThreads();
            runtime.advance(Duration.ofSeconds(1));

            assertThat(ran).containsExactly("m-1");
            assertThat(broken).isEmpty();
        }

        @Test
        void what_waited_for_a_slot_waits_in_hand_too_however_much_it_is() {
            // given 20,000 that wait for the only slot
            int[] others = {20_000};
            handler = event -> {
                for (; others[0] > 0; others[0]--) {
                    dispatcher.accept(delivery("m-" + others[0]), keeper.lease());
                }
                runtime.refuseThreads(full);
            };

            // when its run ends, and no other gets a thread
            dispatcher.accept(delivery("first"), keeper.lease());
            assertThat(dispatcher.load()).isEqualTo(new Dispatcher.Load(1, 0, 1));

            // then they run when there are threads
            handler = event -> {};
            runtime.giveThreads();
            runtime.advance(Duration.ofSeconds(1));
            assertThat(ran).hasSize(20_001).doesNotHaveDuplicates();
        }

        @Test
        void what_is_behind_it_in_its_group_waits_for_it() {
            runtime.refuseThreads(full);
            dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(keeper.lease(), keeper.lease()));

            runtime.giveThreads();
            dispatcher.accept(inGroup("a-3"), keeper.lease());
            assertThat(ran).isEmpty();
            runtime.advance(Duration.ofSeconds(1));

            assertThat(ran).containsExactly("a-1", "a-2", "a-3");
        }

        @Test
        void a_stop_gives_it_back_at_once() {
            runtime.refuseThreads(full);
            dispatcher.accept(delivery("m-1"), keeper.lease());

            dispatcher.stop();

            assertThat(settler.asked).containsExactly(new Settlement.GiveBack(Duration.ofSeconds(1)));
            assertThat(runtime.timers()).isZero();
        }

        @Test
        void one_that_can_be_kept_no_longer_is_given_back() {
            runtime.refuseThreads(full);
            KeptLease lease = KeptLease.lasting(runtime, Duration.ofMillis(500));

            CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), lease);

            assertThat(standing).isCompletedWithValue(new Settlement.GiveBack(Duration.ofSeconds(1)));
        }

        @Test
        void an_executor_that_throws_after_it_took_the_task_makes_no_second_run_of_it() {
            runtime.giveThreadsButThrow(new IllegalStateException("a bug"));

            dispatcher.accept(delivery("m-1"), keeper.lease());
            dispatcher.accept(delivery("m-2"), keeper.lease());
            runtime.advance(Duration.ofMinutes(1));

            assertThat(ran).containsExactly("m-1", "m-2");
            assertThat(dispatcher.load()).isEqualTo(new Dispatcher.Load(1, 0, 2));
        }

        @Test
        void a_task_that_was_refused_and_is_run_all_the_same_does_nothing() {
            List<Runnable> refused = new ArrayList<>();
            dispatcher = new Dispatcher(
                    fork(),
                    runtime.withHandlers(task -> {
                        refused.add(task);
                        throw full;
                    }),
                    settler,
                    new Dispatcher.Limits(1, Optional.empty(), true, true),
                    broken::add);
            dispatcher.accept(delivery("m-1"), keeper.lease());

            refused.get(0).run();

            assertThat(ran).isEmpty();
            assertThat(dispatcher.load()).isEqualTo(new Dispatcher.Load(1, 0, 0));
        }
    }

    /** Whatever is thrown, and wherever: the slot is free, the lane goes on, and each delivery has an answer. */
    @Nested
    class Whatever_is_thrown {

        private final LinkageError linkage = new NoClassDefFoundError("of the test");

        @Test
        void by_a_settler_leaves_it_unknown_and_gives_the_rest_of_the_lane_back() {
            settler.answer = asked -> {
                settler.answer = CompletableFuture::completedFuture;
                throw linkage;
            };

            List<CompletionStage<Settlement>> standing =
                    dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(lease(), lease()));

            assertThat(standing.get(0).toCompletableFuture()).isCompletedExceptionally();
            assertThat(standing.get(1)).isCompletedWithValue(GIVEN_BACK);
            assertUnharmed();
        }

        @Test
        void by_a_settler_that_is_to_give_back_unrun_keeps_no_other_from_being_taken() {
            dispatcher.stop();
            settler.answer = asked -> {
                settler.answer = CompletableFuture::completedFuture;
                throw linkage;
            };

            List<CompletionStage<Settlement>> standing =
                    dispatcher.accept(List.of(delivery("m-1"), delivery("m-2")), List.of(lease(), lease()));

            assertThat(standing.get(0).toCompletableFuture()).isCompletedExceptionally();
            assertThat(standing.get(1)).isCompletedWithValue(GIVEN_BACK);
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void by_a_settler_that_is_to_give_back_what_is_behind_a_head_leaves_that_unknown(boolean answersNoStage) {
            handler = event -> {
                throw new IllegalStateException("again");
            };
            settler.answer = asked -> {
                if (!asked.equals(GIVEN_BACK)) {
                    return CompletableFuture.completedFuture(asked);
                }
                if (answersNoStage) {
                    return null;
                }
                throw linkage;
            };

            List<CompletionStage<Settlement>> standing = dispatcher.accept(
                    List.of(inGroup("a-1"), inGroup("a-2"), inGroup("a-3")), List.of(lease(), lease(), lease()));

            assertThat(standing)
                    .allSatisfy(each -> assertThat(each.toCompletableFuture()).isDone());
            assertUnharmed();
        }

        @Test
        void by_a_settler_that_is_asked_for_the_queues_count_stops_no_stop() {
            // given two that wait in hand, and a settler that can't be asked
            dispatcher = dispatcher(new Dispatcher.Limits(1, Optional.empty(), true, true), broken::add);
            KeptLease lease = new KeptLease.Keeper(runtime, Duration.ofHours(1)).lease();
            runtime.refuseThreads(new RejectedExecutionException());
            dispatcher.accept(List.of(delivery("m-1"), delivery("m-2")), List.of(lease, lease));
            settler.maxReceiveCount = () -> {
                throw linkage;
            };

            dispatcher.stop();

            assertThat(told.settled).containsExactly("m-1", "m-2");
        }

        @Test
        void by_a_stop_that_meets_with_an_error_which_no_process_survives_is_told_and_all_is_moved_on() {
            // given two that wait in hand, and a settler that meets with such an error once
            dispatcher = dispatcher(new Dispatcher.Limits(1, Optional.empty(), true, true), broken::add);
            KeptLease lease = new KeptLease.Keeper(runtime, Duration.ofHours(1)).lease();
            runtime.refuseThreads(new RejectedExecutionException());
            dispatcher.accept(List.of(delivery("m-1"), delivery("m-2")), List.of(lease, lease));
            OutOfMemoryError error = new OutOfMemoryError("of the test");
            settler.maxReceiveCount = () -> {
                settler.maxReceiveCount = OptionalInt::empty;
                throw error;
            };

            dispatcher.stop();

            assertThat(broken).containsExactly(error);
            assertThat(told.settled).contains("m-2");
        }

        @Test
        void by_a_timer_that_can_not_be_set_leaves_it_unknown_and_gives_the_rest_of_the_lane_back() {
            dispatcher = dispatcher(new Dispatcher.Limits(1, Optional.empty(), true, true), broken::add);
            handler = event -> {
                throw new IllegalStateException("again");
            };
            runtime.beforeTimer(() -> {
                throw new IllegalStateException("no timer");
            });

            List<CompletionStage<Settlement>> standing =
                    dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(lease(), lease()));

            assertThat(standing.get(0).toCompletableFuture()).isCompletedExceptionally();
            assertThat(standing.get(1)).isCompletedWithValue(GIVEN_BACK);
            assertUnharmed();
        }

        @Test
        void by_whoever_watches_the_runs_leaves_no_slot_behind() {
            Dispatcher.Watcher throwing = new Dispatcher.Watcher() {
                @Override
                public void broken(VirtualMachineError error) {
                    broken.add(error);
                }

                @Override
                public void runOver() {
                    throw linkage;
                }
            };
            dispatcher = dispatcher(LIMITS, throwing);

            dispatcher.accept(delivery("m-1"), lease());
            dispatcher.accept(delivery("m-2"), lease());

            assertThat(ran).containsExactly("m-1", "m-2");
            assertUnharmed();
        }

        @Test
        void by_whoever_is_told_that_it_breaks_is_dropped_and_nothing_starts_any_more() {
            dispatcher = dispatcher(LIMITS, error -> {
                throw new IllegalStateException("a bug");
            });
            handler = event -> {
                throw new OutOfMemoryError("of the test");
            };

            CompletionStage<Settlement> first = dispatcher.accept(delivery("m-1"), lease());
            CompletionStage<Settlement> second = dispatcher.accept(delivery("m-2"), lease());

            assertThat(first.toCompletableFuture()).isCompletedExceptionally();
            assertThat(second).isCompletedWithValue(GIVEN_BACK);
        }

        @Test
        void by_a_retry_policy_is_a_delay_of_a_second() {
            retry = RetryPolicy.delayed((attempt, cause) -> {
                throw linkage;
            });
            dispatcher = dispatcher(LIMITS, broken::add);
            handler = event -> {
                throw new IllegalStateException("again");
            };

            CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), lease());

            assertThat(standing).isCompletedWithValue(new Settlement.GiveBack(Duration.ofSeconds(1)));
        }

        @Test
        void by_an_exception_that_is_asked_what_it_says_changes_nothing_of_what_becomes_of_its_message() {
            handler = event -> {
                throw new Speechless();
            };

            dispatcher.accept(delivery("m-1"), lease());
            dispatcher.accept(atReceive(3, Delivery.of("orders", "m-3", "{}")), lease());

            assertThat(settler.asked)
                    .containsExactly(
                            new Settlement.GiveBack(DELAY),
                            new Settlement.DeadLetter(
                                    "failed at attempt 3 of 3 with " + Speechless.class.getName(), "fork", 3));
        }

        /** One slot and a lane, in which the next runs. */
        private void assertUnharmed() {
            assertThat(dispatcher.load().free()).isOne();
            ran.clear();
            runtime.beforeTimer(() -> {});
            settler.answer = CompletableFuture::completedFuture;
            handler = event -> {};
            dispatcher.accept(inGroup("a-9"), lease());
            assertThat(ran).containsExactly("a-9");
        }
    }

    /** Of runs that the adapter's stop interrupts: a poller that closes, an invocation whose time is over. */
    @Nested
    class Stopped {

        @BeforeEach
        void stopping() {
            settler.maxReceiveCount = () -> OptionalInt.of(5);
        }

        static Stream<Arguments> whatIsThrown() {
            return Stream.of(
                    arguments(new InterruptedException(), "Stopped"),
                    arguments(new IllegalStateException(new InterruptedException()), "Stopped"),
                    arguments(new IllegalStateException("the interrupt was swallowed"), "Stopped"),
                    arguments(new AssertionError("an error"), "Stopped"),
                    arguments(new NoClassDefFoundError("a class"), "Stopped"),
                    arguments(new RetryLaterException(Duration.ofMinutes(1), "rate limit"), "Stopped"),
                    arguments(new RejectedEventException("never"), "Rejected"),
                    arguments(new AlreadyHandledException("twice"), "Duplicate"),
                    arguments(new StackOverflowError(), "Failed"));
        }

        @ParameterizedTest
        @MethodSource("whatIsThrown")
        void what_a_handler_throws_after_that_is_the_stops_doing_unless_it_says_otherwise(
                Throwable thrown, String outcome) {
            handler = event -> {
                stop();
                throwing(thrown);
            };

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(told.finished).containsExactly("m-1: " + outcome);
        }

        @Test
        void an_error_that_no_process_survives_is_one_all_the_same() {
            OutOfMemoryError error = new OutOfMemoryError("of the test");
            handler = event -> {
                stop();
                throw error;
            };

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(broken).containsExactly(error);
        }

        @Test
        void what_returns_is_handled() {
            handler = event -> stop();

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(told.finished).containsExactly("m-1: Handled");
        }

        @Test
        void what_is_stopped_is_given_back_at_once_at_whichever_attempt_while_it_comes_again() {
            handler = event -> {
                stop();
                throw new InterruptedException();
            };

            dispatcher.accept(atReceive(4, Delivery.of("orders", "m-4", "{}")), lease());

            assertThat(settler.asked).containsExactly(GIVEN_BACK);
        }

        @Test
        void at_its_last_receive_it_is_a_dead_letter_that_says_so() {
            handler = event -> {
                stop();
                throw new InterruptedException("sleep interrupted");
            };

            dispatcher.accept(atReceive(5, Delivery.of("orders", "m-5", "{}")), lease());

            assertThat(settler.asked)
                    .containsExactly(new Settlement.DeadLetter(
                            "stopped at its last receive, 5 of 5, because the poller closed or the invocation's time was "
                                    + "over, with java.lang.InterruptedException: sleep interrupted",
                            "fork",
                            5));
        }

        @Test
        void in_a_group_what_is_behind_goes_back_after_it_in_order_and_untouched() {
            handler = event -> {
                stop();
                throw new InterruptedException();
            };

            dispatcher.accept(
                    List.of(inGroup("a-1"), inGroup("a-2"), inGroup("a-3")), List.of(lease(), lease(), lease()));

            assertThat(ran).containsExactly("a-1");
            assertThat(told.finished).containsExactly("a-1: Stopped", "a-2: Postponed", "a-3: Postponed");
            assertThat(told.settled).containsExactly("a-1", "a-2", "a-3");
            assertThat(settler.asked).containsOnly(GIVEN_BACK);
        }

        @Test
        void behind_a_dead_letter_what_is_left_of_the_group_goes_back_unrun() {
            handler = event -> {
                stop();
                throw new InterruptedException();
            };

            dispatcher.accept(
                    List.of(
                            atReceive(5, Delivery.of("orders.fifo", "a-1", "{}").group("a")),
                            inGroup("a-2"),
                            inGroup("a-3")),
                    List.of(lease(), lease(), lease()));

            assertThat(ran).containsExactly("a-1");
            assertThat(told.settled).containsExactly("a-1", "a-2", "a-3");
            assertThat(settler.asked).endsWith(GIVEN_BACK, GIVEN_BACK);
        }

        @Test
        void what_an_interceptor_throws_after_that_is_the_stops_doing_too() {
            interceptor = (event, chain) -> {
                stop();
                throw new IllegalStateException("no permit");
            };

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(told.finished).containsExactly("m-1: Stopped");
        }

        @Test
        void an_interceptor_that_gives_up_after_that_and_lets_nothing_through_was_stopped() {
            interceptor = (event, chain) -> stop();

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(told.finished).containsExactly("m-1: Stopped");
        }

        @Test
        void what_was_thrown_before_that_failed_by_itself_though_an_interceptor_ends_only_after() {
            interceptor = (event, chain) -> {
                try {
                    chain.proceed();
                } finally {
                    stop();
                }
            };
            handler = event -> {
                throw new IllegalStateException("by itself");
            };

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(told.finished).containsExactly("m-1: Failed");
            assertThat(settler.asked).containsExactly(new Settlement.GiveBack(DELAY));
        }

        @Test
        void what_failed_before_that_and_was_to_be_tried_again_in_place_was_stopped() {
            interceptor = (event, chain) -> {
                try {
                    chain.proceed();
                } catch (IllegalStateException again) {
                    stop();
                    throw new InterruptedException();
                }
            };
            handler = event -> {
                throw new IllegalStateException("by itself");
            };

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(told.finished).containsExactly("m-1: Stopped");
        }

        @Test
        void what_had_reached_its_processing_limit_before_failed() {
            dispatcher = dispatcher(
                    new Dispatcher.Limits(1, Optional.of(Duration.ofSeconds(10)), false, false), broken::add);
            handler = event -> {
                runtime.advance(Duration.ofSeconds(10));
                stop();
                throw new InterruptedException();
            };

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(told.finished).containsExactly("m-1: Failed");
        }

        @Test
        void what_reaches_its_processing_limit_after_that_was_stopped() {
            dispatcher = dispatcher(
                    new Dispatcher.Limits(1, Optional.of(Duration.ofSeconds(10)), false, false), broken::add);
            handler = event -> {
                stop();
                runtime.advance(Duration.ofSeconds(10));
                throw new InterruptedException();
            };

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(told.finished).containsExactly("m-1: Stopped");
        }

        @Test
        void what_begins_as_it_comes_is_interrupted_at_once_and_was_stopped() {
            // given a stop at the moment when the run has just been announced
            told.atStart = this::stop;
            List<Boolean> interrupted = new ArrayList<>();
            handler = event -> {
                interrupted.add(Thread.currentThread().isInterrupted());
                throw new InterruptedException();
            };

            dispatcher.accept(delivery("m-1"), lease());

            assertThat(interrupted).containsExactly(true);
            assertThat(told.finished).containsExactly("m-1: Stopped");
        }

        private void stop() {
            dispatcher.stop();
            dispatcher.interrupt();
        }

        private static void throwing(Throwable thrown) throws Exception {
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (Exception) thrown;
        }
    }

    /** Where this process has not the classes that a delivery needs. */
    @Nested
    class Without_a_class {

        private static final String MISSING = "com/fasterxml/jackson/core/StreamReadConstraints";

        private final NoClassDefFoundError error = new NoClassDefFoundError(MISSING);
        private final KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, Duration.ofHours(1));
        private final List<String> problems = new ArrayList<>();
        private final List<Long> tries = new ArrayList<>();
        private boolean broken = true;

        @BeforeEach
        void watched() {
            payloads = reading(() -> {
                throw error;
            });
            poller();
        }

        private void poller() {
            dispatcher = dispatcher(new Dispatcher.Limits(1, Optional.empty(), true, true), watcher());
        }

        private Dispatcher.Watcher watcher() {
            return new Dispatcher.Watcher() {
                @Override
                public void broken(VirtualMachineError fatal) {}

                @Override
                public void classMissing(Optional<String> problem) {
                    problems.add(problem.orElse("none"));
                }
            };
        }

        /** A reader that does this first, as long as something is broken, and notes when. */
        private PayloadReader reading(ThrowingRunnable first) {
            return new PayloadReader() {
                @Override
                public <T> T read(String text, Class<T> type) throws PayloadException {
                    tries.add(runtime.nanoTime() / 1_000_000_000);
                    if (broken && !text.equals("readable")) {
                        first.run();
                    }
                    return type.cast(text);
                }
            };
        }

        private interface ThrowingRunnable {
            void run() throws PayloadException;
        }

        @Test
        void a_delivery_waits_unread_in_hand_and_nothing_is_to_be_received() {
            CompletionStage<Settlement> standing = dispatcher.accept(delivery("m-1"), keeper.lease());

            assertThat(told.finished).containsExactly("m-1: Postponed");
            assertThat(standing.toCompletableFuture()).isNotDone();
            assertThat(dispatcher.mayReceive()).isFalse();
            assertThat(problems)
                    .singleElement()
                    .satisfies(problem ->
                            assertThat(problem).contains("java.lang.NoClassDefFoundError: " + MISSING, "deploy again"));
        }

        @Test
        void it_is_tried_again_more_and_more_seldom_up_to_a_minute_and_no_receive_is_used_up() {
            dispatcher.accept(delivery("m-1"), keeper.lease());

            runtime.advance(Duration.ofSeconds(200));

            assertThat(tries).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L);
            assertThat(settler.asked).isEmpty();
            assertThat(problems).hasSize(1);
        }

        @Test
        void when_the_class_is_there_it_runs_and_receiving_goes_on() {
            dispatcher.accept(delivery("m-1"), keeper.lease());
            broken = false;

            runtime.advance(Duration.ofSeconds(1));

            assertThat(ran).containsExactly("m-1");
            assertThat(settler.asked).containsExactly(DONE);
            assertThat(dispatcher.mayReceive()).isTrue();
            assertThat(problems).hasSize(2).last().isEqualTo("none");
        }

        @Test
        void receiving_goes_on_when_the_last_of_them_got_through() {
            dispatcher.accept(List.of(delivery("m-1"), delivery("m-2")), List.of(keeper.lease(), keeper.lease()));
            KeptLease.Keeper other = new KeptLease.Keeper(runtime, Duration.ofHours(1));
            dispatcher.accept(delivery("m-3"), other.lease());

            keeper.lose();
            assertThat(dispatcher.mayReceive()).isFalse();
            assertThat(problems).hasSize(1);

            other.lose();
            assertThat(dispatcher.mayReceive()).isTrue();
            assertThat(problems).hasSize(2).last().isEqualTo("none");
        }

        @Test
        void what_can_be_read_meanwhile_runs_and_lets_receiving_go_on() {
            dispatcher.accept(delivery("m-1"), keeper.lease());
            assertThat(dispatcher.mayReceive()).isFalse();

            dispatcher.accept(signup(Delivery.of("orders", "m-2", "readable")), keeper.lease());

            assertThat(ran).containsExactly("m-2");
            assertThat(dispatcher.mayReceive()).isTrue();
            assertThat(problems).hasSize(1);
        }

        @Test
        void one_that_meets_with_a_gap_after_others_got_through_keeps_nobody_out() {
            dispatcher.accept(signup(Delivery.of("orders", "m-1", "readable")), keeper.lease());

            dispatcher.accept(delivery("m-2"), keeper.lease());

            assertThat(dispatcher.mayReceive()).isTrue();
            assertThat(problems).singleElement().asString().contains(MISSING);
        }

        @Test
        void what_is_behind_it_in_its_group_waits_for_it() {
            dispatcher.accept(List.of(inGroup("a-1"), inGroup("a-2")), List.of(keeper.lease(), keeper.lease()));
            broken = false;

            runtime.advance(Duration.ofSeconds(1));

            assertThat(ran).containsExactly("a-1", "a-2");
        }

        @Test
        void a_stop_gives_it_back_at_once_so_that_the_next_process_has_it() {
            dispatcher.accept(delivery("m-1"), keeper.lease());
            runtime.advance(Duration.ofSeconds(40));

            dispatcher.stop();

            assertThat(settler.asked).containsExactly(GIVEN_BACK);
            assertThat(problems).last().isEqualTo("none");
        }

        @Test
        void after_twelve_hours_it_is_given_back() {
            KeptLease.Keeper renewed = new KeptLease.Keeper(runtime, Duration.ofHours(13));
            dispatcher.accept(delivery("m-1"), renewed.lease());

            runtime.advance(Duration.ofHours(12));

            assertThat(settler.asked).singleElement().isInstanceOf(Settlement.GiveBack.class);
            assertThat(dispatcher.mayReceive()).isTrue();
        }

        @Test
        void where_no_lease_is_renewed_it_is_given_back_for_a_while() {
            dispatcher = dispatcher(LIMITS, watcher());

            dispatcher.accept(delivery("m-1"), keeper.lease());

            assertThat(told.finished).containsExactly("m-1: Postponed");
            assertThat(settler.asked).containsExactly(new Settlement.GiveBack(Duration.ofMinutes(15)));
            assertThat(problems).isEmpty();
        }

        static Stream<Arguments> places() {
            NoClassDefFoundError missing = new NoClassDefFoundError(MISSING);
            return Stream.of(
                    arguments(named("the payload reader, wrapped", (UnaryOperator<Fork.Builder>)
                            fork -> fork.payloads(throwing(new IllegalStateException(missing))))),
                    arguments(named("the payload reader, as a detail", (UnaryOperator<Fork.Builder>)
                            fork -> fork.payloads(throwing(new PayloadException("$", "can't be read", missing))))),
                    arguments(named("the type function", (UnaryOperator<Fork.Builder>)
                            fork -> fork.type(EventType.from(envelope -> {
                                throw missing;
                            })))),
                    arguments(named("the type function, wrapped", (UnaryOperator<Fork.Builder>)
                            fork -> fork.type(EventType.from(envelope -> {
                                throw new IllegalStateException(missing);
                            })))),
                    arguments(named("the key function", (UnaryOperator<Fork.Builder>) fork ->
                            fork.idempotency(Idempotency.downstream().by(IdempotencyKey.from(event -> {
                                throw new IllegalStateException(missing);
                            }))))),
                    arguments(named("the store", (UnaryOperator<Fork.Builder>)
                            fork -> fork.idempotency(Idempotency.in(store(missing))))),
                    arguments(named("an interceptor before the handler", (UnaryOperator<Fork.Builder>)
                            fork -> fork.intercept((event, chain) -> {
                                throw missing;
                            }))));
        }

        @ParameterizedTest
        @MethodSource("places")
        void wherever_it_is_missing_before_the_handler(UnaryOperator<Fork.Builder> place) {
            Fork fork = place.apply(Fork.named("fork").listen(told))
                    .on("signup", String.class, event -> ran.add("ran"))
                    .build();
            dispatcher = new Dispatcher(
                    fork, runtime, settler, new Dispatcher.Limits(1, Optional.empty(), true, true), watcher());

            dispatcher.accept(delivery("m-1"), keeper.lease());
            runtime.advance(Duration.ofSeconds(3));

            assertThat(told.finished).containsExactly("m-1: Postponed", "m-1: Postponed", "m-1: Postponed");
            assertThat(dispatcher.mayReceive()).isFalse();
            assertThat(settler.asked).isEmpty();
        }

        @Test
        void a_store_that_may_be_missed_is_not_missed_for_want_of_a_class_either() {
            Fork fork = Fork.named("fork")
                    .listen(told)
                    .idempotency(Idempotency.in(store(error)).failOpen())
                    .on("signup", String.class, event -> ran.add("ran"))
                    .build();
            dispatcher = new Dispatcher(fork, runtime, settler, LIMITS, watcher());

            dispatcher.accept(delivery("m-1"), keeper.lease());

            assertThat(told.finished).containsExactly("m-1: Handled");
        }

        @Nested
        class In_a_handler {

            @BeforeEach
            void broken() {
                payloads = reading(() -> {});
                poller();
                handler = event -> {
                    if (event.delivery().messageId().startsWith("bad")) {
                        throw error;
                    }
                };
            }

            @Test
            void none_of_whose_runs_got_through_it_waits_in_hand_and_others_are_received_all_the_same() {
                dispatcher.accept(delivery("bad"), keeper.lease());

                assertThat(told.finished).containsExactly("bad: Failed");
                assertThat(settler.asked).isEmpty();
                assertThat(dispatcher.mayReceive()).isTrue();
                assertThat(problems)
                        .singleElement()
                        .satisfies(problem -> assertThat(problem).contains(MISSING));
            }

            @Test
            void it_is_tried_again_more_and_more_seldom_up_to_a_quarter_of_an_hour_and_no_attempt_is_counted() {
                dispatcher.accept(delivery("bad"), keeper.lease());

                runtime.advance(Duration.ofSeconds(3_000));

                assertThat(tries)
                        .containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 127L, 255L, 511L, 1_023L, 1_923L, 2_823L);
                assertThat(settler.asked).isEmpty();
            }

            @Test
            void that_got_through_before_it_fails_its_record_as_any_other_error() {
                dispatcher.accept(delivery("good"), keeper.lease());

                dispatcher.accept(delivery("bad"), keeper.lease());
                dispatcher.accept(atReceive(3, Delivery.of("orders", "bad-3", "{}")), keeper.lease());

                assertThat(settler.asked.subList(1, 3))
                        .containsExactly(
                                new Settlement.GiveBack(DELAY),
                                new Settlement.DeadLetter(
                                        "failed at attempt 3 of 3 with java.lang.NoClassDefFoundError: " + MISSING,
                                        "fork",
                                        3));
                assertThat(problems).isEmpty();
            }

            @Test
            void that_gets_through_meanwhile_it_is_the_records_own_fault_from_then_on() {
                dispatcher.accept(delivery("bad"), keeper.lease());
                dispatcher.accept(delivery("good"), keeper.lease());

                runtime.advance(Duration.ofSeconds(1));

                assertThat(told.finished).containsExactly("bad: Failed", "good: Handled", "bad: Failed");
                assertThat(settler.asked).containsExactly(DONE, new Settlement.GiveBack(DELAY));
                assertThat(problems).last().isEqualTo("none");
            }

            @Test
            void a_stop_gives_it_back_at_once() {
                dispatcher.accept(delivery("bad"), keeper.lease());
                runtime.advance(Duration.ofMinutes(20));

                dispatcher.stop();

                assertThat(settler.asked).containsExactly(GIVEN_BACK);
            }

            @Test
            void that_ends_while_its_poller_closes_it_is_given_back_at_once_too() {
                handler = event -> {
                    dispatcher.stop();
                    throw error;
                };

                dispatcher.accept(delivery("bad"), keeper.lease());

                assertThat(told.finished).containsExactly("bad: Failed");
                assertThat(settler.asked).containsExactly(GIVEN_BACK);
                assertThat(problems).isEmpty();
            }

            @Test
            void a_stop_leaves_a_dead_letter_that_names_the_class_if_sqs_would_move_it_away() {
                dispatcher.accept(atReceive(3, Delivery.of("orders", "bad", "{}")), keeper.lease());
                assertThat(settler.asked).isEmpty();

                dispatcher.stop();

                assertThat(settler.asked)
                        .containsExactly(new Settlement.DeadLetter(
                                "failed at attempt 3 of 3 with java.lang.NoClassDefFoundError: " + MISSING, "fork", 3));
            }

            @Test
            void after_twelve_hours_it_is_given_back() {
                KeptLease.Keeper renewed = new KeptLease.Keeper(runtime, Duration.ofHours(13));
                dispatcher.accept(delivery("bad"), renewed.lease());

                runtime.advance(Duration.ofHours(12));

                assertThat(settler.asked).singleElement().isInstanceOf(Settlement.GiveBack.class);
                assertThat(problems).last().isEqualTo("none");
            }

            @Test
            void what_an_interceptor_lacks_after_it_is_as_if_it_lacked_it_itself() {
                interceptor = (event, chain) -> {
                    chain.proceed();
                    throw error;
                };

                dispatcher.accept(delivery("good"), keeper.lease());

                assertThat(told.finished).containsExactly("good: Failed");
                assertThat(settler.asked).isEmpty();
                assertThat(dispatcher.mayReceive()).isTrue();
            }

            @Test
            void where_no_lease_is_renewed_it_fails_its_record_as_any_other_error() {
                dispatcher = dispatcher(new Dispatcher.Limits(1, Optional.empty(), true, false), watcher());

                dispatcher.accept(delivery("bad"), keeper.lease());
                dispatcher.accept(
                        signup(Delivery.of("orders.fifo", "bad-1", "{}").group("a")), keeper.lease());
                runtime.advance(Duration.ofMinutes(1));

                assertThat(settler.asked.get(0)).isEqualTo(new Settlement.GiveBack(DELAY));
                assertThat(settler.asked.get(1)).isInstanceOf(Settlement.DeadLetter.class);
                assertThat(problems).isEmpty();
            }
        }

        private static PayloadReader throwing(Exception thrown) {
            return new PayloadReader() {
                @Override
                public <T> T read(String text, Class<T> type) throws PayloadException {
                    if (thrown instanceof PayloadException unreadable) {
                        throw unreadable;
                    }
                    throw (RuntimeException) thrown;
                }
            };
        }

        private static IdempotencyStore store(Error thrown) {
            return new IdempotencyStore() {
                @Override
                public Claim claim(String key, Duration hold) {
                    throw thrown;
                }

                @Override
                public boolean complete(String key, String token, Duration rememberFor) {
                    throw thrown;
                }

                @Override
                public boolean release(String key, String token) {
                    throw thrown;
                }

                @Override
                public boolean renew(String key, String token, Duration hold) {
                    throw thrown;
                }
            };
        }
    }

    /** Can't say what is wrong. */
    private static final class Speechless extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("a bug");
        }
    }

    private Dispatcher dispatcher(Dispatcher.Limits limits, Dispatcher.Watcher watcher) {
        return new Dispatcher(fork(), runtime, settler, limits, watcher);
    }

    private Fork fork() {
        return Fork.named("fork")
                .retry(retry.withAttempts(3))
                .on("signup", String.class, event -> {
                    ran.add(event.delivery().messageId());
                    handler.handle(event);
                })
                .payloads(payloads)
                .intercept((event, chain) -> interceptor.intercept(event, chain))
                .listen(told)
                .build();
    }

    private KeptLease lease() {
        return new KeptLease.Keeper(runtime, LEASE).lease();
    }

    private static Delivery atReceive(int receiveCount, Delivery.Builder delivery) {
        return signup(delivery.receiveCount(receiveCount));
    }

    private static Delivery delivery(String id) {
        return signup(Delivery.of("orders", id, "{}"));
    }

    private static Delivery inGroup(String id) {
        return signup(Delivery.of("orders.fifo", id, "{}").group("a"));
    }

    private static Delivery signup(Delivery.Builder delivery) {
        return delivery.attributes(
                        Attributes.builder().string("event", "signup").build())
                .build();
    }

    /** Notes what a listener is told. */
    private static final class Told implements ForkListener {

        private final List<String> finished = new ArrayList<>();
        private final List<String> settled = new ArrayList<>();
        private final List<String> lost = new ArrayList<>();
        private final List<String> closed = new ArrayList<>();
        private Runnable atStart = () -> {};

        @Override
        public Scope started(Event<?> event) {
            atStart.run();
            return outcome -> closed.add(outcome.getClass().getSimpleName());
        }

        @Override
        public void finished(Delivery delivery, Outcome outcome) {
            finished.add(delivery.messageId() + ": " + outcome.getClass().getSimpleName());
        }

        @Override
        public void settled(Delivery delivery, Settlement settlement) {
            settled.add(delivery.messageId());
        }

        @Override
        public void leaseLost(Delivery delivery) {
            lost.add(delivery.messageId());
        }
    }

    /** Notes what it is asked for, and lets it stand unless told otherwise. */
    private static final class Answering implements Settler {

        private final List<Settlement> asked = new ArrayList<>();
        private final List<CompletableFuture<Settlement>> answers = new ArrayList<>();
        private Function<Settlement, CompletableFuture<Settlement>> answer = CompletableFuture::completedFuture;
        private Runnable flush = () -> {};
        private int flushes;
        private Supplier<OptionalInt> maxReceiveCount = OptionalInt::empty;

        @Override
        public OptionalInt maxReceiveCount(Delivery delivery) {
            return maxReceiveCount.get();
        }

        @Override
        public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
            asked.add(settlement);
            CompletableFuture<Settlement> answered = answer.apply(settlement);
            answers.add(answered);
            return answered;
        }

        @Override
        public CompletionStage<Void> flush() {
            flushes++;
            flush.run();
            return CompletableFuture.completedFuture(null);
        }
    }
}
