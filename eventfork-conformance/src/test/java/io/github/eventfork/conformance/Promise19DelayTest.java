package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.BatchingSettler;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.LambdaAdapter;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.Timeline;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Giving back sets the visibility timeout to the delay: whole seconds, never past 12 h from receipt. */
@Promise(19)
class Promise19DelayTest {

    @ParameterizedTest
    @CsvSource({"PT0S, 0", "PT0.001S, 1", "PT1S, 1", "PT1.5S, 2", "PT90S, 90", "PT11H, 39600"})
    void a_delay_is_rounded_up_to_whole_seconds(Duration delay, long seconds) {
        assertThat(delays(Pollers.SQS_POLLER, RetryPolicy.fixed(delay), new IllegalStateException("x")))
                .containsExactly(seconds(seconds));
    }

    @ParameterizedTest
    @EnumSource
    void a_delay_never_reaches_past_12_hours_from_receipt_even_if_the_receipt_took_a_while(Pollers poller) {
        // given a receive whose answer is on its way for a quarter of a minute, as the call is by which it is given
        // back
        Fork fork = failing(RetryPolicy.standard(), new RetryLaterException(Duration.ofDays(2), "x"));
        try (PollerHarness harness = poller.of(fork)
                .visibilityTimeout(Duration.ofMinutes(5))
                .drainTimeout(Duration.ofMinutes(5))
                .roundTrip(seconds(30))
                .build()) {
            harness.advance(Duration.ofMinutes(3));
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMinutes(2));

            // then the delay is granted, and it ends shortly before 12 hours from when the queue handed the message out
            Duration received = harness.timeline().of("m-1").stream()
                    .filter(moment -> moment.step() instanceof Step.Received)
                    .map(Timeline.Moment::at)
                    .findFirst()
                    .orElseThrow();
            assertThat(harness.queue().log().visibilityChanges())
                    .singleElement()
                    .satisfies(change -> {
                        assertThat(change.answer()).isEqualTo(Entry.DONE);
                        assertThat(change.at().minus(received)).isGreaterThanOrEqualTo(seconds(30));
                        assertThat(change.at().plus(change.timeout()).minus(received))
                                .isBetween(Duration.ofHours(11).plusMinutes(50), Duration.ofHours(12));
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_knows_when_to_be_tried_again_is_believed(Pollers poller) {
        assertThat(delays(poller, RetryPolicy.standard(), new RetryLaterException(seconds(77), "rate limit")))
                .containsExactly(seconds(77));
    }

    @ParameterizedTest
    @EnumSource
    void a_policy_that_throws_costs_a_second_and_not_the_event(Pollers poller) {
        RetryPolicy broken = RetryPolicy.delayed((attempt, cause) -> {
            throw new ArithmeticException("/ by zero");
        });

        assertThat(delays(poller, broken, new IllegalStateException("x"))).containsExactly(seconds(1));
    }

    @ParameterizedTest
    @EnumSource
    void without_jitter_in_the_policy_there_is_none(Pollers poller) {
        RetryPolicy policy = RetryPolicy.exponential(seconds(10), seconds(100));

        assertThat(delays(poller, policy, new IllegalStateException("x"))).containsExactly(seconds(10));
    }

    @ParameterizedTest
    @EnumSource
    void a_delay_that_ends_12_hours_from_receipt_is_granted(Pollers poller) {
        // given a handler that takes an hour and then wants to be tried again in 12
        PollerHarness[] running = new PollerHarness[1];
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    running[0].time().sleep(Duration.ofHours(1));
                    throw new RetryLaterException(Duration.ofHours(12), "tomorrow");
                })
                .build();
        running[0] = poller.of(fork)
                .handlersOnThreads()
                .processingLimit(Duration.ofHours(2))
                .build();
        try (PollerHarness harness = running[0]) {
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofHours(1).plusSeconds(1));

            // then the queue has granted the delay, and what is left of 12 hours is asked for
            List<QueueLog.VisibilityChange> all = harness.queue().log().visibilityChanges();
            QueueLog.VisibilityChange last = all.get(all.size() - 1);
            assertThat(last.answer()).isEqualTo(Entry.DONE);
            assertThat(last.timeout())
                    .isLessThanOrEqualTo(Duration.ofHours(11))
                    .isGreaterThan(Duration.ofHours(11).minusMinutes(10));
        }
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, PT0S", "ENGINE, PT5M", "FORK_FUNCTION, PT0S", "FORK_FUNCTION, PT5M"})
    @Promise({16, 19})
    void on_lambda_a_delay_never_reaches_past_12_hours_from_receipt_even_if_a_batching_window_came_in_between(
            Functions functions, Duration window) {
        // given a record that its mapping has kept back, for up to five minutes, until the batch was complete
        VirtualRuntime time = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("fork", time)
                .visibilityTimeout(Duration.ofMinutes(30))
                .build();
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    throw new RetryLaterException(Duration.ofDays(2), "x");
                })
                .build();
        LambdaAdapter function = functions.alone(fork, queue, time, new LambdaAdapter.Options(1, seconds(1), true));
        queue.send(signup("m-1"));
        CompletableFuture<List<Delivery>> batch =
                queue.receive(Receive.of(10, Duration.ZERO)).toCompletableFuture();
        time.advance(window);

        CompletionStage<List<String>> answer = function.invoke(batch.join(), seconds(30));
        time.advance(seconds(30));

        // then the queue has granted the delay, which is as long as it may be
        assertThat(answer).isCompletedWithValue(List.of("m-1"));
        assertThat(queue.log().visibilityChanges()).singleElement().satisfies(change -> {
            assertThat(change.answer()).isEqualTo(Entry.DONE);
            assertThat(change.timeout())
                    .isBetween(
                            Duration.ofHours(11).plusMinutes(50),
                            Duration.ofHours(12).minusMinutes(5));
        });
    }

    @Test
    void whoever_asks_for_more_than_12_hours_gets_12() {
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("queue", runtime).build();
        BatchingSettler settler = new BatchingSettler(queue, runtime);

        settler.settle(signup("m-1").delivery("queue"), new Settlement.GiveBack(Duration.ofDays(1)));
        runtime.advance(seconds(1));

        assertThat(queue.log().visibilityChanges())
                .extracting(QueueLog.VisibilityChange::timeout)
                .containsExactly(seconds(43_200));
    }

    private static Fork failing(RetryPolicy policy, RuntimeException failure) {
        return Fork.named("fork")
                .retry(policy)
                .on("signup", String.class, event -> {
                    throw failure;
                })
                .build();
    }

    private static List<Duration> delays(Pollers poller, RetryPolicy policy, RuntimeException failure) {
        try (PollerHarness harness = poller.of(failing(policy, failure))
                .visibilityTimeout(Duration.ofMinutes(5))
                .build()) {
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMillis(50));
            return harness.queue().log().visibilityChanges().stream()
                    .map(QueueLog.VisibilityChange::timeout)
                    .limit(1)
                    .toList();
        }
    }
}
