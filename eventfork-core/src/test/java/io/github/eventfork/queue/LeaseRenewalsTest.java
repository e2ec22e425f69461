package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.engine.Elapsed;
import io.github.eventfork.engine.KeptLease;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When leases of 20 s are renewed, with which others, and what becomes of them when that fails. */
class LeaseRenewalsTest {

    private static final Duration LENGTH = Duration.ofSeconds(20);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Elapsed time = new Elapsed(runtime);
    private Duration length = LENGTH;
    private final List<List<String>> calls = new ArrayList<>();
    private final List<Duration> timeouts = new ArrayList<>();
    private Function<List<Change>, CompletionStage<List<Entry>>> queue = changes -> answering(Entry.DONE, changes);
    private final List<VirtualMachineError> broken = new ArrayList<>();
    private final Leases leases =
            new Leases(ScriptedQueue.renewing(this::asked), runtime, time, () -> length, broken::add);

    @Test
    void a_lease_is_renewed_for_its_length_each_time_that_half_of_it_is_over() {
        KeptLease lease = begin(delivery(1));

        seconds(10, -1);
        assertThat(calls).isEmpty();
        nanos(1);
        assertThat(calls).containsExactly(List.of("m-1"));
        assertThat(timeouts).containsExactly(LENGTH);
        assertThat(lease.remaining()).isEqualTo(LENGTH);

        seconds(10, -1);
        assertThat(calls).hasSize(1);
        nanos(1);
        assertThat(calls).hasSize(2);
    }

    @Test
    void it_lasts_from_the_call_and_not_from_its_answer() {
        List<CompletableFuture<List<Entry>>> answers = neverAnswering();
        KeptLease lease = begin(delivery(1));
        seconds(13, 0);

        answers.get(0).complete(List.of(Entry.DONE));

        assertThat(lease.remaining()).isEqualTo(Duration.ofSeconds(17));
        seconds(8, 500_000_000 - 1);
        assertThat(calls).hasSize(1);
        nanos(1);
        assertThat(calls).hasSize(2);
    }

    @Test
    void eleven_that_are_due_together_are_two_calls() {
        begin(1, 11);

        seconds(10, 0);

        assertThat(calls).extracting(List::size).containsExactly(10, 1);
        assertThat(calls.get(1)).containsExactly("m-11");
    }

    @Test
    void a_batch_is_filled_with_what_is_due_within_a_tenth_of_the_length_and_with_no_more() {
        begin(1, 1);
        seconds(2, 0);
        begin(2, 3);
        nanos(1);
        begin(4, 4);

        seconds(8, -1);

        assertThat(calls).containsExactly(List.of("m-1", "m-2", "m-3"));
        nanos(1);
        seconds(2, 0);
        assertThat(calls).containsExactly(List.of("m-1", "m-2", "m-3"), List.of("m-4"));
    }

    @Test
    void a_full_batch_takes_none_along() {
        begin(1, 10);
        seconds(1, 0);
        begin(11, 11);

        seconds(9, 0);

        assertThat(calls).hasSize(1).allSatisfy(call -> assertThat(call).hasSize(10));
    }

    @Test
    void a_renewal_that_fails_is_tried_again_after_a_second_and_at_last_sooner_but_never_so_that_it_spins() {
        queue = changes -> CompletableFuture.failedFuture(new IllegalStateException("down"));
        KeptLease lease = begin(delivery(1));

        seconds(11, -1);
        assertThat(calls).hasSize(1);
        nanos(1);
        assertThat(calls).hasSize(2);

        // down to 4 s it is each second, then after a quarter of what is left, then each 100 ms
        seconds(5, 0);
        assertThat(calls).hasSize(7);
        nanos(750_000_000);
        assertThat(calls).as("after a quarter of 4 s, not before it").hasSize(7);
        seconds(3, 250_000_000);
        assertThat(lease.lost()).isTrue();
        assertThat(calls).hasSizeBetween(15, 25);
    }

    @Test
    void what_an_answer_leaves_out_is_tried_again_and_so_is_what_fails() {
        queue = changes -> CompletableFuture.completedFuture(List.of(Entry.DONE));
        begin(1, 2);
        seconds(11, 0);
        assertThat(calls).containsExactly(List.of("m-1", "m-2"), List.of("m-2"));

        queue = changes -> CompletableFuture.failedFuture(new IllegalStateException("closed"));
        seconds(20, 0);
        assertThat(calls.size()).isGreaterThan(4);
    }

