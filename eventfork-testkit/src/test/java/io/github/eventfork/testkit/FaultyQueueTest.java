package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Delivery;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.InMemoryQueue.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyQueueTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualRuntime time = VirtualRuntime.seeded(1);
    private final InMemoryQueue queue = InMemoryQueue.named("orders", time)
            .deadLetterQueue(InMemoryQueue.named("orders-dlq", time).build(), 3)
            .build();
    private final FaultyQueue way = FaultyQueue.around(queue, time);
    private final List<String> happened = new ArrayList<>();

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static Message message(String id) {
        return Message.raw("signup", "{}").messageId(id);
    }

    private void note(String what) {
        happened.add(time.elapsed().toSeconds() + " s: " + what);
    }

    private <T> CompletableFuture<T> now(CompletionStage<T> stage) {
        time.runUntilIdle();
        return stage.toCompletableFuture();
    }

    /** Makes any kind of call on {@code to}. */
    private CompletionStage<?> call(MessageQueue to, Call call, Delivery delivery) {
        return switch (call) {
            case LOOK_UP -> queue.lookUp();
            case FACTS -> to.facts();
            case RECEIVE -> to.receive(Receive.of(1, Duration.ZERO));
            case DELETE -> to.delete(List.of(delivery.receipt()));
            case CHANGE_VISIBILITY -> to.changeVisibility(List.of(new Change(delivery.receipt(), Duration.ZERO)));
            case DEAD_LETTER -> to.deadLetter(List.of(new Copy(delivery, Optional.empty())));
        };
    }

    private Delivery received() {
        queue.send(message("m-1"));
        return now(queue.receive(Receive.of(1, Duration.ZERO))).join().get(0);
    }

    // Calls that are never answered.

    @Test
    void a_call_that_is_done_and_never_answered_is_done() {
        // given
        Delivery delivery = received();
        queue.faults().next(Call.DELETE, Fault.doneNeverAnswered());

        // when
        CompletionStage<?> answer = queue.delete(List.of(delivery.receipt()));
        time.advance(Duration.ofDays(1));

        // then
        assertThat(queue.messages()).isEmpty();
        assertThat(answer.toCompletableFuture()).isNotDone();
    }

    @Test
    void a_call_that_is_not_done_and_never_answered_is_not_done() {
        // given
        Delivery delivery = received();
        queue.faults().next(Call.DELETE, Fault.neverAnswered());

        // when
        CompletionStage<?> answer = queue.delete(List.of(delivery.receipt()));
        time.advance(Duration.ofDays(1));

        // then
        assertThat(queue.messages()).hasSize(1);
        assertThat(answer.toCompletableFuture()).isNotDone();
    }

    @Test
    void what_a_receive_took_that_is_never_answered_is_invisible() {
        // given
        queue.send(message("m-1"));
        queue.faults().next(Call.RECEIVE, Fault.doneNeverAnswered());

        // when
        CompletionStage<?> answer = queue.receive(Receive.of(1, Duration.ZERO));
        time.runUntilIdle();

        // then
        assertThat(answer.toCompletableFuture()).isNotDone();
        assertThat(queue.messages()).extracting(Item::visible).containsExactly(false);
    }

    @Test
    void what_a_receive_brings_late_was_handed_out_in_time() {
        // given a message that comes in the fourth second of a poll
        queue.faults().next(Call.RECEIVE, Fault.delayed(seconds(40)));
        CompletionStage<List<Delivery>> answer = queue.receive(Receive.of(1, seconds(20)));
        time.advance(seconds(4));
        queue.send(message("m-1"));
        time.advance(seconds(30));

        // then it is visible again before the answer is there
        assertThat(queue.messages()).extracting(Item::visible).containsExactly(true);
        assertThat(answer.toCompletableFuture()).isNotDone();

        // and the answer comes
        time.advance(seconds(10));
        assertThat(answer.toCompletableFuture().join())
                .extracting(Delivery::messageId)
                .containsExactly("m-1");
    }

    @ParameterizedTest
    @EnumSource
    void every_kind_of_call_can_stay_unanswered(Call call) {
        // given
        Delivery delivery = received();
        queue.faults().always(Fault.neverAnswered());

        // when
        CompletionStage<?> answer = call(queue, call, delivery);
        time.advance(Duration.ofDays(1));

        // then
        assertThat(answer.toCompletableFuture()).isNotDone();
    }

    // Calls that throw, or hold the thread that makes them.

    @ParameterizedTest
    @EnumSource
    void every_kind_of_call_can_throw_at_once(Call call) {
        // given
        Delivery delivery = received();
        queue.faults().always(Fault.throwing(new IllegalStateException("the client is closed")));

        // then
        assertThatThrownBy(() -> call(queue, call, delivery)).hasMessage("the client is closed");
        time.runUntilIdle();
        assertThat(queue.messages()).hasSize(1);
    }

    @Test
    void a_call_can_throw_an_error() {
        queue.faults().always(Fault.throwing(new NoClassDefFoundError("Gone")));

        assertThatThrownBy(queue::facts).isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void a_call_that_blocks_holds_its_thread_and_goes_out_afterwards() {
        // given
        queue.faults().next(Call.FACTS, Fault.blocking(seconds(8)));

        // when
        time.callers(queue, 1).execute(() -> {
            note("calls");
            queue.facts().whenComplete((facts, failure) -> note("answered"));
            note("has called");
        });
        time.advance(seconds(10));

        // then
        assertThat(happened).containsExactly("0 s: calls", "8 s: has called", "8 s: answered");
        assertThat(queue.log().calls()).extracting(QueueLog.CallMade::at).containsExactly(seconds(8));
    }

    @Test
    void as_many_calls_are_held_at_once_as_there_are_threads_and_the_rest_waits_in_order() {
        // given two threads, and credentials that take eight seconds each time
        queue.faults().always(Call.FACTS, Fault.blocking(seconds(8)));
        Executor callers = time.callers(queue, 2);

        // when
        for (int i = 1; i <= 5; i++) {
            int call = i;
            callers.execute(() -> {
                note(call + " begins");
                queue.facts();
                note(call + " is out");
            });
        }
        time.advance(Duration.ofMinutes(1));

        // then
        assertThat(happened)
                .containsExactly(
                        "0 s: 1 begins",
                        "0 s: 2 begins",
                        "8 s: 1 is out",
                        "8 s: 3 begins",
                        "8 s: 2 is out",
                        "8 s: 4 begins",
                        "16 s: 3 is out",
                        "16 s: 5 begins",
                        "16 s: 4 is out",
                        "24 s: 5 is out");
    }

    @Test
    void a_call_that_blocks_holds_up_no_timer_and_nobody_elses_calls() {
        // given
        queue.faults().always(Call.FACTS, Fault.blocking(seconds(8)));
        time.callers(queue, 1).execute(queue::facts);

        // when
        time.schedule(seconds(3), () -> note("timer"));
        time.callers(new Object(), 1).execute(() -> note("another's call"));
        time.advance(seconds(10));

        // then
        assertThat(happened).containsExactly("0 s: another's call", "3 s: timer");
    }

    @Test
    void a_call_that_blocks_a_timers_thread_holds_up_the_whole_process() {
        // given
        queue.faults().next(Call.FACTS, Fault.blocking(seconds(8)));
        time.schedule(SECOND, queue::facts);
        time.schedule(seconds(3), () -> note("timer"));

        // when
        time.advance(seconds(20));

        // then
        assertThat(happened).containsExactly("9 s: timer");
    }

    @Test
    void a_call_that_was_held_can_go_wrong_besides() {
        // given
        queue.faults().next(Call.FACTS, Fault.blocking(seconds(8), Fault.failing()));
        List<CompletionStage<?>> answers = new ArrayList<>();
        time.callers(queue, 1).execute(() -> answers.add(queue.facts()));

        // when
        time.advance(seconds(8));

        // then
        assertThat(answers.get(0).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void the_log_tells_which_calls_did_not_begin_on_a_callers_thread() {
        // when
        time.callers(queue, 1).execute(queue::facts);
        time.handlers().execute(() -> queue.receive(Receive.of(1, Duration.ZERO)));
        time.schedule(SECOND, queue::lookUp);
        time.advance(SECOND);

        // then
        assertThat(queue.log().begunElsewhere()).containsExactly(Call.RECEIVE, Call.LOOK_UP);
    }

    @Test
    void on_threads_too_the_log_knows_a_callers_thread() {
        // when
        time.callersOnThreads();
        time.callers(queue, 1).execute(queue::facts);
        time.handlers().execute(queue::facts);
        time.runUntilIdle();

        // then
        assertThat(queue.log().begunElsewhere()).containsExactly(Call.FACTS);
    }

    // Which calls go wrong.

    @Test
    void the_next_call_of_any_kind_can_go_wrong() {
        // given
        Delivery delivery = received();
        queue.faults().next(Fault.failing(), Fault.none(), Fault.failing());

        // then
        assertThat(now(queue.facts())).isCompletedExceptionally();
        assertThat(now(queue.facts())).isCompleted();
        assertThat(now(queue.delete(List.of(delivery.receipt())))).isCompletedExceptionally();
        assertThat(now(queue.delete(List.of(delivery.receipt())))).isCompleted();
    }

    @Test
    void what_is_named_for_a_kind_of_call_comes_before_what_is_named_for_any() {
        // given
        queue.faults().next(Fault.failing()).next(Call.FACTS, Fault.none());

        // then
        assertThat(now(queue.facts())).isCompleted();
        assertThat(now(queue.facts())).isCompletedExceptionally();
    }

    @Test
    void a_script_may_mix_what_goes_wrong_on_the_thread_with_what_does_on_the_way() {
        // given
        queue.faults()
                .next(
                        Call.FACTS,
                        Fault.failing(),
                        Fault.throwing(new IllegalStateException("closed")),
                        Fault.none(),
                        Fault.failing());

        // then
        assertThat(now(queue.facts())).isCompletedExceptionally();
        assertThatThrownBy(queue::facts).hasMessage("closed");
        assertThat(now(queue.facts())).isCompleted();
        assertThat(now(queue.facts())).isCompletedExceptionally();
    }

    @Test
    void calls_of_every_kind_can_go_wrong_by_chance() {
        // given
        queue.faults().byChance(0.5, Fault.failing());

        // then
        assertThat(failed(() -> queue.facts())).contains(true, false);
        assertThat(failed(() -> queue.receive(Receive.of(1, Duration.ZERO)))).contains(true, false);
    }

    private List<Boolean> failed(Supplier<CompletionStage<?>> call) {
        return IntStream.range(0, 30)
                .mapToObj(i -> now(call.get()).isCompletedExceptionally())
                .toList();
    }

    // A way of one's own.

    @Test
    void what_goes_wrong_on_one_way_does_not_on_another() {
        // given
        queue.send(message("m-1"));
        way.faults().always(Fault.failing());

        // then
        assertThat(now(way.receive(Receive.of(1, Duration.ZERO)))).isCompletedExceptionally();
        assertThat(now(queue.receive(Receive.of(1, Duration.ZERO))).join()).hasSize(1);
    }

    @Test
    void of_what_goes_wrong_on_a_way_the_queues_observers_are_told() {
        // given
        List<String> told = new ArrayList<>();
        Delivery delivery = received();
        queue.log().observe((messageId, step) -> told.add(messageId + " " + step));
        way.faults().next(Call.DELETE, Fault.neverAnswered());

        // when
        way.delete(List.of(delivery.receipt()));
        time.runUntilIdle();

        // then
        assertThat(told).containsExactly("m-1 delete not done and never answered");
    }

    @Test
    void entries_that_a_way_spoils_do_not_reach_the_queue() {
        // given
        IntStream.rangeClosed(1, 3).forEach(i -> queue.send(message("m-" + i)));
        List<String> receipts = now(queue.receive(Receive.of(10, Duration.ZERO))).join().stream()
                .map(Delivery::receipt)
                .toList();
        way.faults().next(Call.DELETE, Fault.answering(Entry.RETRIABLE, 1));

        // then
        assertThat(now(way.delete(receipts)).join()).containsExactly(Entry.DONE, Entry.RETRIABLE, Entry.DONE);
        assertThat(queue.log().calls()).contains(new QueueLog.CallMade(Duration.ZERO, Call.DELETE, 2));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOOK_UP")
    void a_way_on_which_nothing_goes_wrong_changes_nothing(Call call) {
        // given
        Delivery delivery = received();

        // then
        assertThat(now(call(way, call, delivery))).isCompleted();
        assertThat(queue.log().count(call)).isEqualTo(call == Call.RECEIVE ? 2 : 1);
    }

    @Test
    void a_way_to_a_queue_that_is_its_own_client_is_a_client_of_its_own() {
        assertThat(way.client()).isSameAs(way);
        assertThat(queue.client()).isSameAs(queue);
    }

    @Test
    void a_queue_that_throws_or_fails_is_answered_so_on_the_way() {
        // given
        MessageQueue broken = new BrokenQueue();
        FaultyQueue toBroken = FaultyQueue.around(broken, time);

        // then
        assertThat(now(toBroken.facts())).isCompletedExceptionally();
        assertThat(now(toBroken.receive(Receive.of(1, Duration.ZERO)))).isCompletedExceptionally();
        assertThat(toBroken.client()).isEqualTo("client");
    }

    private static final class BrokenQueue implements MessageQueue {

        @Override
        public Object client() {
            return "client";
        }

        @Override
        public CompletionStage<Facts> facts() {
            throw new IllegalStateException("broken");
        }

        @Override
        public CompletionStage<List<Delivery>> receive(Receive asked) {
            return CompletableFuture.failedFuture(new IllegalStateException("broken"));
        }

        @Override
        public CompletionStage<List<Entry>> delete(List<String> receipts) {
            throw new IllegalStateException("broken");
        }

        @Override
        public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
            throw new IllegalStateException("broken");
        }

        @Override
        public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
            throw new IllegalStateException("broken");
        }
    }
}
