package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Health;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.PollerHarness;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A queue that can't be reached is tried again with growing delays; health says so; it recovers by itself. */
@Promise(22)
class OutageTest {

    private final Given.Seen seen = new Given.Seen();

    @Test
    void an_outage_of_ten_minutes_costs_few_calls_and_is_over_by_itself() {
        try (PollerHarness harness = ForkHarness.poller(
                        Given.fork().on("signup", String.class, seen::add).build())
                .build()) {
            // given a queue that fails
            harness.queue().faults().always(Call.RECEIVE, Fault.failing());
            harness.advance(seconds(21));
            Instant since = harness.health().since();
            int before = harness.queue().log().count(Call.RECEIVE);
            harness.advance(Duration.ofMinutes(10));

            // then health says what is wrong and since when, and it was asked at most every 15 s
            assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
            assertThat(harness.health().since()).isEqualTo(since);
            assertThat(harness.health().problem())
                    .hasValueSatisfying(text -> assertThat(text).contains("receiving failed"));
            assertThat(harness.queue().log().count(Call.RECEIVE) - before).isBetween(15, 60);

            // and when it answers again, all is well
            harness.queue().faults().none();
            harness.deliver(signup("m-1"));
            harness.advance(seconds(31));
            assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
            assertThat(seen.ids()).containsExactly("m-1");
        }
    }
}
