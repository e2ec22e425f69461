package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.Step;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** On a FIFO queue a group's deliveries run one at a time, in order. */
class OrderTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @Test
    @Promise(6)
    void a_group_runs_one_at_a_time_while_other_groups_run_beside_it() {
        // given handlers that hang, and room for ten of them
        try (PollerHarness harness = holding().fifo().concurrency(10).build()) {
            hold = harness.hold();

            // when two groups of three come in
            Given.deliverTogether(
                    harness, of("a", "a-1"), of("a", "a-2"), of("b", "b-1"), of("a", "a-3"), of("b", "b-2"));

            // then the heads run, and only they
            assertThat(seen.ids()).containsExactlyInAnyOrder("a-1", "b-1");

            // and when all may go on, each group is in order
            hold.release();
            harness.advance(seconds(5));
            assertThat(seen.ids()).filteredOn(id -> id.startsWith("a")).containsExactly("a-1", "a-2", "a-3");
            assertThat(seen.ids()).filteredOn(id -> id.startsWith("b")).containsExactly("b-1", "b-2");
        }
    }

    @Test
    @Promise(6)
    void nothing_behind_the_head_starts_until_its_settlement_stands() {
        // given a delete whose answer takes 3 s
        try (PollerHarness harness = poller(seeing()).fifo().build()) {
            harness.queue().faults().next(Call.DELETE, Fault.delayed(seconds(3)));

            Given.deliverTogether(harness, of("a", "a-1"), of("a", "a-2"));
            harness.advance(seconds(2));
            assertThat(seen.ids()).containsExactly("a-1");

            harness.advance(seconds(2));
            assertThat(seen.ids()).containsExactly("a-1", "a-2");
        }
    }

    @Test
    @Promise(6)
    void a_lane_does_not_wait_for_batches_to_fill() {
        // when 50 messages of one group come in
        try (PollerHarness harness = poller(seeing()).fifo().build()) {
            harness.deliver(
                    IntStream.range(0, 50).mapToObj(i -> of("a", "a-" + i)).toArray(Message[]::new));

            // then each batch of ten goes through without time passing but for its last, which waits for company
            harness.advance(Duration.ofMillis(200));
            assertThat(seen.ids()).hasSize(50);
        }
    }

    @Test
    @Promise(6)
    void a_message_group_on_a_standard_queue_is_a_tenant_and_not_order() {
        try (PollerHarness harness = holding().concurrency(10).build()) {
            hold = harness.hold();

            harness.deliver(of("a", "a-1"), of("a", "a-2"), of("a", "a-3"));

            assertThat(seen.ids()).containsExactlyInAnyOrder("a-1", "a-2", "a-3");
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @Test
    @Promise({6, 7})
    void on_lambda_a_failed_head_takes_the_rest_of_its_lane_back_with_it_and_no_other_lane() {
        try (LambdaHarness harness = ForkHarness.lambda(failingAt("a-1")).fifo().build()) {
            List<String> reported =
                    harness.invoke(of("a", "a-1"), of("b", "b-1"), of("a", "a-2"), of("b", "b-2"), of("a", "a-3"));

            assertThat(reported).containsExactlyInAnyOrder("a-1", "a-2", "a-3");
            assertThat(seen.ids()).containsExactly("a-1", "b-1", "b-2");
        }
    }

    @Test
    @Promise({6, 7})
    void a_head_whose_delete_is_unknown_takes_the_rest_of_its_lane_back_with_it() {
        try (PollerHarness harness = poller(seeing()).fifo().build()) {
            // given a queue that can't be told of any delete for a while
            harness.queue().faults().always(Call.DELETE, Fault.failing());
            Given.deliverTogether(harness, of("a", "a-1"), of("a", "a-2"));
            harness.advance(seconds(15));

            // then the second has not run, and was given back
            assertThat(seen.ids()).containsExactly("a-1");
            assertThat(harness.timeline().settlements("a-2")).hasSize(1);

            // and when deletes work again, the first does not run a second time, and the second does
            harness.queue().faults().none();
            harness.advance(Duration.ofMinutes(2));
            assertThat(seen.ids()).containsExactly("a-1", "a-2");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    @Promise(7)
    void a_poisoned_head_is_tried_again_in_hand_and_then_takes_none_of_its_followers_along() {
        try (PollerHarness harness =
                poller(failingAt("a-0")).fifo().maxReceiveCount(3).build()) {
            // when a poisoned message and nine good ones of its group come in, and another group
            harness.deliver(
                    IntStream.range(0, 10).mapToObj(i -> of("a", "a-" + i)).toArray(Message[]::new));
            harness.deliver(of("b", "b-1"));
            harness.advance(seconds(30));

            // then it alone is a dead letter after three attempts, and the others were handled in order at first sight
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactly("a-0");
            assertThat(seen.ids())
                    .filteredOn(id -> id.startsWith("a"))
                    .containsExactly(
                            "a-0", "a-0", "a-0", "a-1", "a-2", "a-3", "a-4", "a-5", "a-6", "a-7", "a-8", "a-9");
            assertThat(harness.timeline().steps(Step.Received.class))
                    .extracting(Step.Received::receive)
                    .containsOnly(1);
        }
    }

    @Test
    @Promise({6, 7})
    void without_a_dead_letter_queue_nobody_moves_a_head_away_so_its_followers_wait() {
        // given a FIFO queue that hands messages out for ever, and a head that fails until its third receive is over
        int[] runs = {0};
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    if (event.delivery().messageId().equals("a-1") && ++runs[0] <= 6) {
                        throw new IllegalStateException("poisoned for a while");
                    }
                })
                .build();
        try (PollerHarness harness =
                poller(fork).fifo().withoutDeadLetterQueue().build()) {
            Given.deliverTogether(harness, of("a", "a-1"), of("a", "a-2"));
            harness.advance(Duration.ofMinutes(5));

            assertThat(seen.ids()).containsSubsequence("a-1", "a-2").endsWith("a-1", "a-2");
        }
    }

    @Test
    @Promise({7, 12})
    void a_head_that_reached_the_processing_limit_is_given_back_with_its_lane() {
        // given a FIFO head that is interrupted at the limit, and a follower
        try (PollerHarness harness = holding()
                .fifo()
                .visibilityTimeout(seconds(30))
                .processingLimit(Duration.ofMinutes(2))
                .maxReceiveCount(3)
                .build()) {
            hold = harness.hold();
            Given.deliverTogether(harness, of("a", "a-1"), of("a", "a-2"));
            harness.advance(seconds(121));

            // then it is not tried again on a lease that nobody renews
            assertThat(seen.ids()).containsExactly("a-1");
            assertThat(harness.timeline().settlements("a-1")).hasSize(1);
            assertThat(harness.timeline().settlements("a-2")).hasSize(1);
            hold.release();
            harness.advance(seconds(60));
            assertThat(seen.ids()).containsExactly("a-1", "a-1", "a-2");
        }
    }

    @Test
    @Promise(6)
    void a_lane_of_20_000_neither_overflows_the_stack_nor_loses_one() {
        try (PollerHarness harness = poller(seeing()).fifo().inHand(20_000).build()) {
            Given.deliverTogether(
                    harness,
                    IntStream.range(0, 20_000).mapToObj(i -> of("a", "a-" + i)).toArray(Message[]::new));
            harness.advance(Duration.ofMinutes(10));

            assertThat(seen.ids()).hasSize(20_000);
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    private static Message of(String group, String messageId) {
        return signup(messageId).group(group);
    }

    private Fork seeing() {
        return Given.fork().on("signup", String.class, seen::add).build();
    }

    private Fork failingAt(String messageId) {
        return Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    if (event.delivery().messageId().equals(messageId)) {
                        throw new IllegalStateException("poisoned");
                    }
                })
                .build();
    }

    private PollerHarness.Builder holding() {
        return ForkHarness.poller(Given.fork()
                        .on("signup", String.class, event -> {
                            seen.add(event);
                            hold.await();
                        })
                        .build())
                .handlersOnThreads();
    }

    private static PollerHarness.Builder poller(Fork fork) {
        return ForkHarness.poller(fork);
    }
}
