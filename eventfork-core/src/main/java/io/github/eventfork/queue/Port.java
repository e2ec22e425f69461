package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.engine.Elapsed;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A queue as the engine calls it: each call begins on a thread that may block, never throws, and ends after a limit if it is
 * not answered. What it may have done then is not known.
 *
 * <p><b>Invariant:</b> each call ends exactly once, by its answer, what it threw or its limit; it is among the unanswered
 * from when it is asked for until then, and has a timer exactly as long.
 *
 * <p><b>Ownership:</b> the collection and the time belong to whoever holds this object's monitor; nobody is called within
 * it.
 */
final class Port implements MessageQueue {

    /** Longer than an SDK's own limits by default, which tell more. A receive has its long poll in addition. */
    static final Duration LIMIT = Duration.ofSeconds(35);

    /** What takes longer is told. */
    static final Duration OVERDUE = Duration.ofSeconds(10);

    private static final String NULL = "the queue answered null";

    private final MessageQueue queue;
    private final ForkRuntime runtime;
    private final Elapsed time;
    private final Executor callers;

    @GuardedBy("this")
    private final Set<Call<?>> unanswered = new LinkedHashSet<>();

    @GuardedBy("this")
    private Optional<Instant> lastAnswer = Optional.empty();

    Port(MessageQueue queue, ForkRuntime runtime, Elapsed time) {
        this.queue = queue;
        this.runtime = runtime;
        this.time = time;
        this.callers = runtime.callers(queue.client(), CALLERS);
    }

    /** An answer to a receive, and when that was sent, by {@link Elapsed}. */
    record Received(List<Delivery> deliveries, long sent) {}

    /** A call that takes longer than it should; {@code age} is from when it was asked for. */
    record Unanswered(String does, Duration age) {}

    /**
     * Receives, unless that is not wanted any more when the call begins, for which it may have to wait.
     *
     * @param late is given what comes after the limit
     */
    CompletionStage<Received> receive(Receive asked, BooleanSupplier wanted, Consumer<Received> late) {
        Call<List<Delivery>> call = new Call<>("receiving", asked.longPoll());
        call.receives = true;
        call.late = deliveries -> late.accept(new Received(deliveries, call.sent));
        return begin(call, () -> {
                    if (!wanted.getAsBoolean()) {
                        call.made = false;
                        throw new CancellationException("nothing is to be received any more");
                    }
                    return queue.receive(asked).thenApply(deliveries -> checked(deliveries, asked));
                })
                .thenApply(deliveries -> new Received(deliveries, call.sent));
    }

    /** Nothing is known of a message that is not there, and no place is kept for one that was not asked for. */
    private static @Nullable List<Delivery> checked(@Nullable List<Delivery> deliveries, Receive asked) {
        if (deliveries == null) {
            return null;
        }
        if (deliveries.size() > asked.most()) {
            throw new IllegalStateException("the queue answered with " + deliveries.size()
                    + " messages, asked for at most " + asked.most() + "; none is taken in hand");
        }
        if (deliveries.stream().anyMatch(Objects::isNull)) {
            throw new IllegalStateException("the queue answered with a null message; none is taken in hand");
        }
        return deliveries;
    }

    /** What an answer leaves out is to be tried again. */
    private static List<Entry> told(@Nullable List<Entry> entries) {
        if (entries == null) {
            throw new IllegalStateException(NULL);
        }
        return entries.stream()
                .map(entry -> Objects.requireNonNullElse(entry, Entry.RETRIABLE))
                .toList();
    }

    @Override
    public CompletionStage<Facts> facts() {
        return begin(new Call<>("asking for the queue's attributes", Duration.ZERO), queue::facts);
    }

    @Override
    public CompletionStage<List<Delivery>> receive(Receive asked) {
        return receive(asked, () -> true, lost -> {}).thenApply(Received::deliveries);
    }

    @Override
    public CompletionStage<List<Entry>> delete(List<String> receipts) {
        return begin(
                new Call<>("deleting what is done", Duration.ZERO),
                () -> queue.delete(receipts).thenApply(Port::told));
    }