    @Test
    void a_lease_that_the_queue_refuses_is_lost_and_not_renewed_any_more() {
        queue = changes -> answering(Entry.FINAL, changes);
        Delivery delivery = delivery(1);
        KeptLease lease = begin(delivery);

        seconds(10, 0);

        assertThat(lease.lost()).isTrue();
        assertThat(leases.holds(delivery)).isFalse();
        seconds(60, 0);
        assertThat(calls).hasSize(1);
    }

    @Test
    void a_refusal_says_nothing_once_the_settlement_is_asked_for() {
        queue = changes -> answering(Entry.FINAL, changes);
        Delivery delivery = delivery(1);
        KeptLease lease = begin(delivery);
        leases.settling(delivery);
        leases.settling(delivery(2));

        seconds(10, 0);

        assertThat(lease.lost()).isFalse();
        assertThat(leases.holds(delivery)).isTrue();
    }

    @Test
    void a_lease_whose_renewal_is_not_wanted_any_more_runs_out() {
        Delivery delivery = delivery(1);
        KeptLease lease = begin(delivery);
        List<String> lost = new ArrayList<>();
        lease.onLost(() -> lost.add("lost"));

        assertThat(leases.stopRenewing(delivery)).isCompleted();
        assertThat(leases.stopRenewing(delivery(2))).isCompleted();
        seconds(20, -1);
        assertThat(lost).isEmpty();
        nanos(1);

        assertThat(lost).containsExactly("lost");
        assertThat(calls).isEmpty();
        assertThat(leases.holds(delivery)).isFalse();
    }

    @Test
    void whoever_stops_the_renewals_waits_for_the_one_in_flight() {
        List<CompletableFuture<List<Entry>>> answers = neverAnswering();
        Delivery delivery = delivery(1);
        begin(delivery);
        seconds(10, 0);

        CompletionStage<Void> quiet = leases.stopRenewing(delivery);
        assertThat(quiet.toCompletableFuture()).isNotDone();
        answers.get(0).complete(List.of(Entry.DONE));

        assertThat(quiet.toCompletableFuture()).isCompleted();
        seconds(15, 0);
        assertThat(calls).hasSize(1);
    }

    @Test
    void what_has_ended_is_renewed_no_more_and_is_not_lost() {
        Delivery delivery = delivery(1);
        KeptLease lease = begin(delivery);
        List<String> lost = new ArrayList<>();
        lease.onLost(() -> lost.add("lost"));
        assertThat(leases.holds(delivery)).isTrue();

        leases.end(delivery);
        leases.end(delivery);
        seconds(30, 0);

        assertThat(leases.holds(delivery)).isFalse();
        assertThat(calls).isEmpty();
        assertThat(lost).isEmpty();
    }

    @Test
    void at_the_close_all_that_is_held_is_lost_and_so_is_what_begins_after_it() {
        Delivery delivery = delivery(1);
        KeptLease lease = begin(delivery);

        leases.close();

        assertThat(lease.lost()).isTrue();
        assertThat(leases.holds(delivery)).isFalse();
        assertThat(begin(delivery(2)).lost()).isTrue();
        seconds(30, 0);
        assertThat(calls).isEmpty();
    }

    @Test
    void renewals_get_shorter_before_12_hours_are_over_and_end_there() {
        // given one that is renewed a second late
        queue = changes -> answering(calls.size() == 1 ? Entry.RETRIABLE : Entry.DONE, changes);
        KeptLease lease = begin(delivery(1));

        runtime.advance(Duration.ofHours(12));

        assertThat(lease.lost()).isTrue();
        assertThat(timeouts.subList(0, timeouts.size() - 1)).containsOnly(LENGTH);
        assertThat(timeouts).endsWith(LENGTH.minusSeconds(1));
    }

    private CompletionStage<List<Entry>> asked(List<Change> changes) {
        calls.add(changes.stream().map(Change::receipt).toList());
        changes.forEach(change -> timeouts.add(change.timeout()));
        return queue.apply(changes);
    }

