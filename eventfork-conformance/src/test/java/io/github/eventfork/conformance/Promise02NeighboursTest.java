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
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One bad record never fails its neighbours. */
@Promise(2)
class Promise02NeighboursTest {

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

    @ParameterizedTest
    @EnumSource
    void the_others_are_handled_and_the_bad_ones_alone_stay_or_are_dead_letters(Anywhere adapter) {
        try (ForkHarness harness = adapter.running(fork)) {
            harness.deliver(batch());
            harness.advance(seconds(1));

            assertThat(seen.ids()).containsExactlyInAnyOrder("m-1", "m-2", "m-3", "m-4", "m-5", "m-6", "m-9");
            boolean redrives = adapter.leavesRetriesToTheQueue(harness);
            assertThat(harness.queue().messages())
                    .extracting(InMemoryQueue.Item::messageId)
                    .containsExactlyInAnyOrderElementsOf(redrives ? List.of("m-3", "m-7", "m-8") : List.of("m-3"));
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactlyInAnyOrderElementsOf(redrives ? List.of() : List.of("m-7", "m-8"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void on_lambda_the_bad_ones_alone_are_reported_in_the_order_of_the_batch(Functions functions) {
        try (LambdaHarness harness = functions.of(fork).build()) {
            assertThat(harness.invoke(batch())).containsExactly("m-3", "m-7", "m-8");
        }
    }

    @ParameterizedTest
    @EnumSource
    void many_failures_at_once_are_all_reported(Functions functions) {
        Fork failing = Given.fork()
                .on("signup", String.class, event -> {
                    throw new IllegalStateException("all of them");
                })
                .build();
        try (LambdaHarness harness = functions.of(failing).concurrency(10).build()) {
            Message[] batch =
                    IntStream.range(0, 10).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new);

            assertThat(harness.invoke(batch)).hasSize(10).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({2, 20})
    void each_entry_of_an_answer_concerns_its_own_message(Pollers pollers) {
        Fork fork = Given.fork().on("signup", String.class, event -> {}).build();
        try (PollerHarness harness = pollers.of(fork).build()) {
            // given a delete of three of which the first is refused for good
            harness.queue().faults().next(Call.DELETE, Fault.answering(Entry.FINAL, 0));
            harness.deliver(signup("m-0"), signup("m-1"), signup("m-2"));
            harness.advance(seconds(1));

            // then the others stand as deleted, and it alone is still there and unknown
            assertThat(harness.timeline().settlements("m-0")).isEmpty();
            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
            assertThat(harness.timeline().settlements("m-2")).containsExactly(new Settlement.Acknowledge());
            assertThat(harness.queue().messages())
                    .extracting(InMemoryQueue.Item::messageId)
                    .containsExactly("m-0");
        }
    }
}
