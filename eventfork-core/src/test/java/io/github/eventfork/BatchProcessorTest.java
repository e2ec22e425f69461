package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class BatchProcessorTest {

    private final ManualRuntime runtime = new ManualRuntime();

    @Test
    void what_was_to_happen_at_the_end_of_the_time_is_called_off_with_the_answer() {
        // given
        Fork fork = Fork.named("fork").on("signup", String.class, event -> {}).build();
        Delivery delivery = Delivery.of("orders", "m-1", "{}")
                .attributes(Attributes.builder().string("event", "signup").build())
                .build();
        BatchProcessor processor = new BatchProcessor(fork, runtime, 1, Duration.ofSeconds(1), Optional.empty());

        // when
        CompletionStage<Map<Delivery, Settlement>> answer = processor.process(
                List.of(delivery), one -> Lease.lasting(runtime, Duration.ofMinutes(15)), Duration.ofMinutes(14));

        // then
        assertThat(answer).isCompletedWithValue(Map.of(delivery, new Settlement.Acknowledge()));
        assertThat(runtime.timers()).isZero();
    }
}