    private List<CompletableFuture<List<Entry>>> neverAnswering() {
        List<CompletableFuture<List<Entry>>> answers = new ArrayList<>();
        queue = changes -> {
            CompletableFuture<List<Entry>> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        };
        return answers;
    }

    private static CompletionStage<List<Entry>> answering(Entry entry, List<Change> changes) {
        return CompletableFuture.completedFuture(Collections.nCopies(changes.size(), entry));
    }

    @Test
    void a_renewal_that_is_not_answered_is_not_waited_for_but_no_more_than_three_are_under_way() {
        // given a queue that never answers
        List<CompletableFuture<List<Entry>>> answers = neverAnswering();
        KeptLease lease = begin(delivery(1));

        // when half of what is left is over, again and again
        seconds(10, 0);
        assertThat(calls).hasSize(1);
        seconds(5, 0);
        assertThat(calls).hasSize(2);
        seconds(2, 500_000_000);
        assertThat(calls).hasSize(3);
        seconds(2, 0);
        assertThat(calls).hasSize(3);

        // then the third is in time
        answers.get(2).complete(List.of(Entry.DONE));
        assertThat(lease.remaining()).isEqualTo(LENGTH.minusSeconds(2));
    }

    @Test
    void a_delay_waits_for_all_renewals_under_way() {
        List<CompletableFuture<List<Entry>>> answers = neverAnswering();
        Delivery delivery = delivery(1);
        begin(delivery);
        seconds(15, 0);
        CompletableFuture<Void> quiet = leases.stopRenewing(delivery).toCompletableFuture();

        answers.get(1).complete(List.of(Entry.DONE));
        assertThat(quiet).isNotDone();
        answers.get(0).complete(List.of(Entry.DONE));

        assertThat(quiet).isCompleted();
    }

    @Test
    void a_lease_that_lasts_longer_than_a_renewal_is_renewed_when_half_a_renewal_is_left() {
        // given a queue whose visibility timeout is lowered after the receive
        begin(delivery(1));
        length = Duration.ofSeconds(2);

        seconds(19, -1);
        assertThat(calls).isEmpty();
        nanos(1);

        assertThat(timeouts).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    void of_two_renewals_under_way_the_queue_may_come_to_the_shorter_last() {
        List<CompletableFuture<List<Entry>>> answers = neverAnswering();
        KeptLease lease = begin(delivery(1));
        seconds(10, 0);
        length = Duration.ofSeconds(6);
        seconds(5, 0);
        assertThat(timeouts).containsExactly(LENGTH, Duration.ofSeconds(6));

        answers.get(0).complete(List.of(Entry.DONE));

        assertThat(lease.remaining()).as("not 15 s").isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void a_lease_lasts_from_when_the_receive_was_sent_and_is_over_if_its_answer_came_after_that() {
        long sent = time.nanos();
        seconds(15, 0);
        KeptLease late = leases.begin(delivery(1), sent, LENGTH);
        assertThat(late.remaining()).isEqualTo(Duration.ofSeconds(5));
        seconds(2, 500_000_000);
        assertThat(calls).as("renewed when half of what is left is over").hasSize(1);

        seconds(2, 500_000_000);
        assertThat(leases.begin(delivery(2), sent, LENGTH).lost()).isTrue();
    }

    @Test
    void what_ran_out_while_the_machine_was_suspended_is_lost_within_five_seconds() {
        length = Duration.ofMinutes(10);
        KeptLease lease = leases.begin(delivery(1), time.nanos(), length);
        List<String> lost = new ArrayList<>();
        lease.onLost(() -> lost.add("lost"));
        seconds(60, 0);

        runtime.jumpWallClock(Duration.ofMinutes(9));
        assertThat(lease.lost()).isTrue();
        seconds(5, 0);

        assertThat(lost).hasSize(1);
    }

    /** Of one that was asked for now. */
    private KeptLease begin(Delivery delivery) {
        return leases.begin(delivery, time.nanos(), LENGTH);
    }

    private void begin(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(i -> begin(delivery(i)));
    }

    private void seconds(long seconds, long nanos) {
        runtime.advance(Duration.ofSeconds(seconds, nanos));
    }

    private void nanos(long nanos) {
        runtime.advance(Duration.ofNanos(nanos));
    }

    private static Delivery delivery(int number) {
        return Delivery.of("orders", "m-" + number, "").build();
    }
}