    @Override
    public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
        return changeVisibility(changes, change -> true);
    }

    /**
     * The same for those that are {@code wanted} still when the call begins, for which it may have to wait; the others are
     * {@link Entry#FINAL}. A receipt whose time is over may be that of a message that another has by then, whose visibility
     * timeout would be changed.
     */
    CompletionStage<List<Entry>> changeVisibility(List<Change> changes, Predicate<Change> wanted) {
        return of(changes, wanted, "changing visibility timeouts", queue::changeVisibility);
    }

    private <T> CompletionStage<List<Entry>> of(
            List<T> all, Predicate<T> wanted, String does, Function<List<T>, CompletionStage<List<Entry>>> made) {
        Call<List<Entry>> call = new Call<>(does, Duration.ZERO);
        return begin(call, () -> {
            List<Boolean> asked = all.stream().map(wanted::test).toList();
            List<T> left = IntStream.range(0, all.size())
                    .filter(asked::get)
                    .mapToObj(all::get)
                    .toList();
            call.made = !left.isEmpty() || all.isEmpty();
            return call.made
                    ? made.apply(left).thenApply(entries -> withUnasked(asked, told(entries)))
                    : CompletableFuture.completedFuture(withUnasked(asked, List.of()));
        });
    }

    /** What an answer leaves out is to be tried again. */
    private static List<Entry> withUnasked(List<Boolean> asked, List<Entry> entries) {
        Iterator<Entry> next = entries.iterator();
        return asked.stream()
                .map(one -> !one ? Entry.FINAL : next.hasNext() ? next.next() : Entry.RETRIABLE)
                .toList();
    }

    @Override
    public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
        return deadLetter(copies, copy -> true);
    }

    /** The same for those that are {@code wanted} still when the call begins; the others are {@link Entry#FINAL}. */
    CompletionStage<List<Entry>> deadLetter(List<Copy> copies, Predicate<Copy> wanted) {
        return of(copies, wanted, "copying to the dead-letter queue", queue::deadLetter);
    }

    /** Nobody waits for a receive any more: those that are unanswered end now, and what they bring yet is late. */
    void leaveReceives() {
        List<Call<?>> left;
        synchronized (this) {
            left = unanswered.stream().filter(call -> call.receives).toList();
        }
        left.forEach(call -> end(call, null, new CancellationException("nothing is received any more")));
    }

    /** The call that has been unanswered for longest, if it should have been answered by now. */
    synchronized Optional<Unanswered> overdue() {
        long now = runtime.nanoTime();
        return unanswered.stream()
                .filter(call -> call.ages(now).compareTo(call.longPoll.plus(OVERDUE)) > 0)
                .findFirst()
                .map(call -> new Unanswered(call.does, call.ages(now)));
    }

    /** When the queue answered last, by the wall clock. */
    synchronized Optional<Instant> lastAnswer() {
        return lastAnswer;
    }

    /** The error in {@code failure} that no process survives, if it is one: the poller stops for it, as it would for a handler's. */
    static Optional<VirtualMachineError> fatal(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof VirtualMachineError error && !(error instanceof StackOverflowError)
                ? Optional.of(error)
                : Optional.empty();
    }

    private <T> CompletionStage<T> begin(Call<T> call, Supplier<CompletionStage<T>> made) {
        synchronized (this) {
            unanswered.add(call);
        }
        try {
            call.limit = runtime.schedule(call.longPoll.plus(LIMIT), () -> overLimit(call));
            callers.execute(() -> make(call, made));
        } catch (Throwable refused) {
            end(call, null, refused);
        }
        return call.answer;
    }

    /** What waited for a thread until its limit is not made any more. */
    private <T> void make(Call<T> call, Supplier<CompletionStage<T>> made) {
        if (call.answer.isDone()) {
            return;
        }
        call.sent = time.nanos();
        try {
            made.get().whenComplete((value, error) -> {
                if (value == null && error == null) {
                    end(call, null, new IllegalStateException(NULL));
                } else {
                    end(call, value, error);
                }
            });
        } catch (Throwable thrownAtOnce) {
            end(call, null, thrownAtOnce);
        }
    }

    private void overLimit(Call<?> call) {
        end(
                call,
                null,
                new TimeoutException(
                        "no answer within " + call.longPoll.plus(LIMIT).toSeconds() + " s"));
    }

    private <T> void end(Call<T> call, @Nullable T value, @Nullable Throwable error) {
        boolean first;
        synchronized (this) {
            first = unanswered.remove(call);
            if (error == null && call.made) {
                lastAnswer = Optional.of(runtime.now());
            }
        }
        if (!first) {
            if (value != null) {
                call.late.accept(value);
            }
            return;
        }
        ForkRuntime.Cancellable limit = call.limit;
        if (limit != null) {
            limit.cancel();
        }
        if (error != null) {
            call.answer.completeExceptionally(error);
        } else {
            call.answer.complete(value);
        }
    }

    private final class Call<T> {
        final String does;
        final Duration longPoll;

        /** Not by {@link Elapsed}, which a wall clock that is set takes for time that has passed. */
        final long asked = runtime.nanoTime();

        final CompletableFuture<T> answer = new CompletableFuture<>();

        /** Written by the thread that begins it, before the answer can come. */
        volatile long sent;

        /** Whether the queue is asked; likewise. */
        volatile boolean made = true;

        volatile ForkRuntime.@Nullable Cancellable limit;
        boolean receives;
        Consumer<T> late = lost -> {};

        Call(String does, Duration longPoll) {
            this.does = does;
            this.longPoll = longPoll;
        }

        Duration ages(long now) {
            return Duration.ofNanos(now - asked);
        }
    }
}
