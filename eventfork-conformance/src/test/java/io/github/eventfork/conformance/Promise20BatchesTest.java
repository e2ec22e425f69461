package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.poller.SqsSettler;
import io.github.eventfork.queue.BatchingSettler;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Settlements go in batches; what an answer leaves open is tried again; a dead letter says why. */
@Promise(20)
class Promise20BatchesTest {

    private final Fork handling =
            Given.fork().on("signup", String.class, event -> {}).build();
    private final Fork rejecting = Given.fork()
            .on("signup", String.class, event -> {
                throw new RejectedEventException("the list is closed");
            })
            .build();

    @ParameterizedTest
    @EnumSource
    void deletes_go_in_batches_of_up_to_ten(Pollers poller) {
        try (PollerHarness harness = poller.of(handling).concurrency(25).build()) {
            harness.deliver(messages(25));
            harness.advance(seconds(1));

            assertThat(entries(harness, Call.DELETE)).containsExactly(10, 10, 5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void retriable_entries_and_entries_missing_from_an_answer_are_tried_again(Pollers poller) {
        try (PollerHarness harness = poller.of(handling).build()) {
            harness.queue()
                    .faults()
                    .next(Call.DELETE, Fault.answering(Entry.RETRIABLE, 0, 1), Fault.leavingOut(1), Fault.failing());
            harness.deliver(messages(10));
            harness.advance(seconds(10));

            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.timeline().started()).hasSize(10).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_entry_that_an_answer_leaves_out_is_asked_for_again_and_no_other(Pollers poller) {
        try (PollerHarness harness = poller.of(handling).build()) {
            // given a delete of three whose answer speaks of the first two
            harness.queue().faults().next(Call.DELETE, Fault.leavingOut(1));
            harness.deliver(messages(3));
            harness.advance(seconds(1));

            assertThat(entries(harness, Call.DELETE)).containsExactly(3, 1);
            assertThat(harness.queue().log().deletes())
                    .extracting(QueueLog.Delete::messageId)
                    .containsExactly("m-0", "m-1", "m-2");
            assertThat(harness.timeline().settlements("m-2")).containsExactly(new Settlement.Acknowledge());
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("eachSettlementByEachSettler")
    @Promise({14, 20})
    void two_receipts_of_a_message_are_two_entries_of_one_batch(Settlers settlers, Settlement settlement, Call call) {
        // given a message that the queue handed out twice at once
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        InMemoryQueue queue = InMemoryQueue.named("queue", runtime)
                .deadLetterQueue(InMemoryQueue.named("queue-dlq", runtime).build(), 3)
                .build();
        queue.sendTwice(signup("m-1"));
        List<Delivery> sights = received(queue, runtime);
        assertThat(sights).extracting(Delivery::messageId).containsExactly("m-1", "m-1");
        assertThat(sights).extracting(Delivery::receipt).doesNotHaveDuplicates();

        // when both are settled alike
        Settler settler = settlers.on(queue, runtime, sights);
        List<CompletableFuture<Settlement>> standing = sights.stream()
                .map(sight -> settler.settle(sight, settlement).toCompletableFuture())
                .toList();
        runtime.advance(seconds(1));

        // then both stand, by one call that was made once
        assertThat(standing).allSatisfy(one -> assertThat(one).isCompletedWithValue(settlement));
        assertThat(entries(queue, call)).containsExactly(2);
    }

    static Stream<Arguments> eachSettlementByEachSettler() {
        return Stream.of(Settlers.values())
                .flatMap(settlers -> Stream.of(
                        Arguments.of(settlers, new Settlement.Acknowledge(), Call.DELETE),
                        Arguments.of(settlers, new Settlement.GiveBack(seconds(60)), Call.CHANGE_VISIBILITY),
                        Arguments.of(settlers, new Settlement.DeadLetter("why", "fork", 3), Call.DEAD_LETTER)));
    }

    /** Who settles: the engine alone, and the settler that users have, on a client that answers as SQS would. */
    enum Settlers {
        ENGINE {
            @Override
            Settler on(InMemoryQueue queue, VirtualRuntime runtime, List<Delivery> handedOut) {
                return new BatchingSettler(queue, runtime);
            }
        },
        SQS_SETTLER {
            @Override
            Settler on(InMemoryQueue queue, VirtualRuntime runtime, List<Delivery> handedOut) {
                VirtualSqs sqs = new VirtualSqs(queue);
                handedOut.forEach(sqs::handedOut);
                return SqsSettler.of(sqs, runtime);
            }
        };

        abstract Settler on(InMemoryQueue queue, VirtualRuntime runtime, List<Delivery> handedOut);
    }

    private static List<Delivery> received(InMemoryQueue queue, VirtualRuntime runtime) {
        CompletableFuture<List<Delivery>> answer =
                queue.receive(Receive.of(10, Duration.ZERO)).toCompletableFuture();
        runtime.runUntilIdle();
        return answer.join();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({14, 20})
    void a_second_sight_waits_for_the_delete_of_the_first_and_goes_in_a_later_batch(Pollers poller) {
        try (PollerHarness harness = poller.of(handling).build()) {
            // given a receive that brings a message twice, among others
            harness.pause();
            harness.advance(seconds(21));
            harness.queue().send(signup("m-0"));
            harness.queue().sendTwice(signup("m-1"));
            harness.queue().send(signup("m-2"));
            harness.resume();
            harness.advance(seconds(1));

            // then the first was deleted at once, for the sake of the second, which was then deleted without having run
            assertThat(entries(harness, Call.DELETE)).containsExactly(2, 2);
            assertThat(harness.queue().log().deletes())
                    .extracting(QueueLog.Delete::messageId, QueueLog.Delete::answer)
                    .containsExactly(
                            tuple("m-0", Entry.DONE),
                            tuple("m-1", Entry.DONE),
                            tuple("m-2", Entry.DONE),
                            tuple("m-1", Entry.DONE));
            assertThat(harness.timeline().started()).containsExactlyInAnyOrder("m-0", "m-1", "m-2");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_gets_no_answer_in_eight_tries_is_unknown_and_the_poller_goes_on(Pollers poller) {
        // given a message that is to be given back, and a queue that can't be told
        Fork failing = Given.fork()
                .on("signup", String.class, event -> {
                    throw new IllegalStateException("the list is down");
                })
                .build();
        try (PollerHarness harness = poller.of(failing).concurrency(1).inHand(1).build()) {
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.failing());
            harness.deliver(signup("m-1"));
            harness.advance(seconds(20));

            // then nothing of it stands, and its permit is back
            assertThat(harness.queue().log().count(Call.CHANGE_VISIBILITY)).isEqualTo(8);
            assertThat(harness.timeline().settlements("m-1")).isEmpty();
            assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
            harness.queue().faults().none();
            harness.deliver(signup("m-2"));
            harness.advance(seconds(1));
            assertThat(harness.timeline().started()).containsExactly("m-1", "m-2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tries_are_further_and_further_apart(Pollers poller) {
        try (PollerHarness harness = poller.of(handling).build()) {
            harness.queue().faults().always(Call.DELETE, Fault.failing());
            harness.deliver(signup("m-1"));
            harness.advance(seconds(60));

            List<Duration> at = harness.queue().log().calls().stream()
                    .filter(made -> made.call() == Call.DELETE)
                    .map(QueueLog.CallMade::at)
                    .toList();
            List<Duration> between = IntStream.range(1, at.size())
                    .mapToObj(i -> at.get(i).minus(at.get(i - 1)))
                    .toList();
            assertThat(between).hasSizeGreaterThan(10);
            assertThat(between.get(0)).isBetween(Duration.ofMillis(25), Duration.ofMillis(70));
            assertThat(between.get(6)).isBetween(Duration.ofMillis(1_600), Duration.ofMillis(3_220));

            // and in the end as far as they get
            assertThat(between.subList(8, between.size()))
                    .allSatisfy(
                            pause -> assertThat(pause).isBetween(Duration.ofMillis(2_500), Duration.ofMillis(5_020)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_final_entry_is_not_tried_again_and_not_thrown_at_the_user(Pollers poller) {
        try (PollerHarness harness = poller.of(handling).build()) {
            harness.queue().faults().next(Call.DELETE, Fault.answering(Entry.FINAL, 0));
            harness.deliver(messages(2));
            harness.advance(seconds(10));

            assertThat(harness.queue().log().count(Call.DELETE)).isEqualTo(1);
            assertThat(harness.queue().messages()).hasSize(1);
            assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_dead_letter_carries_reason_fork_attempt_time_and_queue(Pollers poller) throws Exception {
        try (PollerHarness harness = poller.of(rejecting).build()) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            JsonNode note = new ObjectMapper().readTree(note(harness));
            assertThat(note.path("reason").textValue())
                    .contains("the list is closed")
                    .contains("message m-1");
            assertThat(note.path("fork").textValue()).isEqualTo("fork");
            assertThat(note.path("attempt").intValue()).isEqualTo(1);
            assertThat(note.path("received").textValue()).isNotEmpty();
            assertThat(note.path("queue").textValue()).isEqualTo(harness.queue().name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_tenth_attribute_leaves_room_for_ours_and_an_eleventh_does_not_exist(Pollers poller) {
        try (PollerHarness harness = poller.of(rejecting).build()) {
            harness.deliver(withAttributes("nine", 9), withAttributes("ten", 10));
            harness.advance(seconds(1));

            // then ours is dropped where the user has ten, and none of the user's is
            assertThat(letter(harness, "nine").attributes().names()).hasSize(10).contains("eventfork");
            assertThat(letter(harness, "ten").attributes().names()).hasSize(10).doesNotContain("eventfork");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_message_of_the_full_size_loses_our_attribute_and_nothing_of_its_own(Pollers poller) {
        String payload = "x".repeat(1_048_576 - 100);
        try (PollerHarness harness = poller.of(rejecting).build()) {
            harness.deliver(Message.raw("signup", payload).messageId("big"));
            harness.advance(seconds(1));

            assertThat(letter(harness, "big").attributes().names()).containsExactly("event");
            assertThat(letter(harness, "big").body()).isEqualTo(payload);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_dead_letter_of_a_fifo_queue_keeps_its_group(Pollers poller) {
        try (PollerHarness harness = poller.of(rejecting).fifo().build()) {
            harness.deliver(signup("m-1").group("g-7"));
            harness.advance(seconds(1));

            assertThat(letter(harness, "m-1").group()).contains("g-7");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 20})
    void a_copy_whose_message_could_not_be_deleted_is_not_sent_a_second_time(Pollers poller) {
        try (PollerHarness harness = poller.of(rejecting).build()) {
            harness.queue().faults().next(Call.DELETE, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(120));

            assertThat(harness.deadLetters()).hasSize(1);
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_copy_that_is_refused_with_our_attribute_is_sent_without_it(Pollers poller) {
        try (PollerHarness harness = poller.of(rejecting).build()) {
            harness.queue().faults().next(Call.DEAD_LETTER, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(letter(harness, "m-1").attributes().names()).doesNotContain("eventfork");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void dead_letters_that_are_larger_than_1_mib_together_go_in_several_batches(Pollers poller) {
        String payload = "x".repeat(600_000);
        try (PollerHarness harness = poller.of(rejecting).build()) {
            harness.deliver(
                    Message.raw("signup", payload), Message.raw("signup", payload), Message.raw("signup", payload));

            // then none of them had to be tried again
            harness.advance(Duration.ofMillis(25));

            assertThat(harness.queue().log().calls())
                    .filteredOn(made -> made.call() == Call.DEAD_LETTER)
                    .extracting(QueueLog.CallMade::entries)
                    .containsExactly(1, 1, 1);
            assertThat(harness.deadLetters()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_dead_letter_that_was_redriven_says_why_anew_though_it_has_ten_attributes(Pollers poller) {
        // given a message with nine attributes of its user and the note of its last time
        Message message = Message.raw("signup", "{}").messageId("m-1").attribute("eventfork", "{\"reason\":\"old\"}");
        for (int i = 1; i < 9; i++) {
            message = message.attribute("a" + i, "v");
        }
        try (PollerHarness harness = poller.of(rejecting).build()) {
            harness.deliver(message);
            harness.advance(seconds(1));

            InMemoryQueue.Item letter = harness.deadLetters().get(0);
            assertThat(letter.attributes().names()).hasSize(10);
            assertThat(letter.attributes().text("eventfork"))
                    .hasValueSatisfying(note -> assertThat(note).contains("the list is closed"));
        }
    }

    // What the queue is now, and not what it was at the start.

    @ParameterizedTest
    @EnumSource
    @Promise({20, 22})
    void a_dead_letter_goes_where_the_queue_says_now(Pollers poller) {
        // given a poller that runs when its queue gets another dead-letter queue
        try (PollerHarness harness = rejecting(poller).build()) {
            harness.advance(seconds(1));
            InMemoryQueue other = InMemoryQueue.named("others", harness.time()).build();
            harness.queue().changeDeadLetterQueue(other, 3);

            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(other.messages()).extracting(InMemoryQueue.Item::from).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 20})
    void where_the_queue_has_no_dead_letter_queue_any_more_a_dead_letter_is_given_back(Pollers poller) {
        try (PollerHarness harness = rejecting(poller).build()) {
            harness.advance(seconds(1));
            harness.queue().removeDeadLetterQueue();

            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.GiveBack(seconds(30)));
            assertThat(harness.queue().messages()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_queue_is_asked_once_for_dead_letters_that_go_together(Pollers poller) {
        try (PollerHarness harness = rejecting(poller).build()) {
            int before = harness.queue().log().count(Call.FACTS);

            Given.deliverTogether(harness, messages(10));
            harness.advance(seconds(1));

            assertThat(harness.deadLetters()).hasSize(10);
            assertThat(entries(harness, Call.DEAD_LETTER)).containsExactly(10);
            assertThat(harness.queue().log().count(Call.FACTS) - before).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_queue_is_asked_once_for_dead_letters_that_come_one_after_another_and_go_together(Pollers poller) {
        // given ten messages of which one after another is rejected, each 2 ms, and a queue that answers within 1 ms
        VirtualRuntime time = VirtualRuntime.handlersOnThreads(1);
        try (PollerHarness harness = poller.of(Given.fork()
                        .on("signup", String.class, event -> {
                            String id = event.delivery().messageId();
                            time.sleep(Duration.ofMillis(2 * Long.parseLong(id.substring(2))));
                            throw new RejectedEventException("the list is closed");
                        })
                        .build())
                .time(time)
                .roundTrip(Duration.ofMillis(1))
                .build()) {
            harness.advance(seconds(1));
            int before = harness.queue().log().count(Call.FACTS);

            Given.deliverTogether(harness, messages(10));
            harness.advance(seconds(1));

            assertThat(harness.deadLetters()).hasSize(10);
            assertThat(entries(harness, Call.DEAD_LETTER)).containsExactly(10);
            assertThat(harness.queue().log().count(Call.FACTS) - before).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_queue_that_does_not_say_where_dead_letters_go_is_believed_to_be_as_it_was(Pollers poller) {
        try (PollerHarness harness = rejecting(poller).build()) {
            harness.queue().faults().always(Call.FACTS, Fault.failing());

            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(harness.deadLetters()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 12, 20})
    void fewer_receives_than_at_the_start_are_known_within_five_minutes_so_that_a_dead_letter_says_why(Pollers poller) {
        // given a queue that hands out a message five times, and then twice
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    throw new IllegalStateException("each time");
                })
                .retry(RetryPolicy.fixed(seconds(1)).withAttempts(5))
                .build();
        try (PollerHarness harness = poller.of(fork).maxReceiveCount(5).build()) {
            harness.queue().changeMaxReceiveCount(2);
            harness.advance(Duration.ofMinutes(6));

            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMinutes(1));

            assertThat(note(harness)).contains("failed at attempt 2 of 2");
            assertThat(harness.queue().log().movedAway()).isEmpty();
        }
    }

    private static PollerHarness.Builder rejecting(Pollers poller) {
        return poller.of(Given.fork()
                .on("signup", String.class, event -> {
                    throw new RejectedEventException("the list is closed");
                })
                .build());
    }

    private static Message withAttributes(String messageId, int count) {
        Message message = Message.raw("signup", "{}").messageId(messageId);
        for (int i = 1; i < count; i++) {
            message = message.attribute("a" + i, "v");
        }
        return message;
    }

    private static InMemoryQueue.Item letter(PollerHarness harness, String messageId) {
        return harness.deadLetters().stream()
                .filter(item -> item.from().equals(messageId))
                .findFirst()
                .orElseThrow();
    }

    private static String note(PollerHarness harness) {
        return harness.queue().log().deadLetters().get(0).note().orElseThrow();
    }

    private static List<Integer> entries(PollerHarness harness, Call call) {
        return entries(harness.queue(), call);
    }

    private static List<Integer> entries(InMemoryQueue queue, Call call) {
        return queue.log().calls().stream()
                .filter(made -> made.call() == call)
                .map(QueueLog.CallMade::entries)
                .toList();
    }

    private static Message[] messages(int count) {
        return IntStream.range(0, count).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new);
    }
}
