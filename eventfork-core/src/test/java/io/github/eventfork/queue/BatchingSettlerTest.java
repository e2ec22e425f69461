package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Delivery;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** On a queue with a visibility timeout of 30 s, 3 receives and a dead-letter queue. */
class BatchingSettlerTest {

    private static final Settlement.Acknowledge DONE = new Settlement.Acknowledge();
    private static final Settlement.DeadLetter HOPELESS = new Settlement.DeadLetter("why", "fork", 3);
    private static final Duration LINGER = Duration.ofMillis(20);

    private final ManualRuntime runtime = new ManualRuntime();
    private final List<String> deletes = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Copy> copies = new ArrayList<>();
    private Entry deleted = Entry.DONE;
    private Entry copied = Entry.DONE;
    private final BatchingSettler settler = new BatchingSettler(
            new ScriptedQueue(
                    receipts -> answering(deletes, deleted, receipts),
                    asked -> answering(changes, Entry.DONE, asked),
                    asked -> answering(copies, copied, asked)),
            runtime);

    @Test
    void what_is_acknowledged_is_deleted_and_stands_when_that_is_done() {
        CompletableFuture<Settlement> standing = settle(DONE);
        assertThat(standing).isNotDone();

        runtime.advance(LINGER);

        assertThat(deletes).containsExactly("receipt");
        assertThat(standing).isCompletedWithValue(DONE);
    }

