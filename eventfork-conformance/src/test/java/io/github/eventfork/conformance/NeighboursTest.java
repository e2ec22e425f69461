package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One bad record never fails its neighbours. */
@Promise(2)
class NeighboursTest {

    private final Given.Seen seen = new Given.Seen();
    private final Fork fork = Given.fork()
            .on("signup", String.class, event -> {
                seen.add(event);
                if (event.delivery().messageId().equals("m-3")) {
                    throw new IllegalStateException("this one only");
                }
            })
            .on("login", Login.class, event -> seen.add(event))
            .build();

    record Login(int user) {}

    private static Message[] batch() {
        Message[] batch =
                IntStream.rangeClosed(1, 9).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new);
        batch[6] = Message.sns("login", "{\"user\":\"no number\"}").messageId("m-7");
        batch[7] = signup("m-8").cutOff();
        return batch;
    }

    @Test
    void in_the_poller_the_others_are_handled() {
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(batch());
            harness.advance(seconds(1));

            assertThat(seen.ids()).containsExactlyInAnyOrder("m-1", "m-2", "m-3", "m-4", "m-5", "m-6", "m-9");
            assertThat(harness.queue().messages())
                    .extracting(InMemoryQueue.Item::messageId)
                    .containsExactly("m-3");
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactlyInAnyOrder("m-7", "m-8");
        }
    }

    @Test
    void on_lambda_the_bad_ones_alone_are_reported() {
        try (LambdaHarness harness = ForkHarness.lambda(fork).build()) {
            List<String> reported = harness.invoke(batch());

            assertThat(reported).containsExactlyInAnyOrder("m-3", "m-7", "m-8");
        }
    }

    @Test
    void many_failures_at_once_are_all_reported() {
        Fork failing = Given.fork()
                .on("signup", String.class, event -> {
                    throw new IllegalStateException("all of them");
                })
                .build();
        try (LambdaHarness harness = ForkHarness.lambda(failing).concurrency(10).build()) {
            Message[] batch =
                    IntStream.range(0, 10).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new);

            assertThat(harness.invoke(batch)).hasSize(10).doesNotHaveDuplicates();
        }
    }
}
