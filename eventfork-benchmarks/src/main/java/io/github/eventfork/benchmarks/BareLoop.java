package io.github.eventfork.benchmarks;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * What one writes by hand: each of some loops receives ten messages, handles each on a thread of its own, deletes them in one
 * call, and begins again. No leases, no retries, no order, no drain. Its threads are those that the engine's handlers run on.
 *
 * @param <M> a message
 */
final class BareLoop<M> {

    private static final int LOOPS = 8;
    private static final int BATCH = 10;

    private final Queue<M> queue;
    private final Signup.Handler handler;
    private final Semaphore free;
    private final Duration longPoll;
    private final Executor threads = ForkRuntime.system().handlers();
    private volatile boolean closed;

    /** Where messages come from. */
    interface Queue<M> {

        CompletionStage<List<M>> receive(int most, Duration wait);

        CompletionStage<?> delete(List<M> messages);

        String body(M message);
    }

    private BareLoop(Queue<M> queue, Signup.Handler handler, int concurrency, Duration longPoll) {
        this.queue = queue;
        this.handler = handler;
        this.free = new Semaphore(concurrency);
        this.longPoll = longPoll;
    }

    /** Starts it with so many handlers at once; what is answered ends it when its polls have come back. */
    static <M> Consuming start(Queue<M> queue, Signup.Handler handler, int concurrency, Duration longPoll) {
        BareLoop<M> loop = new BareLoop<>(queue, handler, concurrency, longPoll);
        List<CompletableFuture<Void>> ends =
                Stream.generate(CompletableFuture<Void>::new).limit(LOOPS).toList();
        ends.forEach(loop::next);
        return () -> {
            loop.closed = true;
            ends.forEach(CompletableFuture::join);
        };
    }

    private void next(CompletableFuture<Void> end) {
        if (closed) {
            end.complete(null);
            return;
        }
        queue.receive(BATCH, longPoll)
                .thenCompose(messages -> messages.isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : all(messages).thenCompose(handled -> queue.delete(messages)))
                .whenComplete((deleted, error) -> {
                    if (error != null) {
                        end.completeExceptionally(error);
                    } else {
                        next(end);
                    }
                });
    }

    private CompletionStage<Void> all(List<M> messages) {
        return CompletableFuture.allOf(messages.stream()
                .map(message -> CompletableFuture.runAsync(() -> handle(message), threads))
                .toArray(CompletableFuture[]::new));
    }

    private void handle(M message) {
        free.acquireUninterruptibly();
        try {
            handler.handle(Signup.byHand(queue.body(message)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts a loop by hand", e);
        } finally {
            free.release();
        }
    }
}
