package io.github.eventfork.local.lambda;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Collects a batch: until it has its size, its window is over, or one more message would make the event larger than
 * 6 MB. The window begins with the first message. Without a window, a batch is what one receive brings.
 *
 * <p><b>Invariant:</b> a message that was received is in the batch handed out, or in {@code over} for the next one, or,
 * on a FIFO queue, visible again. There the queue keeps it until the batch is settled: the next batch may run beside this
 * one, and a group would be in both. A message seen twice in one batch, because its visibility timeout was shorter than the window, is in it once, with the
 * newer receipt.
 *
 * <p><b>Ownership:</b> the polling thread's alone.
 */
final class BatchCollector {

    /** What Lambda lets an event be. */
    static final int MOST_BYTES = 6 * 1024 * 1024;

    /** Shorter than Lambda's 20 s, so that a mapping is closed within a second. */
    private static final Duration POLL = Duration.ofSeconds(1);

    /** A long poll counts whole seconds; the rest of a window is waited in steps of this. */
    private static final Duration STEP = Duration.ofMillis(100);

    private final MappedQueue queue;
    private final Options options;
    private final ForkRuntime runtime;
    private final CountDownLatch closing;
    private final Deque<Received> over = new ArrayDeque<>();

    BatchCollector(MappedQueue queue, Options options, ForkRuntime runtime, CountDownLatch closing) {
        this.queue = queue;
        this.options = options;
        this.runtime = runtime;
        this.closing = closing;
    }

    /** The next batch; empty if there was nothing for a second. */
    List<Received> next() throws InterruptedException {
        Batch batch = new Batch();
        while (!over.isEmpty() && batch.add(over.peekFirst())) {
            over.removeFirst();
        }
        if (batch.isEmpty()) {
            add(queue.receive(options.batchSize(), POLL), batch);
        }
        if (queue.isFifo()) {
            queue.release(leftOver());
        }
        if (!batch.isEmpty() && !options.batchingWindow().isZero()) {
            fill(batch);
        }
        return batch.messages();
    }

    /** What is left over, for nobody. */
    List<Received> leftOver() {
        List<Received> left = List.copyOf(over);
        over.clear();
        return left;
    }

    private void fill(Batch batch) throws InterruptedException {
        long begun = runtime.nanoTime();
        while (over.isEmpty() && batch.room() > 0 && closing.getCount() > 0) {
            Duration left = options.batchingWindow().minusNanos(runtime.nanoTime() - begun);
            if (left.isNegative() || left.isZero()) {
                return;
            }
            boolean lastSecond = left.compareTo(POLL) < 0;
            List<Received> more = queue.receive(batch.room(), lastSecond ? Duration.ZERO : POLL);
            add(more, batch);
            if (lastSecond && more.isEmpty()) {
                Duration pause = left.compareTo(STEP) < 0 ? left : STEP;
                if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        }
    }

    private void add(List<Received> messages, Batch batch) {
        for (Received message : messages) {
            if (!over.isEmpty() || !batch.add(message)) {
                over.add(message);
            }
        }
    }

    /** A batch that grows. */
    private final class Batch {
        private final Map<String, Received> byId = new LinkedHashMap<>();
        private int bytes = EventWriter.event(List.of()).length;

        boolean add(Received message) {
            Received before = byId.get(message.messageId());
            int grown = bytes + message.json().length + 1 - (before == null ? 0 : before.json().length + 1);
            if ((before == null && room() == 0) || (grown > MOST_BYTES && !byId.isEmpty())) {
                return false;
            }
            byId.put(message.messageId(), message);
            bytes = grown;
            return true;
        }

        boolean isEmpty() {
            return byId.isEmpty();
        }

        int room() {
            return options.batchSize() - byId.size();
        }

        List<Received> messages() {
            Collection<Received> all = byId.values();
            return new ArrayList<>(all);
        }
    }
}
