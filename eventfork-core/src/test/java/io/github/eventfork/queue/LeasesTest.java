package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.engine.Elapsed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeasesTest {

    private static final Duration LENGTH = Duration.ofSeconds(20);
    private static final int READINGS = 120;

    static Stream<Integer> readingsOfTheClock() {
        return IntStream.rangeClosed(1, READINGS).boxed();
    }

    @ParameterizedTest
    @MethodSource("readingsOfTheClock")
    void a_loss_is_told_wherever_the_process_stood_still_while_its_lease_ran_out(int reading) {
        // given two leases of which the second is to be renewed with the first, and a queue that never answers
        ManualRuntime runtime = new ManualRuntime();
        Elapsed time = new Elapsed(runtime);
        Leases leases = new Leases(
                ScriptedQueue.renewing(changes -> new CompletableFuture<>()), runtime, time, () -> LENGTH, error -> {});
        List<String> lost = new ArrayList<>();
        for (String id : List.of("m-1", "m-2")) {
            leases.begin(Delivery.of("orders", id, "").build(), time.nanos(), LENGTH)
                    .onLost(() -> lost.add(id));
            runtime.advance(Duration.ofSeconds(1));
        }

        // when the clock leaps past their ends between two readings of it
        runtime.leapAfter(reading, LENGTH);
        runtime.advance(LENGTH.multipliedBy(2));

        // then
        assertThat(lost).containsExactlyInAnyOrder("m-1", "m-2");
    }
}
