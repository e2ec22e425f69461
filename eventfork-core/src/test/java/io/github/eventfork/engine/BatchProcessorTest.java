package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Delivery;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchProcessorTest {

    private static final Duration MARGIN = Duration.ofSeconds(1);
    private static final Duration BUDGET = Duration.ofMinutes(14);

    private final ManualRuntime runtime = new ManualRuntime();

    @Test
    void what_was_to_happen_at_the_end_of_the_time_is_called_off_with_the_answer() {
        // given
        Delivery delivery = delivery("m-1");
        BatchProcessor processor = processor(event -> {}, Optional.empty());

        // when
        CompletionStage<Map<Delivery, Settlement>> answer = process(processor, delivery);

        // then
        assertThat(answer).isCompletedWithValue(Map.of(delivery, new Settlement.Acknowledge()));
        assertThat(runtime.timers()).isZero();
    }

    @Test
    void what_is_to_happen_at_the_end_of_the_time_stays_until_the_last_settlement_stands() {
        // given a settler that has not answered yet
        Delivery first = delivery("m-1");
        Delivery second = delivery("m-2");
        Map<Delivery, CompletableFuture<Settlement>> asked = new HashMap<>();
        BatchProcessor processor = processor(
                event -> {
                    throw new IllegalStateException("no");
                },
                Optional.of(answeringLater(asked)));
        CompletionStage<Map<Delivery, Settlement>> answer = process(processor, first, second);

        // when
        asked.get(first).complete(new Settlement.GiveBack(Duration.ofSeconds(1)));

        // then
        assertThat(answer).isNotDone();
        assertThat(runtime.timers()).isEqualTo(4);

        // when
        asked.get(second).complete(new Settlement.GiveBack(Duration.ofSeconds(2)));

        // then
        assertThat(answer)
                .isCompletedWithValue(Map.of(
                        first, new Settlement.GiveBack(Duration.ofSeconds(1)),
                        second, new Settlement.GiveBack(Duration.ofSeconds(2))));
        assertThat(runtime.timers()).isZero();
    }

    @Test
    void a_batch_may_have_all_the_time_in_the_world() {
        // given
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        Fork fork = Fork.named("fork").on("signup", String.class, event -> {}).build();
        BatchProcessor processor = new BatchProcessor(fork, runtime, 2, forEver, Optional.empty());
        Delivery delivery = delivery("m-1");

        // when
        CompletionStage<Map<Delivery, Settlement>> answer =
                processor.process(List.of(delivery), one -> KeptLease.lasting(runtime, forEver), forEver);

        // then
        assertThat(answer).isCompletedWithValue(Map.of(delivery, new Settlement.Acknowledge()));
    }

    @Test
    void a_record_for_which_there_is_no_thread_waits_within_the_budget_and_is_handled_when_there_is_one() {
        // given
        Delivery delivery = delivery("m-1");
        runtime.refuseThreads(new RejectedExecutionException("full"));
        CompletionStage<Map<Delivery, Settlement>> answer = process(processor(event -> {}, Optional.empty()), delivery);
        runtime.advance(Duration.ofSeconds(10));
        assertThat(answer).isNotDone();

        // when
        runtime.giveThreads();
        runtime.advance(Duration.ofSeconds(1));

        // then
        assertThat(answer).isCompletedWithValue(Map.of(delivery, new Settlement.Acknowledge()));
    }

    @Test
    void a_settler_that_answers_with_nothing_is_not_waited_for_when_the_time_is_over() {
        // given one record that fails and that the settler forgets, and one whose handler does not end
        List<Runnable> handlers = new ArrayList<>();
        runtime.withHandlers(handlers::add);
        BatchProcessor processor = processor(
                event -> {
                    throw new IllegalStateException("no");
                },
                Optional.of(answering(delivery -> null)));
        CompletionStage<Map<Delivery, Settlement>> answer = process(processor, delivery("m-1"), delivery("m-2"));
        handlers.get(0).run();
        runtime.advance(BUDGET);
        assertThat(answer).isNotDone();

        // when a quarter of the margin has passed
        runtime.advance(MARGIN.dividedBy(4));

        // then nobody waits for the settler
        assertThat(answer).isDone();
    }

    @Test
    void a_listener_that_is_busy_holds_the_answer_up_to_the_end_of_the_time_and_changes_nothing_of_it() {
        // given a fork whose listener has not come back from what it was told before
        List<Runnable> words = new ArrayList<>();
        runtime.callers(words::add);
        List<Settlement> told = new ArrayList<>();
        Fork fork = Fork.named("fork")
                .on("signup", String.class, event -> {})
                .listen(new ForkListener() {
                    @Override
                    public void settled(Delivery delivery, Settlement settlement) {
                        told.add(settlement);
                    }
                })
                .build();
        BatchProcessor processor = new BatchProcessor(fork, runtime, 2, MARGIN, Optional.empty());
        Delivery delivery = delivery("m-1");
        CompletionStage<Map<Delivery, Settlement>> answer = process(processor, delivery);
        assertThat(answer).isNotDone();

        // when
        runtime.advance(BUDGET.plus(MARGIN));

        // then what was done is not reported for a retry
        assertThat(answer).isCompletedWithValue(Map.of(delivery, new Settlement.Acknowledge()));
        assertThat(told).isEmpty();
    }

    @Test
    void what_listeners_are_told_is_said_before_the_answer_is_given() {
        List<String> order = new ArrayList<>();
        List<Runnable> words = new ArrayList<>();
        runtime.callers(words::add);
        Fork fork = Fork.named("fork")
                .on("signup", String.class, event -> {})
                .listen(new ForkListener() {
                    @Override
                    public void settled(Delivery delivery, Settlement settlement) {
                        order.add("told");
                    }
                })
                .build();
        BatchProcessor processor = new BatchProcessor(fork, runtime, 2, MARGIN, Optional.empty());
        process(processor, delivery("m-1")).thenRun(() -> order.add("answered"));

        while (!words.isEmpty()) {
            words.remove(0).run();
        }

        assertThat(order).containsExactly("told", "answered");
    }

    @Test
    void a_batch_whose_end_no_timer_watches_starts_nothing_more() {
        // given timers of which only the first can be set: that of a record which waits for a thread
        List<String> ran = new ArrayList<>();
        int[] timers = {0};
        runtime.refuseThreads(new RejectedExecutionException("full"));
        runtime.beforeTimer(() -> {
            if (++timers[0] > 1) {
                throw new IllegalStateException("no timer");
            }
        });
        BatchProcessor processor = processor(event -> ran.add(event.delivery().messageId()), Optional.empty());

        assertThatThrownBy(() -> process(processor, delivery("m-1"))).hasMessage("no timer");
        runtime.giveThreads();
        runtime.advance(Duration.ofMinutes(1));

        assertThat(ran).isEmpty();
        assertThat(runtime.timers()).isZero();
    }

    private BatchProcessor processor(EventHandler<String> handler, Optional<Settler> settler) {
        Fork fork = Fork.named("fork").on("signup", String.class, handler).build();
        return new BatchProcessor(fork, runtime, 2, MARGIN, settler);
    }

    private CompletionStage<Map<Delivery, Settlement>> process(BatchProcessor processor, Delivery... batch) {
        return processor.process(List.of(batch), one -> KeptLease.lasting(runtime, Duration.ofMinutes(15)), BUDGET);
    }

    private static Delivery delivery(String messageId) {
        return Delivery.of("orders", messageId, "{}")
                .attributes(Attributes.builder().string("event", "signup").build())
                .build();
    }

    private static Settler answeringLater(Map<Delivery, CompletableFuture<Settlement>> asked) {
        return answering(delivery -> asked.computeIfAbsent(delivery, unasked -> new CompletableFuture<>()));
    }

    private static Settler answering(Function<Delivery, @Nullable CompletionStage<Settlement>> answers) {
        return new Settler() {
            @Override
            public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
                return answers.apply(delivery);
            }

            @Override
            public CompletionStage<Void> flush() {
                return CompletableFuture.completedFuture(null);
            }
        };
    }
}
