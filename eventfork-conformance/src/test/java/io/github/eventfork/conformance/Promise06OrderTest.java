package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.grouped;
import static io.github.eventfork.conformance.Given.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a FIFO queue a group's deliveries run one at a time, in order. */
@Promise(6)
class Promise06OrderTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @ParameterizedTest
    @EnumSource
    void a_group_runs_one_at_a_time_while_other_groups_run_beside_it(Pollers pollers) {
        // given handlers that hang, and room for ten of them
        try (PollerHarness harness = holding(pollers).fifo().concurrency(10).build()) {
            hold = harness.hold();

            // when two groups of three come in
            Given.deliverTogether(
                    harness, grouped("a-1"), grouped("a-2"), grouped("b-1"), grouped("a-3"), grouped("b-2"));

            // then the heads run, and only they
            assertThat(seen.ids()).containsExactlyInAnyOrder("a-1", "b-1");

            // and when all may go on, each group is in order
            hold.release();
            harness.advance(seconds(5));
            assertThat(seen.ids()).filteredOn(id -> id.startsWith("a")).containsExactly("a-1", "a-2", "a-3");
            assertThat(seen.ids()).filteredOn(id -> id.startsWith("b")).containsExactly("b-1", "b-2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void on_lambda_a_group_runs_one_at_a_time_while_other_groups_run_beside_it(Functions functions) {
        List<String> running = new ArrayList<>();
        LambdaHarness[] harness = new LambdaHarness[1];
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    String group = event.delivery().group().orElseThrow();
                    assertThat(running).doesNotContain(group);
                    running.add(group);
                    harness[0].time().sleep(seconds(1));
                    running.remove(group);
                    seen.add(event);
                })
                .build();
        harness[0] =
                functions.of(fork).fifo().concurrency(10).handlersOnThreads().build();

        // when three groups of three come in
        Message[] batch = Stream.of("a-1", "b-1", "a-2", "c-1", "b-2", "a-3", "c-2", "c-3", "b-3")
                .map(Given::grouped)
                .toArray(Message[]::new);
        assertThat(harness[0].invoke(batch)).isEmpty();

        // then each was in order, and they took no longer than one of them
        for (String group : List.of("a-", "b-", "c-")) {
            assertThat(seen.ids())
                    .filteredOn(id -> id.startsWith(group))
                    .containsExactly(group + 1, group + 2, group + 3);
        }
        assertThat(harness[0].time().elapsed()).isLessThan(seconds(4));
    }

    @ParameterizedTest
    @EnumSource
    void nothing_behind_the_head_starts_until_its_settlement_stands(Pollers pollers) {
        // given a delete whose answer takes 3 s
        try (PollerHarness harness = poller(pollers, seeing()).fifo().build()) {
            harness.queue().faults().next(Call.DELETE, Fault.delayed(seconds(3)));

            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"));
            harness.advance(seconds(2));
            assertThat(seen.ids()).containsExactly("a-1");

            harness.advance(seconds(2));
            assertThat(seen.ids()).containsExactly("a-1", "a-2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_lane_does_not_wait_for_batches_to_fill(Pollers pollers) {
        // when 50 messages of one group come in
        try (PollerHarness harness = poller(pollers, seeing()).fifo().build()) {
            harness.deliver(
                    IntStream.range(0, 50).mapToObj(i -> grouped("a-" + i)).toArray(Message[]::new));

            // then each batch of ten goes through without time passing but for its last, which waits for company
            harness.advance(Duration.ofMillis(200));
            assertThat(seen.ids()).hasSize(50);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_message_group_on_a_standard_queue_is_a_tenant_and_not_order(Pollers pollers) {
        try (PollerHarness harness = holding(pollers).concurrency(10).build()) {
            hold = harness.hold();

            harness.deliver(grouped("a-1"), grouped("a-2"), grouped("a-3"));

            assertThat(seen.ids()).containsExactlyInAnyOrder("a-1", "a-2", "a-3");
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({6, 15})
    void on_lambda_a_message_group_on_a_standard_queue_is_a_tenant_and_not_order(Functions functions) {
        try (LambdaHarness harness = functions.of(failingAt("a-1")).build()) {
            assertThat(harness.invoke(grouped("a-1"), grouped("a-2"), grouped("a-3")))
                    .containsExactly("a-1");
            assertThat(seen.ids()).containsExactly("a-1", "a-2", "a-3");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({6, 19})
    void a_failed_tenant_of_a_standard_queue_is_given_back_alone_and_with_its_delay(Pollers pollers) {
        try (PollerHarness harness = poller(pollers, failingAt("a-1")).build()) {
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"), grouped("a-3"));
            harness.advance(Duration.ofMillis(500));

            assertThat(seen.ids()).containsExactly("a-1", "a-2", "a-3");
            assertThat(harness.timeline().settlements("a-1")).containsExactly(new Settlement.GiveBack(Given.DELAY));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({6, 7})
    void a_head_whose_delete_is_unanswered_keeps_the_rest_of_its_lane_waiting(Pollers pollers) {
        try (PollerHarness harness = poller(pollers, seeing()).fifo().build()) {
            // given a queue that can't be told of any delete for a while
            harness.queue().faults().always(Call.DELETE, Fault.failing());
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"));
            harness.advance(Duration.ofMinutes(5));

            // then the second waits, in hand
            assertThat(seen.ids()).containsExactly("a-1");
            assertThat(harness.timeline().settlements("a-2")).isEmpty();

            // and runs when the first's delete stands
            harness.queue().faults().none();
            harness.advance(seconds(6));
            assertThat(seen.ids()).containsExactly("a-1", "a-2");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({6, 7})
    void a_head_whose_delete_is_refused_takes_the_rest_of_its_lane_back_with_it(Pollers pollers) {
        try (PollerHarness harness = poller(pollers, seeing()).fifo().build()) {
            // given a queue that refuses a delete for good
            harness.queue().faults().always(Call.DELETE, Fault.answering(Entry.FINAL, 0));
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"));
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

    @ParameterizedTest
    @EnumSource
    @Promise({6, 21})
    void what_the_last_poll_brings_runs_if_one_behind_it_in_its_lane_is_at_its_last_receive(Pollers pollers) {
        // given a FIFO poller that knows its queue's facts, and whose poll is on its way
        PollerHarness harness = poller(pollers, seeing())
                .fifo()
                .roundTrip(Duration.ofMillis(500))
                .build();
        harness.advance(Duration.ofMillis(700));
        harness.queue().send(grouped("a-1"));
        harness.queue().send(grouped("a-2").receiveCount(3));
        harness.queue().send(grouped("a-3"));

        harness.close();
        assertThat(harness.queue().log().receives())
                .singleElement()
                .satisfies(receive -> assertThat(receive.messageIds()).containsExactly("a-1", "a-2", "a-3"));

        // then nothing was passed over, and what need not run was given back
        assertThat(seen.ids()).containsExactly("a-1", "a-2");
        assertThat(harness.queue().messages())
                .extracting(InMemoryQueue.Item::messageId)
                .containsExactly("a-3");
    }

    @Test
    @Tag("slow")
    void a_lane_of_20_000_neither_overflows_the_stack_nor_loses_one() {
        try (PollerHarness harness =
                ForkHarness.poller(seeing()).fifo().inHand(20_000).build()) {
            Given.deliverTogether(
                    harness,
                    IntStream.range(0, 20_000).mapToObj(i -> grouped("a-" + i)).toArray(Message[]::new));
            harness.advance(Duration.ofMinutes(10));

            assertThat(seen.ids()).hasSize(20_000);
            assertThat(harness.queue().messages()).isEmpty();
        }
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

    private PollerHarness.Builder holding(Pollers pollers) {
        return pollers.of(Given.fork()
                        .on("signup", String.class, event -> {
                            seen.add(event);
                            hold.await();
                        })
                        .build())
                .handlersOnThreads();
    }

    private static PollerHarness.Builder poller(Pollers pollers, Fork fork) {
        return pollers.of(fork);
    }
}
