package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.PollerHarness;
import org.junit.jupiter.api.Test;

/** What NeighboursTest claims, at the edges. */
@Promise(2)
class NeighboursAtTheEdgesTest {

    @Test
    @Promise({2, 20})
    void each_entry_of_an_answer_concerns_its_own_message() {
        Fork fork = Given.fork().on("signup", String.class, event -> {}).build();
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            // given a delete of three of which the second is refused for good
            harness.queue().faults().next(Call.DELETE, Fault.answering(Entry.FINAL, 1));
            harness.deliver(signup("m-0"), signup("m-1"), signup("m-2"));
            harness.advance(seconds(1));

            // then the others stand as deleted, and it alone is still there and unknown
            assertThat(harness.timeline().settlements("m-0")).containsExactly(new Settlement.Acknowledge());
            assertThat(harness.timeline().settlements("m-1")).isEmpty();
            assertThat(harness.timeline().settlements("m-2")).containsExactly(new Settlement.Acknowledge());
            assertThat(harness.queue().messages())
                    .extracting(InMemoryQueue.Item::messageId)
                    .containsExactly("m-1");
        }
    }
}
