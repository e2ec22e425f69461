package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class BatchProcessorTest {

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
        assertThat(runtime.timers()).isEqualTo(3);

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
                processor.process(List.of(delivery), one -> Lease.lasting(runtime, forEver), forEver);

        // then
        assertThat(answer).isCompletedWithValue(Map.of(delivery, new Settlement.Acknowledge()));
    }

    private BatchProcessor processor(EventHandler<String> handler, Optional<Settler> settler) {
        Fork fork = Fork.named("fork").on("signup", String.class, handler).build();
        return new BatchProcessor(fork, runtime, 2, Duration.ofSeconds(1), settler);
    }

    private CompletionStage<Map<Delivery, Settlement>> process(BatchProcessor processor, Delivery... batch) {
        return processor.process(
                List.of(batch), one -> Lease.lasting(runtime, Duration.ofMinutes(15)), Duration.ofMinutes(14));
    }

    private static Delivery delivery(String messageId) {
        return Delivery.of("orders", messageId, "{}")
                .attributes(Attributes.builder().string("event", "signup").build())
                .build();
    }

    private static Settler answeringLater(Map<Delivery, CompletableFuture<Settlement>> asked) {
        return new Settler() {
            @Override
            public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
                return asked.computeIfAbsent(delivery, unasked -> new CompletableFuture<>());
            }

            @Override
            public CompletionStage<Void> flush() {
                return CompletableFuture.completedFuture(null);
            }
        };
    }
}
