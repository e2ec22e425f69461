package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gathers single calls of one kind into batches of up to 10 entries and 1 MiB, as
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html">SQS</a>
 * takes them. Entries that may be retried, or that an answer leaves out, are: 8 times at least, and as long after that as
 * whoever added them is patient; but what is not wanted any more when its batch is to be sent is final, and not sent.
 *
 * <p><b>Invariant:</b> each entry waits, is in a batch that is on its way, or waits for its next try, until it has its
 * answer: done, final, or exceptional when the patience is over. While something waits, a timer is set or a batch is being
 * taken.
 *
 * <p><b>Ownership:</b> {@code waiting} and the flag belong to whoever holds this object's monitor, an entry's tries to
 * whoever has its answer; the queue is called, and answers are given, without it.
 */
final class Batches<T> {

    private static final int MOST_ENTRIES = 10;
    private static final long MOST_BYTES = 1_048_576;
    private static final int TRIES = 8;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

    private final ForkRuntime runtime;
    private final Duration linger;
    private final ToLongFunction<T> bytes;
    private final Function<List<T>, CompletionStage<List<Entry>>> call;

    @GuardedBy("this")
    private final Deque<Item<T>> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean timerSet;

    private static final class Item<T> {
        final T value;
        final BooleanSupplier wanted;
        final BooleanSupplier patience;
        final CompletableFuture<Entry> answer = new CompletableFuture<>();
        int tries;

        Item(T value, BooleanSupplier wanted, BooleanSupplier patience) {
            this.value = value;
            this.wanted = wanted;
            this.patience = patience;
        }
    }

    Batches(
            ForkRuntime runtime,
            Duration linger,
            ToLongFunction<T> bytes,
            Function<List<T>, CompletionStage<List<Entry>>> call) {
        this.runtime = runtime;
        this.linger = linger;
        this.bytes = bytes;
        this.call = call;
    }

    /** Adds an entry to the next batch. Answers {@code DONE} or {@code FINAL}, exceptionally if it is not known. */
    CompletionStage<Entry> add(T value) {
        return add(new Item<>(value, () -> true, () -> false));
    }

    /** The same, unless it is not {@code wanted} any more before a try. */
    CompletionStage<Entry> addWhile(BooleanSupplier wanted, T value) {
        return add(new Item<>(value, wanted, () -> false));
    }

    /** The same, tried on as long as {@code patience} lasts; it is asked after each try more than is usual. */
    CompletionStage<Entry> add(T value, BooleanSupplier patience) {
        return add(new Item<>(value, () -> true, patience));
    }

    private CompletionStage<Entry> add(Item<T> item) {
        enqueue(item);
        return item.answer;
    }

    /** Sends what waits at once. */
    void send() {
        for (List<Item<T>> batch = take(); !batch.isEmpty(); batch = take()) {
            send(batch);
        }
    }

    private void enqueue(Item<T> item) {
        boolean full;
        synchronized (this) {
            waiting.add(item);
            full = waiting.size() >= MOST_ENTRIES;
            if (!full && !timerSet) {
                timerSet = true;
                runtime.schedule(linger, this::lingered);
            }
        }
        if (full) {
            send(take());
        }
    }

    private void lingered() {
        synchronized (this) {
            timerSet = false;
        }
        send();
    }

    private synchronized List<Item<T>> take() {
        List<Item<T>> batch = new ArrayList<>(MOST_ENTRIES);
        long size = 0;
        for (Item<T> next = waiting.peek(); next != null && batch.size() < MOST_ENTRIES; next = waiting.peek()) {
            size += bytes.applyAsLong(next.value);
            if (!batch.isEmpty() && size > MOST_BYTES) {
                break;
            }
            batch.add(waiting.remove());
        }
        return batch;
    }

    private void send(List<Item<T>> all) {
        List<Item<T>> batch = new ArrayList<>(all.size());
        for (Item<T> item : all) {
            if (item.wanted.getAsBoolean()) {
                batch.add(item);
            } else {
                answer(item, Entry.FINAL, null);
            }
        }
        if (batch.isEmpty()) {
            return;
        }
        call.apply(batch.stream().map(item -> item.value).toList())
                .whenComplete((entries, error) -> answered(batch, entries == null ? List.of() : entries, error));
    }

    /** What must be tried again goes together, as soon as the newest of it may, so that calls stay as few as they were. */
    private void answered(List<Item<T>> batch, List<Entry> entries, @Nullable Throwable error) {
        List<Item<T>> again = new ArrayList<>();
        int tries = Integer.MAX_VALUE;
        for (int i = 0; i < batch.size(); i++) {
            Entry entry = i < entries.size() ? entries.get(i) : Entry.RETRIABLE;
            Item<T> item = batch.get(i);
            if (entry != Entry.RETRIABLE) {
                answer(item, entry, null);
            } else if (goesOn(item, error)) {
                again.add(item);
                tries = Math.min(tries, item.tries);
            }
        }
        if (!again.isEmpty()) {
            runtime.schedule(BACKOFF.after(tries, runtime.random()), () -> again.forEach(this::enqueue));
        }
    }

    private boolean goesOn(Item<T> item, @Nullable Throwable error) {
        item.tries++;
        if (item.tries < TRIES || item.patience.getAsBoolean()) {
            return true;
        }
        answer(item, null, new IllegalStateException("no answer after " + item.tries + " tries", error));
        return false;
    }

    private void answer(Item<T> item, @Nullable Entry entry, @Nullable Throwable error) {
        if (error != null) {
            item.answer.completeExceptionally(error);
        } else {
            item.answer.complete(entry);
        }
    }
}
