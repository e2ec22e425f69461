package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Settlements go in batches; what an answer leaves open is tried again; a dead letter says why. */
@Promise(20)
class BatchesTest {

    private final Fork handling =
            Given.fork().on("signup", String.class, event -> {}).build();
    private final Fork rejecting = Given.fork()
            .on("signup", String.class, event -> {
                throw new RejectedEventException("the list is closed");
            })
            .build();

    @Test
    void deletes_go_in_batches_of_up_to_ten() {
        try (PollerHarness harness =
                ForkHarness.poller(handling).concurrency(25).build()) {
            harness.deliver(messages(25));
            harness.advance(seconds(1));

            assertThat(entries(harness, Call.DELETE)).containsExactly(10, 10, 5);
        }
    }

    @Test
    void retriable_entries_and_entries_missing_from_an_answer_are_tried_again() {
        try (PollerHarness harness = ForkHarness.poller(handling).build()) {
            harness.queue()
                    .faults()
                    .next(Call.DELETE, Fault.answering(Entry.RETRIABLE, 0, 1), Fault.leavingOut(1), Fault.failing());
            harness.deliver(messages(10));
            harness.advance(seconds(10));

            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.timeline().started()).hasSize(10).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_final_entry_is_not_tried_again_and_not_thrown_at_the_user() {
        try (PollerHarness harness = ForkHarness.poller(handling).build()) {
            harness.queue().faults().next(Call.DELETE, Fault.answering(Entry.FINAL, 0));
            harness.deliver(messages(2));
            harness.advance(seconds(10));

            assertThat(harness.queue().log().count(Call.DELETE)).isEqualTo(1);
            assertThat(harness.queue().messages()).hasSize(1);
            assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
        }
    }

    @Test
    void a_dead_letter_carries_reason_fork_attempt_time_and_queue() throws Exception {
        try (PollerHarness harness = ForkHarness.poller(rejecting).build()) {
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

    @Test
    void a_tenth_attribute_leaves_room_for_ours_and_an_eleventh_does_not_exist() {
        try (PollerHarness harness = ForkHarness.poller(rejecting).build()) {
            harness.deliver(withAttributes("nine", 9), withAttributes("ten", 10));
            harness.advance(seconds(1));

            // then ours is dropped where the user has ten, and none of the user's is
            assertThat(letter(harness, "nine").attributes().names()).hasSize(10).contains("eventfork");
            assertThat(letter(harness, "ten").attributes().names()).hasSize(10).doesNotContain("eventfork");
        }
    }

    @Test
    void a_message_of_the_full_size_loses_our_attribute_and_nothing_of_its_own() {
        String payload = "x".repeat(1_048_576 - 100);
        try (PollerHarness harness = ForkHarness.poller(rejecting).build()) {
            harness.deliver(Message.raw("signup", payload).messageId("big"));
            harness.advance(seconds(1));

            assertThat(letter(harness, "big").attributes().names()).containsExactly("event");
            assertThat(letter(harness, "big").body()).isEqualTo(payload);
        }
    }

    @Test
    void a_dead_letter_of_a_fifo_queue_keeps_its_group() {
        try (PollerHarness harness = ForkHarness.poller(rejecting).fifo().build()) {
            harness.deliver(signup("m-1").group("g-7"));
            harness.advance(seconds(1));

            assertThat(letter(harness, "m-1").group()).contains("g-7");
        }
    }

    @Test
    @Promise({1, 20})
    void a_copy_whose_message_could_not_be_deleted_is_not_sent_a_second_time() {
        try (PollerHarness harness = ForkHarness.poller(rejecting).build()) {
            harness.queue().faults().next(Call.DELETE, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(120));

            assertThat(harness.deadLetters()).hasSize(1);
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    void a_batch_of_dead_letters_is_at_most_1_mib() {
        try (PollerHarness harness = ForkHarness.poller(rejecting).build()) {
            String payload = "x".repeat(400_000);
            for (int i = 0; i < 5; i++) {
                harness.queue().send(Message.raw("signup", payload).messageId("m-" + i));
            }
            harness.advance(seconds(5));

            assertThat(harness.deadLetters()).hasSize(5);
            assertThat(entries(harness, Call.DEAD_LETTER)).allMatch(size -> size <= 2);
        }
    }

    @Test
    void a_copy_that_is_refused_with_our_attribute_is_sent_without_it() {
        try (PollerHarness harness = ForkHarness.poller(rejecting).build()) {
            harness.queue().faults().next(Call.DEAD_LETTER, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(letter(harness, "m-1").attributes().names()).doesNotContain("eventfork");
            assertThat(harness.queue().messages()).isEmpty();
        }
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
        return harness.queue().log().calls().stream()
                .filter(made -> made.call() == call)
                .map(QueueLog.CallMade::entries)
                .toList();
    }

    private static Message[] messages(int count) {
        return IntStream.range(0, count).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new);
    }
}
