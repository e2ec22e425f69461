package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.grouped;
import static io.github.eventfork.conformance.Given.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.RetryLaterException;
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
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failed head of a FIFO lane is tried again in hand, or takes its followers back with it, and never to the dead-letter queue. */
@Promise(7)
class Promise07FifoHeadsTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    /**
     * A poisoned message, nine good ones of its group, and another group, of which one comes in the same batch: with
     * {@code maxReceiveCount} 3.
     */
    @Nested
    class A_poisoned_head {

        /** A queue that far away has the whole backlog before the first receive reaches it. */
        private static final Duration A_WAY_OFF = Duration.ofMillis(10);

        private final Message[] backlog = Stream.of(
                        "a-0", "a-1", "a-2", "a-3", "a-4", "b-0", "a-5", "a-6", "a-7", "a-8", "a-9", "b-1")
                .map(Given::grouped)
                .toArray(Message[]::new);

        /** Followers that became dead letters with their head, whenever it was that the process died. */
        private final List<String> fallen = new ArrayList<>();

        @ParameterizedTest
        @EnumSource
        void is_tried_again_in_hand_and_takes_none_of_its_followers_along(Pollers pollers) {
            try (PollerHarness harness = pollers.of(fork(failingAt("a-0")))
                    .fifo()
                    .maxReceiveCount(3)
                    .roundTrip(A_WAY_OFF)
                    .build()) {
                harness.deliver(backlog);
                harness.advance(Duration.ofMinutes(1));

                assertEndedWell(harness);
                assertThat(seen.ids()).filteredOn(id -> id.startsWith("a")).startsWith("a-0", "a-0", "a-0", "a-1");
                assertEachReceivedOnce(harness);
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({7, 16})
        void on_lambda_with_a_settler_is_tried_again_in_hand_and_takes_none_of_its_followers_along(
                Functions functions) {
            try (LambdaHarness harness = functions
                    .of(fork(failingAt("a-0")))
                    .fifo()
                    .settler()
                    .maxReceiveCount(3)
                    .roundTrip(A_WAY_OFF)
                    .build()) {
                harness.deliver(backlog);
                harness.advance(Duration.ofMinutes(1));

                assertEndedWell(harness);
                assertEachReceivedOnce(harness);
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({7, 16})
        void on_lambda_without_a_settler_comes_back_with_its_followers_and_is_the_only_dead_letter(
                Functions functions) {
            try (LambdaHarness harness = functions
                    .of(fork(failingAt("a-0")))
                    .fifo()
                    .maxReceiveCount(3)
                    .roundTrip(A_WAY_OFF)
                    .build()) {
                harness.deliver(backlog);
                harness.advance(Duration.ofMinutes(30));

                // then they ran beside the head's last receive, after which SQS moves it away
                assertEndedWell(harness);
                assertThat(harness.timeline().of("a-8").stream().map(moment -> moment.step()))
                        .contains(new Step.Started("signup", 3));
                assertThat(seen.ids()).filteredOn(id -> id.startsWith("a")).startsWith("a-0", "a-0", "a-0", "a-1");
                assertThat(harness.queue().log().movedAway()).containsExactly("a-0");

                // and the other group, which was in the head's first batch, has nothing to do with it
                assertThat(harness.timeline().of("b-0").stream().map(moment -> moment.step()))
                        .filteredOn(Step.Received.class::isInstance)
                        .containsExactly(new Step.Received(1));
            }
        }

        @ParameterizedTest
        @Tag("slow")
        @EnumSource
        @Promise({1, 7})
        void and_a_process_that_dies_at_any_instruction_leave_the_order_as_it_is(Mortal kind) {
            int contact = 1;
            while (dies(kind, contact)) {
                contact++;
            }
            assertThat(contact).as("how many ways to die there are").isGreaterThan(20);
            assertThat(fallen.isEmpty())
                    .as("no follower falls with its head but on Lambda without a settler")
                    .isEqualTo(kind != Mortal.FORK_FUNCTION);
        }

        /** Whether there is such a contact to die at; if so, all that is promised is asserted. */
        private boolean dies(Mortal kind, int contact) {
            VirtualRuntime runtime = VirtualRuntime.seeded(1);
            InMemoryQueue queue = InMemoryQueue.named("fork.fifo", runtime)
                    .visibilityTimeout(seconds(30))
                    .deadLetterQueue(
                            InMemoryQueue.named("fork-dlq.fifo", runtime).build(), 3)
                    .build();
            Stream.of(backlog).forEach(queue::send);
            List<String> first = new ArrayList<>();
            List<String> second = new ArrayList<>();

            // when a process dies at this contact, and another takes over
            Life life = Life.endingAt(contact);
            kind.start(noting(first, life), queue, runtime, life);
            while (!life.over() && runtime.elapsed().compareTo(Duration.ofMinutes(3)) < 0) {
                runtime.advance(seconds(1));
            }
            if (!life.over()) {
                return false;
            }
            List<String> lastReceive = inHandAtTheLastReceive(queue);
            kind.start(noting(second, Life.endless()), queue, runtime, Life.endless());
            runtime.advance(Duration.ofMinutes(5));

            // then nothing is left over or lost, and nobody is a dead letter but the poisoned one and, where SQS itself
            // moves messages away, who was in hand at its last receive when the process died
            String death = "death at contact " + contact;
            List<String> dead = queue.deadLetterQueue().orElseThrow().messages().stream()
                    .map(InMemoryQueue.Item::from)
                    .toList();
            assertThat(queue.messages()).as(death).isEmpty();
            assertThat(dead).as(death).contains("a-0").doesNotHaveDuplicates();
            List<String> followers =
                    dead.stream().filter(id -> !id.equals("a-0")).toList();
            assertThat(followers).as(death).isSubsetOf(kind == Mortal.FORK_FUNCTION ? lastReceive : List.of());
            fallen.addAll(followers);
            assertThat(Stream.of(first, second, dead).flatMap(List::stream).distinct())
                    .as(death)
                    .hasSize(12);

            // and each process kept the order, and the second left nothing out
            for (String group : List.of("a-", "b-")) {
                List<String> before =
                        first.stream().filter(id -> id.startsWith(group)).toList();
                List<String> after =
                        second.stream().filter(id -> id.startsWith(group)).toList();
                assertThat(before).as(death).isSorted().doesNotHaveDuplicates();
                assertThat(after).as(death).isSorted().doesNotHaveDuplicates();
                assertThat(Stream.concat(before.stream(), after.stream())
                                .distinct()
                                .toList())
                        .as(death)
                        .isSorted();
            }
            return true;
        }

        /** Who is in the batch of a head that is received for the last time. */
        private static List<String> inHandAtTheLastReceive(InMemoryQueue queue) {
            List<InMemoryQueue.Item> last = queue.messages().stream()
                    .filter(item -> item.receives() == 3 && !item.visible())
                    .toList();
            boolean head = last.stream().anyMatch(item -> item.messageId().equals("a-0"));
            return head ? last.stream().map(InMemoryQueue.Item::messageId).toList() : List.of();
        }

        private Fork noting(List<String> effects, Life life) {
            return Given.fork()
                    .on("signup", String.class, life.of(event -> {
                        failingAt("a-0").handle(event);
                        effects.add(event.delivery().messageId());
                    }))
                    .build();
        }

        /** One dead letter, and all others handled, in the order of their groups. */
        private void assertEndedWell(ForkHarness harness) {
            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactly("a-0");
            assertThat(seen.ids())
                    .filteredOn(id -> id.startsWith("a") && !id.equals("a-0"))
                    .containsExactly("a-1", "a-2", "a-3", "a-4", "a-5", "a-6", "a-7", "a-8", "a-9");
            assertThat(seen.ids()).filteredOn(id -> id.startsWith("b")).containsExactly("b-0", "b-1");
        }

        private void assertEachReceivedOnce(ForkHarness harness) {
            assertThat(harness.timeline().steps(Step.Received.class))
                    .hasSize(12)
                    .containsOnly(new Step.Received(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({7, 12})
    void a_waiting_member_whose_lease_is_lost_takes_all_behind_it_back_with_it_and_nothing_before_it(Pollers pollers) {
        // given a head that runs, and three behind it
        try (PollerHarness harness = pollers.of(fork(event -> hold.await()))
                .fifo()
                .handlersOnThreads()
                .build()) {
            hold = harness.hold();
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"), grouped("a-3"), grouped("a-4"));

            // when the queue says at the first renewal that the third is not ours any more
            harness.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL, 2));
            harness.advance(seconds(16));

            // then it and what is behind it are no longer in hand
            assertThat(harness.timeline().settlements("a-2")).isEmpty();
            assertThat(harness.timeline().settlements("a-3")).containsExactly(new Settlement.GiveBack(Duration.ZERO));
            assertThat(harness.timeline().settlements("a-4")).containsExactly(new Settlement.GiveBack(Duration.ZERO));

            // and come again after what was before them
            hold.release();
            harness.advance(Duration.ofMinutes(2));
            assertThat(seen.ids()).containsExactly("a-1", "a-2", "a-3", "a-4");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({7, 10})
    void a_head_whose_store_is_down_waits_in_hand_and_its_followers_behind_it(Pollers pollers) {
        // given a store that is down for an hour
        WatchedStore store = new WatchedStore(System::nanoTime).down();
        Fork fork = Given.fork()
                .on("signup", String.class, seen::add)
                .idempotency(Idempotency.in(store))
                .build();
        try (PollerHarness harness = pollers.of(fork).fifo().build()) {
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"), grouped("a-3"));
            harness.advance(Duration.ofHours(1));
            assertThat(store.asked())
                    .extracting(WatchedStore.Asked::key)
                    .containsOnly(Given.key("fork", "event-of-a-1"));

            // when it is up again
            store.up();
            harness.advance(seconds(10));

            // then all ran in order, at their first receive
            assertThat(seen.ids()).containsExactly("a-1", "a-2", "a-3");
            assertThat(harness.timeline().steps(Step.Received.class)).containsOnly(new Step.Received(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_head_that_is_tried_again_in_hand_waits_as_long_as_its_policy_says(Pollers pollers) {
        try (PollerHarness harness = pollers.of(fork(failingAt("a-1"))).fifo().build()) {
            harness.deliver(grouped("a-1"));
            harness.advance(Duration.ofMillis(1_900));
            assertThat(seen.ids()).hasSize(1);

            harness.advance(Duration.ofMillis(200));
            assertThat(seen.ids()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({6, 7})
    void on_lambda_a_failed_head_takes_the_rest_of_its_lane_back_with_it_and_no_other_lane(Functions functions) {
        try (LambdaHarness harness = functions.of(fork(failingAt("a-1"))).fifo().build()) {
            List<String> reported =
                    harness.invoke(grouped("a-1"), grouped("b-1"), grouped("a-2"), grouped("b-2"), grouped("a-3"));

            assertThat(reported).containsExactlyInAnyOrder("a-1", "a-2", "a-3");
            assertThat(seen.ids()).containsExactly("a-1", "b-1", "b-2");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({6, 7})
    void without_a_dead_letter_queue_nobody_moves_a_head_away_so_its_followers_wait(Pollers pollers) {
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
                pollers.of(fork).fifo().withoutDeadLetterQueue().build()) {
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"));
            harness.advance(Duration.ofMinutes(5));

            assertThat(seen.ids()).containsSubsequence("a-1", "a-2").endsWith("a-1", "a-2");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({7, 12})
    void a_head_that_reached_the_processing_limit_is_given_back_with_its_lane(Pollers pollers) {
        // given a FIFO head that is interrupted at the limit, and a follower
        try (PollerHarness harness = pollers.of(fork(event -> hold.await()))
                .handlersOnThreads()
                .fifo()
                .visibilityTimeout(seconds(30))
                .processingLimit(Duration.ofMinutes(2))
                .maxReceiveCount(3)
                .build()) {
            hold = harness.hold();
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"));
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

    @ParameterizedTest
    @EnumSource
    @Promise({6, 12, 13})
    void a_stuck_head_whose_lease_is_lost_leaves_the_rest_of_its_lane_to_others(Pollers pollers) {
        // given a head that never returns, and two behind it
        Fork fork = fork(event -> {
            if (event.delivery().messageId().equals("a-1")) {
                hold.awaitIgnoringInterrupts();
            }
        });
        try (PollerHarness harness = pollers.of(fork)
                .fifo()
                .processingLimit(Duration.ofMinutes(2))
                .handlersOnThreads()
                .build()) {
            hold = harness.hold();
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"), grouped("a-3"));

            // when its lease has run out after the processing limit
            harness.advance(Duration.ofMinutes(3));

            // then the two were given back untouched
            assertThat(seen.ids()).containsOnly("a-1");
            assertThat(harness.timeline().settlements("a-2")).contains(new Settlement.GiveBack(Duration.ZERO));
            assertThat(harness.timeline().settlements("a-3")).contains(new Settlement.GiveBack(Duration.ZERO));
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_head_that_fails_at_its_last_receive_with_nobody_to_dead_letter_it_leaves_the_lane_to_its_followers(
            Functions functions) {
        LambdaHarness harness = functions.of(fork(failingAt("a-1"))).fifo().build();

        assertThat(harness.invoke(grouped("a-1").receiveCount(3), grouped("a-2"), grouped("a-3")))
                .containsExactly("a-1");
        assertThat(seen.ids()).containsExactly("a-1", "a-2", "a-3");
    }

    @ParameterizedTest
    @EnumSource
    void a_head_that_is_refused_as_a_dead_letter_before_its_last_receive_takes_its_followers_back(Pollers pollers) {
        // given a dead-letter queue that takes nothing, and a head that has used up its attempts in hand
        try (PollerHarness harness = pollers.of(fork(failingAt("a-1"))).fifo().build()) {
            harness.queue().faults().always(Call.DEAD_LETTER, Fault.answering(Entry.FINAL));
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"));
            harness.advance(seconds(10));

            // then it comes again, and so nothing behind it has run
            assertThat(seen.ids()).containsExactly("a-1", "a-1", "a-1");
            assertThat(harness.timeline().settlements("a-1")).containsExactly(new Settlement.GiveBack(seconds(30)));
            assertThat(harness.timeline().settlements("a-2")).containsExactly(new Settlement.GiveBack(Duration.ZERO));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({7, 16})
    void on_lambda_a_head_that_is_refused_as_a_dead_letter_before_its_last_receive_takes_its_followers_back(
            Functions functions) {
        // given a queue with more receives than the fork has attempts, and a dead-letter queue that takes nothing
        try (LambdaHarness harness = functions
                .of(fork(failingAt("a-1")))
                .fifo()
                .settler()
                .maxReceiveCount(10)
                .build()) {
            harness.queue().faults().always(Call.DEAD_LETTER, Fault.answering(Entry.FINAL));

            List<String> reported = harness.invoke(grouped("a-1").receiveCount(3), grouped("a-2"), grouped("a-3"));

            // then the head comes again, and so nothing behind it has run
            assertThat(reported).containsExactlyInAnyOrder("a-1", "a-2", "a-3");
            assertThat(seen.ids()).containsExactly("a-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({7, 10})
    void a_head_that_can_not_wait_so_long_in_hand_is_given_back_before_its_followers_and_they_after_it_in_order(
            Pollers pollers) {
        // given a head that wants to be tried again in 13 hours, longer than any lease can be kept
        Fork fork = fork(event -> {
            if (event.delivery().messageId().equals("a-1")) {
                throw new RetryLaterException(Duration.ofHours(13), "closed for the night");
            }
        });
        try (PollerHarness harness = pollers.of(fork).fifo().build()) {
            Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"), grouped("a-3"));
            harness.advance(seconds(1));

            // then all are given back at once, the head first
            assertThat(seen.ids()).containsExactly("a-1");
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::messageId, QueueLog.VisibilityChange::at)
                    .containsExactly(tuple("a-1", seconds(21)), tuple("a-2", seconds(21)), tuple("a-3", seconds(21)));
        }
    }

    private static EventHandler<String> failingAt(String messageId) {
        return event -> {
            if (event.delivery().messageId().equals(messageId)) {
                throw new IllegalStateException("poisoned");
            }
        };
    }

    private Fork fork(EventHandler<String> handler) {
        return Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    handler.handle(event);
                })
                .build();
    }
}