    @Test
    void what_the_queue_refuses_for_good_is_unknown() {
        deleted = Entry.FINAL;
        CompletableFuture<Settlement> standing = settle(DONE);

        runtime.advance(LINGER);

        assertThatThrownBy(standing::join)
                .hasRootCauseMessage("the queue refused it for good; its receipt may be spent");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0",
        "PT0.000000001S, 1",
        "PT1S, 1",
        "PT1.5S, 2",
        "PT11H59M59.5S, 43200",
        "PT12H, 43200",
        "PT13H, 43200",
        "PT2562047788015215H30M7.999999999S, 43200",
        "PT-0.5S, 0",
        "PT-3S, 0",
        "PT-2562047788015215H-30M-8S, 0"
    })
    void what_is_given_back_is_hidden_for_its_delay_in_whole_seconds(Duration delay, long seconds) {
        Settlement back = new Settlement.GiveBack(delay);
        CompletableFuture<Settlement> standing = settle(back);

        runtime.advance(LINGER);

        assertThat(changes).containsExactly(new Change("receipt", Duration.ofSeconds(seconds)));
        assertThat(standing).isCompletedWithValue(back);
    }

    @Test
    void what_is_tried_again_in_hand_is_not_settled() {
        assertThat(settle(new Settlement.TryAgain(Duration.ZERO))).isCompletedExceptionally();
    }

    @Test
    void a_dead_letter_is_sent_with_its_note_and_deleted_when_its_copy_stands() {
        CompletableFuture<Settlement> standing = settle(HOPELESS);

        runtime.advance(LINGER);
        assertThat(copies)
                .singleElement()
                .satisfies(copy -> assertThat(copy.note()).isPresent());
        assertThat(deletes).isEmpty();

        runtime.advance(LINGER);
        assertThat(deletes).containsExactly("receipt");
        assertThat(standing).isCompletedWithValue(HOPELESS);
    }

    @Test
    void a_copy_that_is_refused_is_tried_without_the_note_and_then_held_back_for_the_visibility_timeout() {
        copied = Entry.FINAL;
        CompletableFuture<Settlement> standing = settle(HOPELESS);

        runtime.advance(LINGER.multipliedBy(3));

        assertThat(copies).extracting(copy -> copy.note().isPresent()).containsExactly(true, false);
        assertThat(deletes).isEmpty();
        assertThat(changes).containsExactly(new Change("receipt", Duration.ofSeconds(30)));
        assertThat(standing).isCompletedWithValue(new Settlement.GiveBack(Duration.ofSeconds(30)));
    }

    @Test
    void a_copy_that_is_never_answered_is_held_back_too() {
        copied = Entry.RETRIABLE;
        CompletableFuture<Settlement> standing = settle(HOPELESS);

        runtime.advance(Duration.ofMinutes(2));

        assertThat(standing).isCompletedWithValue(new Settlement.GiveBack(Duration.ofSeconds(30)));
    }

    @Test
    void a_copy_whose_message_could_not_be_deleted_is_not_sent_again_until_it_could() {
        // given a copy that stands, and a delete that is refused
        deleted = Entry.FINAL;
        CompletableFuture<Settlement> first = settle(HOPELESS);
        runtime.advance(LINGER.multipliedBy(2));
        assertThat(first).isCompletedWithValue(HOPELESS);

        // when it is seen again, then it is deleted only
        deleted = Entry.DONE;
        settle(HOPELESS);
        runtime.advance(LINGER.multipliedBy(2));
        assertThat(copies).hasSize(1);
        assertThat(deletes).hasSize(2);

        // and if it were sent back there by hand, it would be copied again
        settle(HOPELESS);
        runtime.advance(LINGER.multipliedBy(2));
        assertThat(copies).hasSize(2);
    }

    @Test
    void a_flush_sends_each_kind_at_once_and_ends_when_all_that_was_asked_before_it_stands() {
        CompletableFuture<Settlement> one = settle(DONE);
        CompletableFuture<Settlement> two = settle(new Settlement.GiveBack(Duration.ZERO));
        CompletableFuture<Settlement> three = settle(HOPELESS);

        CompletableFuture<Void> flushed = settler.flush().toCompletableFuture();

        assertThat(List.of(one, two, three))
                .allSatisfy(standing -> assertThat(standing).isCompleted());
        assertThat(flushed).isCompleted();
    }

    @ParameterizedTest
    @MethodSource("settlements")
    void a_flush_sends_one_kind_alone_too(Settlement settlement) {
        CompletableFuture<Settlement> standing = settle(settlement);

        settler.flush();

        assertThat(standing).isCompletedWithValue(settlement);
    }

    static Stream<Settlement> settlements() {
        return Stream.of(DONE, new Settlement.GiveBack(Duration.ZERO), HOPELESS);
    }

    @Test
    void a_flush_waits_for_what_the_queue_has_not_answered() {
        copied = Entry.RETRIABLE;
        settle(HOPELESS);

        CompletableFuture<Void> flushed = settler.flush().toCompletableFuture();
        assertThat(flushed).isNotDone();

        copied = Entry.DONE;
        runtime.advance(Duration.ofSeconds(1));
        assertThat(flushed).isCompleted();
    }

    @Test
    void how_often_the_queue_hands_a_message_out_is_asked_for_when_somebody_wants_to_know() {
        assertThat(settler.maxReceiveCount(delivery())).hasValue(3);
    }

    @Test
    void a_copy_that_stands_is_not_sent_again_while_its_message_is_being_deleted() {
        // given a delete that is to be tried again
        deleted = Entry.RETRIABLE;
        settle(HOPELESS);
        runtime.advance(LINGER.multipliedBy(2));
        assertThat(copies).hasSize(1);

        // when another invocation settles the same message
        CompletableFuture<Settlement> second = settle(HOPELESS);
        deleted = Entry.DONE;
        runtime.advance(Duration.ofSeconds(1));

        assertThat(copies).hasSize(1);
        assertThat(second).isCompletedWithValue(HOPELESS);
    }

    private CompletableFuture<Settlement> settle(Settlement settlement) {
        return settler.settle(delivery(), settlement).toCompletableFuture();
    }

    private static Delivery delivery() {
        return Delivery.of("orders", "m-1", "{}").receipt("receipt").build();
    }

    private static <T> CompletionStage<List<Entry>> answering(List<T> notes, Entry entry, List<T> asked) {
        notes.addAll(asked);
        return CompletableFuture.completedFuture(Collections.nCopies(asked.size(), entry));
    }
}
