package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Health;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.PollerHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An error fails its record, or stops the adapter; a thread is interrupted only while its handler runs. */
@Promise(3)
class ErrorsAndInterruptsTest {

    static Stream<Supplier<Error>> errorsOfARecord() {
        return Stream.of(StackOverflowError::new, AssertionError::new, NoClassDefFoundError::new);
    }

    @ParameterizedTest
    @MethodSource("errorsOfARecord")
    void an_error_fails_its_record_and_the_poller_goes_on(Supplier<Error> error) {
        Given.Seen seen = new Given.Seen();
        try (PollerHarness harness = ForkHarness.poller(throwing(error, seen)).build()) {
            harness.deliver(signup("bad"), signup("good"));
            harness.advance(seconds(1));

            assertThat(harness.outcomes("bad")).singleElement().isInstanceOf(Outcome.Failed.class);
            assertThat(harness.outcomes("good")).containsExactly(new Outcome.Handled());
            assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        }
    }

    @Test
    void an_endless_recursion_fails_its_record() {
        Fork fork = Given.fork().on("signup", String.class, event -> recurse(1)).build();
        try (LambdaHarness harness = ForkHarness.lambda(fork).build()) {
            assertThat(harness.invoke(signup("m-1"))).containsExactly("m-1");
        }
    }

    @Test
    void an_error_of_the_virtual_machine_stops_the_poller_and_settles_nothing() {
        Given.Seen seen = new Given.Seen();
        PollerHarness harness = ForkHarness.poller(throwing(OutOfMemoryError::new, seen))
                .concurrency(1)
                .build();

        harness.deliver(signup("bad"), signup("good"));
        harness.advance(Duration.ofMinutes(5));

        assertThat(harness.health().status()).isEqualTo(Health.Status.STOPPED);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).contains("OutOfMemoryError"));
        assertThat(harness.queue().log().deletes()).isEmpty();
        assertThat(harness.queue().messages()).hasSize(2);
    }

    @Test
    void an_error_of_the_virtual_machine_fails_the_invocation() {
        LambdaHarness harness = ForkHarness.lambda(throwing(OutOfMemoryError::new, new Given.Seen()))
                .build();

        assertThatThrownBy(() -> harness.invoke(signup("bad"))).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void an_interrupt_that_the_handler_leaves_behind_reaches_neither_store_nor_listener_nor_the_next_run() {
        // given a handler that leaves its thread interrupted, and a store and a listener that look at the flag
        List<Boolean> flags = new ArrayList<>();
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    flags.add(Thread.currentThread().isInterrupted());
                    Thread.currentThread().interrupt();
                })
                .idempotency(Idempotency.in(new Looking(flags)))
                .listen(new ForkListener() {
                    @Override
                    public Scope started(Event<?> event) {
                        return outcome -> flags.add(Thread.currentThread().isInterrupted());
                    }
                })
                .build();
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(signup("m-1"), signup("m-2"));
            harness.advance(seconds(1));

            assertThat(flags).hasSize(8).containsOnly(false);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    private static Fork throwing(Supplier<Error> error, Given.Seen seen) {
        return Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    if (event.delivery().messageId().equals("bad")) {
                        throw error.get();
                    }
                })
                .build();
    }

    /** A store that notes whether its caller's thread is interrupted. */
    private record Looking(List<Boolean> flags, IdempotencyStore store) implements IdempotencyStore {

        Looking(List<Boolean> flags) {
            this(flags, new InMemoryIdempotencyStore());
        }

        @Override
        public Claim claim(String key, Duration hold) {
            flags.add(Thread.currentThread().isInterrupted());
            return store.claim(key, hold);
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            return store.renew(key, token, hold);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            flags.add(Thread.currentThread().isInterrupted());
            return store.complete(key, token, rememberFor);
        }

        @Override
        public boolean release(String key, String token) {
            return store.release(key, token);
        }
    }
}
