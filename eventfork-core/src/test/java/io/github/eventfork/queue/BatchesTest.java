package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Entries are numbers that are as many KiB long. */
class BatchesTest {

    private static final Duration LINGER = Duration.ofMillis(20);

    private final ManualRuntime runtime = new ManualRuntime();
    private final List<List<Integer>> calls = new ArrayList<>();
    private Function<List<Integer>, CompletionStage<List<Entry>>> queue = batch -> answering(Entry.DONE, batch);
    private final Batches<Integer> batches = new Batches<>(runtime, LINGER, kib -> kib * 1024L, this::called);

    @Test
    void what_is_added_lingers_for_company_counted_from_the_first() {
        CompletionStage<Entry> one = batches.add(1);
        runtime.advance(Duration.ofMillis(10));
        CompletionStage<Entry> two = batches.add(2);

        runtime.advance(Duration.ofMillis(10).minusNanos(1));
        assertThat(calls).isEmpty();
        runtime.advance(Duration.ofNanos(1));
        assertThat(calls).containsExactly(List.of(1, 2));
        assertThat(one).isCompletedWithValue(Entry.DONE);
        assertThat(two).isCompletedWithValue(Entry.DONE);

        // and so does what comes after it
        batches.add(3);
        runtime.advance(LINGER.minusNanos(1));
        assertThat(calls).hasSize(1);
        runtime.advance(Duration.ofNanos(1));
        assertThat(calls).hasSize(2);
    }

    @Test
    void a_full_batch_goes_at_once() {
        IntStream.rangeClosed(1, 9).forEach(batches::add);
        assertThat(calls).isEmpty();

        batches.add(10);

        assertThat(calls).singleElement().satisfies(batch -> assertThat(batch).hasSize(10));
        runtime.advance(LINGER);
        assertThat(calls).hasSize(1);
    }

    @Test
    void a_batch_is_of_1_mib_at_most_unless_one_entry_alone_is_more() {
        List.of(1023, 1, 1025, 1).forEach(batches::add);

        batches.send();

        assertThat(calls).containsExactly(List.of(1023, 1), List.of(1025), List.of(1));
    }

    @Test
    void an_entry_that_is_refused_for_good_is_final() {
        queue = batch -> answering(Entry.FINAL, batch);

        CompletionStage<Entry> one = batches.add(1);
        batches.send();

        assertThat(one).isCompletedWithValue(Entry.FINAL);
    }

    @Test
    void what_an_answer_leaves_out_is_tried_again_and_nothing_else() {
        queue = batch -> CompletableFuture.completedFuture(calls.size() == 1 ? List.of(Entry.DONE) : null);
        CompletionStage<Entry> one = batches.add(1);
        CompletionStage<Entry> two = batches.add(2);
        batches.send();
        assertThat(one).isCompletedWithValue(Entry.DONE);

        // also where an answer is no list at all
        runtime.advance(Duration.ofMillis(70));
        queue = batch -> answering(Entry.DONE, batch);
        runtime.advance(Duration.ofMillis(200));

        assertThat(calls).containsExactly(List.of(1, 2), List.of(2), List.of(2));
        assertThat(two).isCompletedWithValue(Entry.DONE);
    }

    @Test
    void after_eight_tries_without_an_answer_it_is_unknown_and_why() {
        IllegalStateException down = new IllegalStateException("down");
        queue = batch -> CompletableFuture.failedFuture(down);
        CompletionStage<Entry> one = batches.add(1);

        runtime.advance(Duration.ofMinutes(1));

        assertThat(calls).hasSize(8);
        assertThatThrownBy(() -> one.toCompletableFuture().join())
                .hasRootCause(down)
                .cause()
                .hasMessage("no answer after 8 tries");
    }

    @Test
    void whoever_is_patient_is_asked_after_the_eighth_try_and_each_one_more() {
        IllegalStateException down = new IllegalStateException("down");
        queue = batch -> CompletableFuture.failedFuture(down);
        List<Integer> asked = new ArrayList<>();
        CompletionStage<Entry> one = batches.add(1, () -> {
            asked.add(calls.size());
            return asked.size() < 3;
        });

        runtime.advance(Duration.ofMinutes(5));

        assertThat(calls).hasSize(10);
        assertThat(asked).as("calls before each question").containsExactly(8, 9, 10);
        assertThat(one.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void patience_that_is_not_needed_is_not_asked_for() {
        queue = batch -> answering(calls.size() < 8 ? Entry.RETRIABLE : Entry.DONE, batch);
        List<Integer> asked = new ArrayList<>();
        CompletionStage<Entry> one = batches.add(1, () -> asked.add(calls.size()));

        runtime.advance(Duration.ofMinutes(5));

        assertThat(one).isCompletedWithValue(Entry.DONE);
        assertThat(asked).isEmpty();
    }

    private CompletionStage<List<Entry>> called(List<Integer> batch) {
        calls.add(batch);
        return queue.apply(batch);
    }

    private static CompletionStage<List<Entry>> answering(Entry entry, List<Integer> batch) {
        return CompletableFuture.completedFuture(Collections.nCopies(batch.size(), entry));
    }
}
