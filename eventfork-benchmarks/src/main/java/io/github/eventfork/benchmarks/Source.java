package io.github.eventfork.benchmarks;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A plain queue in memory: it hands each message out once, keeps long polls waiting, and answers at once, on the caller's thread,
 * or after a round trip, on a thread of its own. Thread-safe; it counts its calls.
 *
 * <p><b>Ownership:</b> bodies, waiting polls and what is expected belong to whoever holds this object's monitor; polls are
 * answered without it.
 */
final class Source implements AutoCloseable {

    private final Duration roundTrip;
    private final ScheduledThreadPoolExecutor timer;
    private final Calls calls = new Calls();

    @GuardedBy("this")
    private final Queue<String> bodies = new ArrayDeque<>();

    @GuardedBy("this")
    private final Deque<Poll> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private long taken;

    @GuardedBy("this")
    private long deleted;

    @GuardedBy("this")
    private long expected = Long.MAX_VALUE;

    @GuardedBy("this")
    private CompletableFuture<Void> allDeleted = new CompletableFuture<>();

    private record Poll(int most, CompletableFuture<List<Delivery>> answer) {}

    Source(Duration roundTrip) {
        this.roundTrip = roundTrip;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "source");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    Calls calls() {
        return calls;
    }

    /** Adds {@code messages} more, and answers with what ends when that many more were deleted. */
    CompletionStage<Void> supply(long messages, String body) {
        CompletableFuture<Void> all = new CompletableFuture<>();
        synchronized (this) {
            expected = deleted + messages;
            allDeleted = all;
            for (long i = 0; i < messages; i++) {
                bodies.add(body);
            }
        }
        answerWaiting();
        return all;
    }

    /** Adds one message. */
    void add(String body) {
        synchronized (this) {
            bodies.add(body);
        }
        answerWaiting();
    }

    CompletionStage<List<Delivery>> receive(int most, Duration wait) {
        calls.receive();
        CompletableFuture<List<Delivery>> answer = new CompletableFuture<>();
        Poll poll = new Poll(most, answer);
        arrives(() -> {
            synchronized (this) {
                waiting.add(poll);
            }
            answerWaiting();
            if (!answer.isDone()) {
                after(wait.toNanos(), () -> giveUp(poll));
            }
        });
        return roundTrip.isZero() ? answer : answer.thenCompose(this::onItsWay);
    }

    CompletionStage<Void> delete(int messages) {
        calls.delete();
        CompletableFuture<Void> done = new CompletableFuture<>();
        arrives(() -> {
            deleted(messages);
            done.complete(null);
        });
        return roundTrip.isZero() ? done : done.thenCompose(this::onItsWay);
    }

    /** A change of visibility timeouts, of whatever messages: what is given back here does not come again. */
    CompletionStage<Void> change() {
        calls.other();
        CompletableFuture<Void> done = new CompletableFuture<>();
        arrives(() -> done.complete(null));
        return roundTrip.isZero() ? done : done.thenCompose(this::onItsWay);
    }

    private void arrives(Runnable call) {
        if (roundTrip.isZero()) {
            call.run();
        } else {
            after(roundTrip.toNanos() / 2, call);
        }
    }

    private <T> CompletionStage<T> onItsWay(T answer) {
        CompletableFuture<T> arrived = new CompletableFuture<>();
        after(roundTrip.toNanos() / 2, () -> arrived.complete(answer));
        return arrived;
    }

    private void after(long nanos, Runnable task) {
        Future<?> unused = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    private void answerWaiting() {
        for (Poll poll = next(); poll != null; poll = next()) {
            List<Delivery> deliveries = take(poll.most);
            poll.answer.complete(deliveries);
        }
    }

    private synchronized @Nullable Poll next() {
        return bodies.isEmpty() ? null : waiting.poll();
    }

    private synchronized List<Delivery> take(int most) {
        List<Delivery> deliveries = new ArrayList<>(most);
        for (String body = bodies.poll(); body != null; body = deliveries.size() < most ? bodies.poll() : null) {
            String id = Long.toString(++taken);
            deliveries.add(
                    Delivery.of("bench", id, body).receipt(id).receiveCount(1).build());
        }
        return deliveries;
    }

    private void giveUp(Poll poll) {
        boolean waited;
        synchronized (this) {
            waited = waiting.remove(poll);
        }
        if (waited) {
            poll.answer.complete(List.of());
        }
    }

    private void deleted(int messages) {
        CompletableFuture<Void> all;
        synchronized (this) {
            deleted += messages;
            if (deleted < expected) {
                return;
            }
            all = allDeleted;
        }
        all.complete(null);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
