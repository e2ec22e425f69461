package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.PollerHarness;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What AcknowledgementTest claims, at the edges. */
@Promise(1)
class AcknowledgementAtTheEdgesTest {

    private final Given.Seen seen = new Given.Seen();

    @Test
    void a_dead_letter_whose_copy_was_never_answered_leaves_the_message_where_it_is() {
        // given a dead-letter queue that can't be reached, however often it is tried
        Fork rejecting = Given.fork()
                .on("signup", String.class, event -> {
                    throw new RejectedEventException("the list is closed");
                })
                .build();
        try (PollerHarness harness = ForkHarness.poller(rejecting).build()) {
            harness.queue().faults().always(Call.DEAD_LETTER, Fault.failing());

            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMinutes(1));

            // then nothing was deleted
            assertThat(harness.queue().log().count(Call.DEAD_LETTER)).isGreaterThan(1);
            assertThat(harness.queue().log().deletes()).isEmpty();
            assertThat(harness.queue().messages())
                    .extracting(InMemoryQueue.Item::messageId)
                    .containsExactly("m-1");
        }
    }

    @Test
    @Promise({1, 10})
    void what_is_postponed_at_its_last_attempt_waits_and_is_no_dead_letter() {
        // given a store that is down, and a message at its last receive
        boolean[] down = {true};
        IdempotencyStore store = new IdempotencyStore() {
            @Override
            public Claim claim(String key, Duration hold) {
                if (down[0]) {
                    throw new IllegalStateException("the store is down");
                }
                return new Claim.Acquired("token");
            }

            @Override
            public boolean renew(String key, String token, Duration hold) {
                return true;
            }

            @Override
            public boolean complete(String key, String token, Duration rememberFor) {
                return true;
            }

            @Override
            public boolean release(String key, String token) {
                return true;
            }
        };
        Fork fork = Given.fork()
                .on("signup", String.class, seen::add)
                .idempotency(Idempotency.in(store))
                .build();
        try (PollerHarness harness = ForkHarness.poller(fork).maxReceiveCount(3).build()) {
            harness.deliver(signup("m-1").receiveCount(3));
            harness.advance(Duration.ofMinutes(5));

            // then it waits in hand
            assertThat(harness.deadLetters()).isEmpty();
            assertThat(harness.outcomes("m-1")).isNotEmpty().allMatch(Outcome.Postponed.class::isInstance);

            // and runs when the store is up again
            down[0] = false;
            harness.advance(seconds(10));
            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.deadLetters()).isEmpty();
        }
    }
}
