package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.QueueLog;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A Lambda invocation reports exactly what is to be retried, within its time. */
@Promise(15)
class LambdaBudgetTest {

    private final Given.Seen seen = new Given.Seen();
    private LambdaHarness harness;
    private Hold hold;

    @Test
    void what_has_not_started_when_the_budget_ends_is_reported_and_what_is_done_stays_done() {
        // given 10 s for records of 4 s each, one after another
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    harness.time().sleep(seconds(4));
                    seen.add(event);
                })
                .build();
        harness = ForkHarness.lambda(fork)
                .remaining(seconds(10))
                .handlersOnThreads()
                .build();

        // when ten come in
        List<String> reported = harness.invoke(
                IntStream.range(0, 10).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new));

        // then two are done, the third was interrupted, and the rest has not started
        assertThat(seen.ids()).containsExactly("m-0", "m-1");
        assertThat(reported).containsExactlyInAnyOrder("m-2", "m-3", "m-4", "m-5", "m-6", "m-7", "m-8", "m-9");
        assertThat(harness.timeline().started()).containsExactly("m-0", "m-1", "m-2");
    }

    @Test
    void a_handler_that_ignores_its_interruption_is_left_behind_and_its_late_result_dropped() {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    if (event.delivery().messageId().equals("m-1")) {
                        hold.awaitIgnoringInterrupts();
                    }
                })
                .build();
        harness = ForkHarness.lambda(fork)
                .remaining(seconds(10))
                .concurrency(2)
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        List<String> reported = harness.invoke(signup("m-1"), signup("m-2"));

        assertThat(reported).containsExactly("m-1");
        assertThat(harness.time().elapsed()).isLessThanOrEqualTo(seconds(10));

        // and when it ends after all, nobody is told
        hold.release();
        harness.run();
        assertThat(harness.outcomes("m-1")).isEmpty();
    }

    @Test
    @Promise({15, 16})
    void with_a_settler_delays_and_dead_letters_are_carried_out_and_only_what_is_given_back_is_reported() {
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
        harness = ForkHarness.lambda(fork).settler().build();

        List<String> reported = harness.invoke(signup("good"), signup("failing"), signup("hopeless"));

        assertThat(reported).containsExactly("failing");
        assertThat(harness.queue().log().visibilityChanges())
                .extracting(QueueLog.VisibilityChange::timeout)
                .containsExactly(Given.DELAY);
        assertThat(harness.deadLetters()).hasSize(1);
    }

    @Test
    @Promise({15, 16})
    void without_a_settler_both_are_reported() {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    throw new IllegalStateException("again");
                })
                .build();
        harness = ForkHarness.lambda(fork).build();

        assertThat(harness.invoke(signup("m-1"), signup("m-2").cutOff())).containsExactlyInAnyOrder("m-1", "m-2");
    }

    @Test
    void a_claim_of_a_handler_left_behind_is_neither_completed_nor_released() {
        // given a handler that ignores its interruption and ends well, but too late
        InMemoryIdempotencyStore store =
                new InMemoryIdempotencyStore(10, () -> harness.time().nanoTime());
        Fork fork = Given.fork()
                .on("signup", String.class, event -> hold.awaitIgnoringInterrupts())
                .idempotency(Idempotency.in(store))
                .build();
        harness = ForkHarness.lambda(fork)
                .remaining(seconds(10))
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        // when it is left behind with half a second of its claim to go
        harness.invoke(signup("m-1"));
        hold.release();
        harness.run();

        // then its claim is still in progress
        assertThat(store.claim("fork#event-of-m-1", seconds(1))).isInstanceOf(Claim.InProgress.class);
    }
}
