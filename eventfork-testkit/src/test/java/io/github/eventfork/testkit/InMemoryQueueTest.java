package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Delivery;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.InMemoryQueue.Item;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryQueueTest {

    private static final Duration VISIBILITY = Duration.ofSeconds(30);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final VirtualRuntime time = VirtualRuntime.seeded(1);
    private final InMemoryQueue letters =
            InMemoryQueue.named("orders-dlq", time).build();
    private final InMemoryQueue queue = InMemoryQueue.named("orders", time)
            .visibilityTimeout(VISIBILITY)
            .deadLetterQueue(letters, 2)
            .build();
    private final InMemoryQueue fifo = InMemoryQueue.named("orders.fifo", time)
            .visibilityTimeout(VISIBILITY)
            .build();

    private static Message message(String id) {
        return Message.raw("signup", "{}").messageId(id).group("g");
    }

    private <T> T done(CompletionStage<T> stage) {
        try {
            return time.await(stage, Duration.ofMinutes(1));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private List<Delivery> receive(InMemoryQueue from, int most) {
        return done(from.receive(Receive.of(most, Duration.ZERO)));
    }

    private List<String> receivedIds(InMemoryQueue from, int most) {
        return receive(from, most).stream().map(Delivery::messageId).toList();
    }

    private Delivery only(InMemoryQueue from) {
        List<Delivery> all = receive(from, 10);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private Entry delete(InMemoryQueue from, String receipt) {
        return done(from.delete(List.of(receipt))).get(0);
    }

    private Entry hide(InMemoryQueue from, String receipt, Duration timeout) {
        return done(from.changeVisibility(List.of(new Change(receipt, timeout))))
                .get(0);
    }

    private InMemoryQueue queue(String kind) {
        return kind.equals("standard") ? queue : fifo;
    }

    // Receiving.

    @Test
    void a_received_message_is_invisible_for_the_visibility_timeout() {
        // given
        queue.send(message("m-1"));
        receive(queue, 1);

        // when
        time.advance(VISIBILITY.minusNanos(1));
        List<String> before = receivedIds(queue, 1);
        time.advance(Duration.ofNanos(1));

        // then
        assertThat(before).isEmpty();
        assertThat(receivedIds(queue, 1)).containsExactly("m-1");
    }

    @Test
    void times_that_no_queue_has_are_refused() {
        InMemoryQueue.Builder builder = InMemoryQueue.named("orders", time);
        Duration forEver = ChronoUnit.FOREVER.getDuration();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.visibilityTimeout(forEver))
                .withMessage("a visibility timeout is 0 to 12 h, was " + forEver);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.delay(Duration.ofMinutes(16)))
                .withMessage("a queue's delay is 0 to 15 min, was PT16M");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.roundTrip(Duration.ofNanos(-1)))
                .withMessage("a round trip takes 0 to 12 h, was PT-0.000000001S");
    }

    @Test
    void each_receive_counts_and_has_a_receipt_of_its_own() {
        // given
        queue.send(message("m-1"));
        Delivery first = only(queue);
        time.advance(VISIBILITY);

        // when
        Delivery second = only(queue);

        // then
        assertThat(List.of(first.receiveCount(), second.receiveCount())).containsExactly(1, 2);
        assertThat(second.receipt()).isNotEqualTo(first.receipt());
        assertThat(second.firstReceived()).isEqualTo(first.firstReceived());
    }

    @Test
    void a_receive_takes_at_most_what_was_asked_for_in_order() {
        // given
        IntStream.range(0, 5).forEach(i -> queue.send(message("m-" + i)));

        // then
        assertThat(receivedIds(queue, 3)).containsExactly("m-0", "m-1", "m-2");
        assertThat(receivedIds(queue, 10)).containsExactly("m-3", "m-4");
    }

    @Test
    void a_long_poll_waits_for_a_message() {
        // given
        CompletableFuture<List<Delivery>> poll =
                queue.receive(Receive.of(10, Duration.ofSeconds(20))).toCompletableFuture();
        time.advance(Duration.ofSeconds(5));
        boolean before = poll.isDone();

        // when
        queue.send(message("m-1"));
        time.runUntilIdle();

        // then
        assertThat(before).isFalse();
        assertThat(poll.join()).extracting(Delivery::messageId).containsExactly("m-1");
    }

    @Test
    void a_long_poll_finds_a_message_whose_visibility_timeout_ends() {
        // given
        queue.send(message("m-1"));
        receive(queue, 1);
        time.advance(Duration.ofSeconds(20));

        // when
        CompletableFuture<List<Delivery>> poll =
                queue.receive(Receive.of(10, Duration.ofSeconds(20))).toCompletableFuture();
        time.advance(Duration.ofSeconds(10));

        // then
        assertThat(poll.join()).extracting(Delivery::messageId).containsExactly("m-1");
    }

    @Test
    void a_long_poll_ends_empty_when_its_wait_is_over() {
        // given
        CompletableFuture<List<Delivery>> poll =
                queue.receive(Receive.of(10, Duration.ofSeconds(20))).toCompletableFuture();

        // when
        time.advance(Duration.ofSeconds(20).minusNanos(1));
        boolean before = poll.isDone();
        time.advance(Duration.ofNanos(1));

        // then
        assertThat(before).isFalse();
        assertThat(poll.join()).isEmpty();
        assertThat(queue.log().receives())
                .containsExactly(new QueueLog.Receive(
                        Duration.ofSeconds(20),
                        10,
                        Duration.ofSeconds(20),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()));
    }

    @Test
    void answers_never_come_inside_the_call() {
        // given
        queue.send(message("m-1"));

        // then
        assertThat(queue.receive(Receive.of(1, Duration.ZERO)).toCompletableFuture())
                .isNotDone();
    }

    @Test
    void a_round_trip_takes_its_time() {
        // given
        InMemoryQueue far = InMemoryQueue.named("far", time)
                .roundTrip(Duration.ofMillis(15))
                .build();

        // when
        done(far.facts());

        // then
        assertThat(time.elapsed()).isEqualTo(Duration.ofMillis(15).dividedBy(2).multipliedBy(2));
    }

    @Test
    void a_delayed_message_is_invisible_at_first() {
        // given
        InMemoryQueue slow = InMemoryQueue.named("slow", time).delay(TICK).build();
        slow.send(message("m-1"));

        // when
        List<String> before = receivedIds(slow, 1);
        time.advance(TICK);

        // then
        assertThat(before).isEmpty();
        assertThat(receivedIds(slow, 1)).containsExactly("m-1");
    }

    @Test
    void a_message_sent_twice_comes_twice_with_one_id() {
        // given
        queue.sendTwice(message("m-1"));

        // when
        List<Delivery> both = receive(queue, 10);

        // then
        assertThat(both).extracting(Delivery::messageId).containsExactly("m-1", "m-1");
        assertThat(both.get(0).receipt()).isNotEqualTo(both.get(1).receipt());
    }

    @Test
    void what_a_fifo_queue_has_seen_already_does_not_come_by_being_sent_twice() {
        // given
        InMemoryQueue fifo = InMemoryQueue.named("orders.fifo", time).build();
        Message message = message("m-1").group("g").deduplicationId("once");
        fifo.sendTwice(message);

        // when
        fifo.sendTwice(message.messageId("m-2"));

        // then
        assertThat(fifo.messages()).extracting(InMemoryQueue.Item::messageId).containsExactly("m-1", "m-1");
    }

    @Test
    void two_messages_sent_out_of_order_always_come_in_another() {
        for (int i = 0; i < 20; i++) {
            // given
            String first = "first-" + i;
            String second = "second-" + i;

            // when
            List<String> ids = queue.sendOutOfOrder(message(first), message(second));

            // then
            assertThat(ids).containsExactly(first, second);
            assertThat(receivedIds(queue, 10)).containsExactly(second, first);
        }
    }

    @Test
    void one_message_has_no_other_order() {
        assertThat(queue.sendOutOfOrder(message("m-1"))).containsExactly("m-1");
        assertThat(receivedIds(queue, 10)).containsExactly("m-1");
    }

    // The table of what receipts do.

    @ParameterizedTest
    @ValueSource(strings = {"standard", "fifo"})
    void a_receipt_in_time_deletes_and_deletes_again(String kind) {
        // given
        queue(kind).send(message("m-1"));
        Delivery delivery = only(queue(kind));

        // then
        assertThat(delete(queue(kind), delivery.receipt())).isEqualTo(Entry.DONE);
        assertThat(delete(queue(kind), delivery.receipt())).isEqualTo(Entry.DONE);
        assertThat(queue(kind).messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "fifo"})
    void a_garbage_receipt_does_nothing(String kind) {
        assertThat(delete(queue(kind), "garbage")).isEqualTo(Entry.FINAL);
        assertThat(hide(queue(kind), "garbage", TICK)).isEqualTo(Entry.FINAL);
    }

    @ParameterizedTest
    @CsvSource({"standard, DONE, 0", "fifo, FINAL, 1"})
    void a_receipt_that_expired_still_deletes_on_a_standard_queue_only(String kind, Entry answer, int left) {
        // given
        queue(kind).send(message("m-1"));
        Delivery delivery = only(queue(kind));
        time.advance(VISIBILITY);

        // then
        assertThat(delete(queue(kind), delivery.receipt())).isEqualTo(answer);
        assertThat(queue(kind).messages()).hasSize(left);
    }

    @ParameterizedTest
    @CsvSource({"standard, DONE", "fifo, FINAL"})
    void a_receipt_of_an_earlier_receive_deletes_nothing(String kind, Entry answer) {
        // given
        queue(kind).send(message("m-1"));
        Delivery earlier = only(queue(kind));
        time.advance(VISIBILITY);
        only(queue(kind));

        // then
        assertThat(delete(queue(kind), earlier.receipt())).isEqualTo(answer);
        assertThat(queue(kind).messages()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"standard, DONE", "fifo, FINAL"})
    void a_receipt_that_expired_changes_no_visibility(String kind, Entry answer) {
        // given
        queue(kind).send(message("m-1"));
        Delivery delivery = only(queue(kind));
        time.advance(VISIBILITY);

        // then
        assertThat(hide(queue(kind), delivery.receipt(), VISIBILITY)).isEqualTo(answer);
        assertThat(queue(kind).messages()).extracting(Item::visible).containsExactly(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "fifo"})
    void a_deleted_message_has_no_visibility_to_change(String kind) {
        // given
        queue(kind).send(message("m-1"));
        Delivery delivery = only(queue(kind));
        delete(queue(kind), delivery.receipt());

        // then
        assertThat(hide(queue(kind), delivery.receipt(), TICK)).isEqualTo(Entry.FINAL);
    }

    @Test
    void a_visibility_timeout_counts_from_its_change() {
        // given
        queue.send(message("m-1"));
        Delivery delivery = only(queue);
        time.advance(Duration.ofSeconds(20));

        // when
        hide(queue, delivery.receipt(), VISIBILITY);
        time.advance(VISIBILITY.minus(TICK));
        List<String> before = receivedIds(queue, 1);
        time.advance(TICK);

        // then
        assertThat(before).isEmpty();
        assertThat(receivedIds(queue, 1)).containsExactly("m-1");
    }

    @Test
    void a_timeout_of_zero_makes_a_message_visible_at_once() {
        // given
        queue.send(message("m-1"));

        // when
        hide(queue, only(queue).receipt(), Duration.ZERO);

        // then
        assertThat(receivedIds(queue, 1)).containsExactly("m-1");
    }

    @Test
    void a_message_is_kept_for_twelve_hours_from_its_receive_and_no_longer() {
        // given
        queue.send(message("m-1"));
        Delivery delivery = only(queue);
        time.advance(TICK);

        // then
        assertThat(hide(queue, delivery.receipt(), Duration.ofHours(12))).isEqualTo(Entry.FINAL);
        assertThat(hide(queue, delivery.receipt(), Duration.ofHours(12).minus(TICK)))
                .isEqualTo(Entry.DONE);
    }

    // Groups.

    @Test
    void a_group_comes_in_order_and_several_at_once() {
        // given
        IntStream.range(0, 3).forEach(i -> fifo.send(message("m-" + i)));

        // then
        assertThat(receivedIds(fifo, 10)).containsExactly("m-0", "m-1", "m-2");
    }

    @Test
    void a_group_with_an_invisible_message_gives_out_nothing_and_others_do() {
        // given
        fifo.send(message("m-0"));
        fifo.send(message("m-1"));
        fifo.send(message("m-2").group("other"));
        receive(fifo, 1);

        // then
        assertThat(receivedIds(fifo, 10)).containsExactly("m-2");
    }

    @Test
    void a_group_goes_on_when_its_invisible_message_is_deleted() {
        // given
        fifo.send(message("m-0"));
        fifo.send(message("m-1"));
        Delivery head = receive(fifo, 1).get(0);

        // when
        delete(fifo, head.receipt());

        // then
        assertThat(receivedIds(fifo, 10)).containsExactly("m-1");
    }

    @Test
    void a_message_given_back_comes_before_its_followers_again() {
        // given
        IntStream.range(0, 3).forEach(i -> fifo.send(message("m-" + i)));
        List<Delivery> all = receive(fifo, 2);

        // when the follower is given back first
        hide(fifo, all.get(1).receipt(), Duration.ZERO);
        List<String> between = receivedIds(fifo, 10);
        hide(fifo, all.get(0).receipt(), Duration.ZERO);

        // then
        assertThat(between).isEmpty();
        assertThat(receivedIds(fifo, 10)).containsExactly("m-0", "m-1", "m-2");
    }

    @Test
    void a_group_on_a_standard_queue_blocks_nothing() {
        // given
        queue.send(message("m-0"));
        queue.send(message("m-1"));
        receive(queue, 1);

        // then
        assertThat(receive(queue, 10)).extracting(Delivery::group).containsExactly(Optional.of("g"));
    }

    @Test
    void a_deduplication_id_is_taken_once_in_five_minutes() {
        // given
        fifo.send(message("m-0").deduplicationId("d"));
        fifo.send(message("m-1").deduplicationId("d"));

        // when
        time.advance(Duration.ofMinutes(5));
        fifo.send(message("m-2").deduplicationId("d"));

        // then
        assertThat(fifo.messages()).extracting(Item::messageId).containsExactly("m-0", "m-2");
    }

    // Dead letters.

    @Test
    void a_message_is_moved_away_at_the_receive_after_its_last() {
        // given
        queue.send(message("m-1").attribute("plan", "pro"));
        only(queue);
        time.advance(VISIBILITY);
        only(queue);
        time.advance(VISIBILITY);
        List<Item> before = letters.messages();

        // when
        List<String> third = receivedIds(queue, 1);

        // then
        assertThat(before).isEmpty();
        assertThat(third).isEmpty();
        assertThat(queue.messages()).isEmpty();
        Delivery letter = only(letters);
        assertThat(letter.messageId()).isEqualTo("m-1");
        assertThat(letter.attributes().text("plan")).contains("pro");
        assertThat(letter.receiveCount()).isEqualTo(3);
        assertThat(queue.log().movedAway()).containsExactly("m-1");
    }

    @Test
    void a_copy_to_the_dead_letter_queue_says_why_and_leaves_the_message() {
        // given
        queue.send(message("m-1"));
        Delivery delivery = only(queue);

        // when
        List<Entry> answer = done(queue.deadLetter(List.of(new Copy(delivery, Optional.of("because")))));

        // then
        assertThat(answer).containsExactly(Entry.DONE);
        assertThat(queue.messages()).hasSize(1);
        assertThat(letters.messages()).singleElement().satisfies(letter -> {
            assertThat(letter.from()).isEqualTo("m-1");
            assertThat(letter.attributes().text("eventfork")).contains("because");
            assertThat(letter.attributes().text("event")).contains("signup");
            assertThat(letter.group()).contains("g");
        });
    }

    @Test
    void without_a_dead_letter_queue_there_is_no_copy() {
        // given
        fifo.send(message("m-1"));
        Delivery delivery = only(fifo);

        // then
        assertThat(done(fifo.deadLetter(List.of(new Copy(delivery, Optional.empty())))))
                .containsExactly(Entry.FINAL);
    }

    @Test
    void redrive_moves_dead_letters_back_with_new_ids_and_counts() {
        // given
        queue.send(message("m-x"));
        only(queue);
        time.advance(VISIBILITY);
        only(queue);
        time.advance(VISIBILITY);
        receive(queue, 1);

        // when
        int moved = queue.redrive();

        // then
        assertThat(moved).isEqualTo(1);
        assertThat(letters.messages()).isEmpty();
        Delivery again = only(queue);
        assertThat(again.messageId()).isNotEqualTo("m-x");
        assertThat(again.receiveCount()).isEqualTo(1);
    }

    // What a receive may ask for.

    private static Receive asking(Duration visibility) {
        return new Receive(10, Duration.ZERO, Optional.of(visibility), Optional.empty());
    }

    private static Receive attempt(String id) {
        return new Receive(10, Duration.ZERO, Optional.empty(), Optional.of(id));
    }

    private List<String> receipts(Receive asked) {
        return done(fifo.receive(asked)).stream().map(Delivery::receipt).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "fifo"})
    void a_receive_may_ask_for_a_visibility_timeout(String kind) {
        // given
        InMemoryQueue from = queue(kind);
        from.send(message("m-1"));

        // when
        done(from.receive(asking(Duration.ofSeconds(50))));
        time.advance(Duration.ofSeconds(49));
        List<String> before = receivedIds(from, 1);
        time.advance(TICK);

        // then
        assertThat(before).isEmpty();
        assertThat(receivedIds(from, 1)).containsExactly("m-1");
        assertThat(from.log().receives())
                .extracting(QueueLog.Receive::visibilityTimeout)
                .startsWith(Optional.of(Duration.ofSeconds(50)), Optional.empty());
    }

    @Test
    void a_poll_that_waits_asks_for_it_from_when_the_message_is_handed_out() {
        // given
        CompletionStage<List<Delivery>> poll = queue.receive(
                new Receive(1, Duration.ofSeconds(20), Optional.of(Duration.ofSeconds(5)), Optional.empty()));
        time.advance(Duration.ofSeconds(10));
        queue.send(message("m-1"));
        assertThat(done(poll)).hasSize(1);

        // then
        time.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(receivedIds(queue, 1)).isEmpty();
        time.advance(Duration.ofNanos(1));
        assertThat(receivedIds(queue, 1)).containsExactly("m-1");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_500, 43_201_000})
    void a_visibility_timeout_that_a_receive_may_not_ask_for_is_refused_loudly(long millis) {
        assertThatThrownBy(() -> queue.receive(asking(Duration.ofMillis(millis))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_same_attempt_brings_the_same_messages_with_the_same_receipts() {
        // given
        fifo.send(message("m-1"));
        fifo.send(message("m-2"));
        List<Delivery> first = done(fifo.receive(attempt("a")));
        time.advance(TICK);

        // when
        List<Delivery> again = done(fifo.receive(attempt("a")));

        // then
        assertThat(again).hasSize(2).isEqualTo(first);
        assertThat(again).extracting(Delivery::receiveCount).containsOnly(1);
        assertThat(fifo.messages()).extracting(Item::receives).containsOnly(1);
        assertThat(receipts(attempt("b"))).isEmpty();
    }

    @Test
    void the_same_attempt_makes_them_invisible_anew_for_what_it_asks() {
        // given
        fifo.send(message("m-1"));
        done(fifo.receive(attempt("a")));
        time.advance(Duration.ofSeconds(20));

        // when
        done(fifo.receive(new Receive(10, Duration.ZERO, Optional.of(Duration.ofSeconds(100)), Optional.of("a"))));

        // then
        time.advance(Duration.ofSeconds(100).minusNanos(1));
        assertThat(receivedIds(fifo, 1)).isEmpty();
        time.advance(Duration.ofNanos(1));
        assertThat(receivedIds(fifo, 1)).containsExactly("m-1");
    }

    @Test
    void the_timeline_tells_that_a_message_was_received_by_the_same_attempt_again() {
        // given
        List<String> told = new ArrayList<>();
        fifo.send(message("m-1"));
        fifo.log().observe((messageId, step) -> told.add(step.toString()));

        // when
        done(fifo.receive(attempt("a")));
        done(fifo.receive(attempt("a")));

        // then
        assertThat(told).containsExactly("received (1)", "received (1) by the same attempt again");
        assertThat(fifo.log().receives())
                .extracting(QueueLog.Receive::attempt)
                .containsExactly(Optional.of("a"), Optional.of("a"));
    }

    @Test
    void after_five_minutes_the_same_attempt_is_another() {
        // given
        fifo.send(message("m-1"));
        Receive asked = new Receive(10, Duration.ZERO, Optional.of(Duration.ofMinutes(20)), Optional.of("a"));
        List<String> first = receipts(asked);

        // when
        time.advance(Duration.ofMinutes(5).minusNanos(1));
        List<String> within = receipts(asked);
        time.advance(Duration.ofNanos(1));

        // then
        assertThat(within).isEqualTo(first);
        assertThat(receipts(asked)).isEmpty();
    }

    @Test
    void once_a_message_of_it_was_deleted_the_same_attempt_is_another() {
        // given
        fifo.send(message("m-1"));
        fifo.send(message("m-2"));
        List<String> first = receipts(attempt("a"));
        delete(fifo, first.get(0));

        // then
        assertThat(receipts(attempt("a"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {30, 60})
    void once_a_message_of_it_was_hidden_otherwise_the_same_attempt_is_another(long seconds) {
        // given
        fifo.send(message("m-1"));
        fifo.send(message("m-2"));
        List<String> first = receipts(attempt("a"));
        hide(fifo, first.get(1), Duration.ofSeconds(seconds));

        // then
        assertThat(receipts(attempt("a"))).isEmpty();
    }

    @Test
    void once_its_messages_are_visible_the_same_attempt_is_another() {
        // given
        fifo.send(message("m-1"));
        Delivery first = done(fifo.receive(attempt("a"))).get(0);
        time.advance(VISIBILITY);

        // when
        Delivery second = done(fifo.receive(attempt("a"))).get(0);

        // then
        assertThat(second.receiveCount()).isEqualTo(2);
        assertThat(second.receipt()).isNotEqualTo(first.receipt());
    }

    @Test
    void once_its_messages_were_received_by_another_the_same_attempt_is_another() {
        // given a message that was given back at once, and is invisible for as long by another receive
        fifo.send(message("m-1"));
        hide(fifo, receipts(attempt("a")).get(0), Duration.ZERO);
        assertThat(receipts(attempt("b"))).hasSize(1);

        // then
        assertThat(receipts(attempt("a"))).isEmpty();
    }

    @Test
    void an_attempt_that_brought_nothing_may_bring_something_later() {
        // given
        assertThat(receipts(attempt("a"))).isEmpty();
        fifo.send(message("m-1"));

        // then
        assertThat(receipts(attempt("a"))).hasSize(1);
    }

    @Test
    void a_lost_answer_is_brought_by_the_same_attempt() {
        // given
        fifo.send(message("m-1"));
        fifo.faults().next(Call.RECEIVE, Fault.lost());
        CompletionStage<?> lost = fifo.receive(attempt("a"));
        time.runUntilIdle();

        // then
        assertThat(lost.toCompletableFuture()).isCompletedExceptionally();
        assertThat(done(fifo.receive(attempt("a"))))
                .extracting(Delivery::messageId)
                .containsExactly("m-1");
    }

    @Test
    void a_standard_queue_refuses_an_attempt_id() {
        assertThatThrownBy(() -> queue.receive(attempt("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("InvalidParameterValue")
                .hasMessageContaining("ReceiveRequestAttemptId");
    }

    // Settings that change.

    @Test
    void a_changed_visibility_timeout_is_that_of_later_receives() {
        // given
        queue.send(message("m-1"));
        queue.send(message("m-2"));
        receive(queue, 1);

        // when
        queue.changeVisibilityTimeout(Duration.ofSeconds(2));
        receive(queue, 1);
        time.advance(Duration.ofSeconds(2));

        // then
        assertThat(receivedIds(queue, 10)).containsExactly("m-2");
        assertThat(done(queue.facts()).visibilityTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void a_changed_count_decides_at_the_next_receive() {
        // given a message at the last of its two receives
        queue.send(message("m-1"));
        receive(queue, 1);
        time.advance(VISIBILITY);
        receive(queue, 1);
        time.advance(VISIBILITY);

        // when
        queue.changeMaxReceiveCount(3);

        // then
        assertThat(only(queue).receiveCount()).isEqualTo(3);
        assertThat(done(queue.facts()).maxReceiveCount()).hasValue(3);
    }

    @Test
    void a_changed_dead_letter_queue_takes_the_dead_letters_from_then_on() {
        // given
        InMemoryQueue other = InMemoryQueue.named("other-dlq", time).build();
        queue.send(message("m-1"));
        queue.send(message("m-2"));
        List<Delivery> all = receive(queue, 2);
        done(queue.deadLetter(List.of(new Copy(all.get(0), Optional.empty()))));

        // when
        queue.changeDeadLetterQueue(other, 2);
        done(queue.deadLetter(List.of(new Copy(all.get(1), Optional.empty()))));

        // then
        assertThat(letters.messages()).extracting(Item::from).containsExactly("m-1");
        assertThat(other.messages()).extracting(Item::from).containsExactly("m-2");
        assertThat(done(queue.facts()).deadLetterQueue()).contains("other-dlq");
    }

    @Test
    void who_has_learnt_a_dead_letter_queue_before_it_changed_still_sends_to_it() {
        // given
        queue.send(message("m-1"));
        Copy copy = new Copy(only(queue), Optional.empty());
        queue.changeDeadLetterQueue(InMemoryQueue.named("other-dlq", time).build(), 2);

        // then
        assertThat(done(queue.deadLetter(List.of(copy), "orders-dlq"))).containsExactly(Entry.DONE);
        assertThat(letters.messages()).hasSize(1);
        assertThat(done(queue.deadLetter(List.of(copy), "never-one"))).containsExactly(Entry.FINAL);
    }

    @Test
    void a_queue_whose_dead_letter_queue_was_removed_hands_out_for_ever() {
        // given
        queue.send(message("m-1"));

        // when
        queue.removeDeadLetterQueue();
        for (int i = 0; i < 5; i++) {
            receive(queue, 1);
            time.advance(VISIBILITY);
        }

        // then
        assertThat(only(queue).receiveCount()).isEqualTo(6);
        assertThat(letters.messages()).isEmpty();
        assertThat(done(queue.facts()).deadLetterQueue()).isEmpty();
        assertThatThrownBy(() -> queue.changeMaxReceiveCount(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_queue_can_be_given_a_dead_letter_queue() {
        // given
        InMemoryQueue fifoLetters = InMemoryQueue.named("orders-dlq.fifo", time).build();
        fifo.send(message("m-1"));
        receive(fifo, 1);
        time.advance(VISIBILITY);

        // when
        fifo.changeDeadLetterQueue(fifoLetters, 1);

        // then
        assertThat(receive(fifo, 1)).isEmpty();
        assertThat(fifoLetters.messages()).extracting(Item::messageId).containsExactly("m-1");
    }

    // A machine that stands still.

    @Test
    void the_queues_time_goes_on_while_the_machine_is_suspended_whatever_its_clocks_show() {
        // given
        queue.send(message("m-1"));
        receive(queue, 1);
        time.moveWallClock(Duration.ofHours(-3));

        // when
        time.suspend(VISIBILITY);

        // then
        Delivery second = only(queue);
        assertThat(second.receiveCount()).isEqualTo(2);
        assertThat(second.firstReceived())
                .contains(time.now().plus(Duration.ofHours(3)).minus(VISIBILITY));
    }

    // What goes wrong.

    private List<Delivery> three() {
        IntStream.range(0, 3).forEach(i -> queue.send(message("m-" + i)));
        return receive(queue, 10);
    }

    private CompletionStage<List<Entry>> deleteAll(List<Delivery> deliveries) {
        return queue.delete(deliveries.stream().map(Delivery::receipt).toList());
    }

    private List<String> left() {
        return queue.messages().stream().map(Item::messageId).toList();
    }

    @Test
    void a_failing_call_does_nothing() {
        // given
        List<Delivery> all = three();
        queue.faults().next(Call.DELETE, Fault.failing());

        // then
        assertThatThrownBy(() -> time.await(deleteAll(all), TICK)).isInstanceOf(ExecutionException.class);
        assertThat(left()).hasSize(3);
        assertThat(done(deleteAll(all))).containsOnly(Entry.DONE);
    }

    @Test
    void a_script_lets_calls_through_between_those_that_fail() {
        // given
        queue.faults().always(Call.FACTS, Fault.failing());
        queue.faults().next(Call.FACTS, Fault.none(), Fault.failing(), Fault.none());

        // then
        assertThat(done(queue.facts()).name()).isEqualTo("orders");
        assertThatThrownBy(() -> time.await(queue.facts(), TICK)).isInstanceOf(ExecutionException.class);
        assertThat(done(queue.facts()).name()).isEqualTo("orders");
        assertThatThrownBy(() -> time.await(queue.facts(), TICK)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void a_call_whose_answer_is_lost_is_done() {
        // given
        List<Delivery> all = three();
        queue.faults().next(Call.DELETE, Fault.lost());

        // then
        assertThatThrownBy(() -> time.await(deleteAll(all), TICK)).isInstanceOf(ExecutionException.class);
        assertThat(left()).isEmpty();
    }

    @Test
    void messages_of_a_receive_whose_answer_is_lost_are_invisible() {
        // given
        queue.send(message("m-1"));
        queue.faults().next(Call.RECEIVE, Fault.lost());

        // then
        assertThatThrownBy(() -> time.await(queue.receive(Receive.of(1, Duration.ZERO)), TICK))
                .isInstanceOf(ExecutionException.class);
        assertThat(receivedIds(queue, 1)).isEmpty();
    }

    @Test
    void a_delayed_answer_comes_later_but_is_done_in_time() {
        // given
        List<Delivery> all = three();
        queue.faults().next(Call.DELETE, Fault.delayed(TICK));

        // when
        CompletableFuture<List<Entry>> answer = deleteAll(all).toCompletableFuture();
        time.runUntilIdle();

        // then
        assertThat(left()).isEmpty();
        assertThat(answer).isNotDone();
        time.advance(TICK);
        assertThat(answer).isDone();
    }

    @Test
    void some_entries_can_be_answered_otherwise_and_are_not_done() {
        // given
        List<Delivery> all = three();
        queue.faults().next(Call.DELETE, Fault.answering(Entry.RETRIABLE, 1));

        // then
        assertThat(done(deleteAll(all))).containsExactly(Entry.DONE, Entry.RETRIABLE, Entry.DONE);
        assertThat(left()).containsExactly("m-1");
    }

    @Test
    void entries_that_are_left_out_are_not_done() {
        // given
        List<Delivery> all = three();
        queue.faults().next(Call.DELETE, Fault.leavingOut(2));

        // then
        assertThat(done(deleteAll(all))).containsExactly(Entry.DONE);
        assertThat(left()).containsExactly("m-1", "m-2");
    }

    @ParameterizedTest
    @MethodSource("faultsOfThree")
    void what_goes_wrong_is_told_of_the_messages_that_it_concerns(Fault fault, List<String> concerned) {
        // given
        List<Delivery> all = three();
        List<String> told = new ArrayList<>();
        queue.log().observe((messageId, step) -> {
            if (step.equals(new Step.WentWrong(Call.DELETE, fault))) {
                told.add(messageId);
            }
        });
        queue.faults().next(Call.DELETE, fault);

        // when
        deleteAll(all);
        time.runUntilIdle();

        // then
        assertThat(told).isEqualTo(concerned);
    }

    static Stream<Arguments> faultsOfThree() {
        List<String> all = List.of("m-0", "m-1", "m-2");
        return Stream.of(
                Arguments.of(Fault.failing(), all),
                Arguments.of(Fault.lost(), all),
                Arguments.of(Fault.delayed(TICK), all),
                Arguments.of(Fault.neverAnswered(), all),
                Arguments.of(Fault.doneNeverAnswered(), all),
                Arguments.of(Fault.answering(Entry.RETRIABLE, 1), List.of("m-1")),
                Arguments.of(Fault.answering(Entry.FINAL), all),
                Arguments.of(Fault.leavingOut(2), List.of("m-1", "m-2")),
                Arguments.of(Fault.none(), List.of()));
    }

    @Test
    void an_outage_lasts_until_it_is_over() {
        // given
        queue.faults().always(Fault.failing());
        List<Boolean> failed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<?> facts = queue.facts().toCompletableFuture();
            time.runUntilIdle();
            failed.add(facts.isCompletedExceptionally());
        }

        // when
        queue.faults().none();

        // then
        assertThat(failed).containsExactly(true, true, true);
        assertThat(done(queue.facts()).name()).isEqualTo("orders");
    }

    @Test
    void faults_by_chance_are_those_of_the_seed() {
        assertThat(failures(1)).isEqualTo(failures(1)).isNotEqualTo(failures(2));
        assertThat(failures(1)).contains(true).contains(false);
    }

    private static List<Boolean> failures(long seed) {
        VirtualRuntime runtime = VirtualRuntime.seeded(seed);
        InMemoryQueue shaky = InMemoryQueue.named("shaky", runtime).build();
        shaky.faults().byChance(Call.FACTS, 0.3, Fault.failing());
        return IntStream.range(0, 50)
                .mapToObj(i -> {
                    CompletableFuture<?> facts = shaky.facts().toCompletableFuture();
                    runtime.runUntilIdle();
                    return facts.isCompletedExceptionally();
                })
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1_500, -1_000, 43_201_000})
    void a_timeout_that_sqs_would_not_take_is_refused_loudly(long millis) {
        assertThatThrownBy(() -> queue.changeVisibility(List.of(new Change("r", Duration.ofMillis(millis)))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_batch_of_none_or_eleven_is_refused_loudly() {
        assertThatThrownBy(() -> queue.delete(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> queue.delete(
                        IntStream.range(0, 11).mapToObj(i -> "r-" + i).toList()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
