package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The way to a queue, on which calls go wrong when a test wants it to: one process's way, if it is put {@link #around} a
 * queue for that process alone. An {@link InMemoryQueue} is behind one already, which goes wrong for all.
 *
 * <p>Thread-safe. Answers come by tasks of the runtime, never inside the call. The queue behind it is called by tasks of the
 * runtime, too, so that a call to that should not block.
 */
public final class FaultyQueue implements MessageQueue {

    private static final List<String> NO_MESSAGE = List.of("");

    private final MessageQueue queue;
    private final VirtualRuntime runtime;
    private final Duration way;
    private final Faults faults;
    private final Watch watch;

    /** Is told of calls, and knows receipts. */
    interface Watch {

        /** A call began where it must not block. */
        void begunElsewhere(Call call);

        /** A call arrives, and asks for so many entries. */
        void called(Call call, int entries);

        /** This goes wrong with a call that concerns these messages. */
        void wentWrong(List<String> messageIds, Call call, Fault fault);

        /** Whose receipt it is. */
        String whose(String receipt);
    }

    FaultyQueue(MessageQueue queue, VirtualRuntime runtime, Duration roundTrip, Faults faults, Watch watch) {
        this.queue = queue;
        this.runtime = runtime;
        this.way = roundTrip.dividedBy(2);
        this.faults = faults;
        this.watch = watch;
    }

    /**
     * A way of its own to {@code queue}, on which no time is lost, with a plan of its own of what goes wrong on it. Of what
     * does, an {@link InMemoryQueue}'s log and the timeline tell too.
     */
    public static FaultyQueue around(MessageQueue queue, VirtualRuntime runtime) {
        Faults faults = new Faults(runtime, "faults on way " + runtime.nextNumber());
        return new FaultyQueue(queue, runtime, Duration.ZERO, faults, Seen.of(queue));
    }

    /** What is to go wrong on it. */
    public Faults faults() {
        return faults;
    }

    /** That of the queue behind it; if that is itself its client, this. */
    @Override
    public Object client() {
        Object client = queue.client();
        return client == queue ? this : client;
    }

    @Override
    public CompletionStage<Facts> facts() {
        return call(Call.FACTS, 0, queue::facts);
    }

    @Override
    public CompletionStage<List<Delivery>> receive(Receive asked) {
        return call(Call.RECEIVE, asked.most(), () -> queue.receive(asked));
    }

    @Override
    public CompletionStage<List<Entry>> delete(List<String> receipts) {
        return batch(Call.DELETE, receipts, watch::whose, queue::delete);
    }

    @Override
    public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
        return batch(Call.CHANGE_VISIBILITY, changes, change -> watch.whose(change.receipt()), queue::changeVisibility);
    }

    @Override
    public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
        return copy(copies, queue::deadLetter);
    }

    // What calls have in common.

    /** A call that is about no message. */
    <T> CompletionStage<T> call(Call call, int entries, Supplier<CompletionStage<T>> work) {
        Begun begun = begun(call, NO_MESSAGE);
        return onItsWay(call, entries, NO_MESSAGE, begun::onItsWay, fault -> work.get());
    }

    /**
     * The same, made not by the process but by a service that has threads enough, waits for no answer for ever, and never
     * throws.
     */
    <T> CompletionStage<T> callOfService(Call call, int entries, Supplier<CompletionStage<T>> work) {
        return onItsWay(
                call,
                entries,
                NO_MESSAGE,
                () -> ofService(faults.draw(call).orElse(Fault.none())),
                fault -> work.get());
    }

    /** A call before all others, to learn the queue's {@code name}; it takes time only if something goes wrong. */
    CompletionStage<String> lookUp(String name) {
        CompletionStage<String> found = CompletableFuture.completedFuture(name);
        Fault wrong = begun(Call.LOOK_UP, NO_MESSAGE).onItsWay();
        return wrong instanceof Fault.None ? found : onItsWay(Call.LOOK_UP, 0, NO_MESSAGE, () -> wrong, fault -> found);
    }

    CompletionStage<List<Entry>> copy(List<Copy> copies, Function<List<Copy>, CompletionStage<List<Entry>>> work) {
        return batch(Call.DEAD_LETTER, copies, copy -> copy.delivery().messageId(), work);
    }

    private <X> CompletionStage<List<Entry>> batch(
            Call call,
            List<X> asked,
            Function<X, String> messageId,
            Function<List<X>, CompletionStage<List<Entry>>> work) {
        List<String> ids = asked.stream().map(messageId).toList();
        Begun begun = begun(call, ids);
        return onItsWay(call, asked.size(), ids, begun::onItsWay, fault -> {
            List<X> reaching = reaching(fault, asked);
            return reaching.isEmpty()
                    ? CompletableFuture.completedFuture(answer(fault, asked.size(), List.of()))
                    : work.apply(reaching).thenApply(done -> answer(fault, asked.size(), done));
        });
    }

    /** A call that is on its way; {@code decided} if it is known already what goes wrong there. */
    private record Begun(Call call, Faults faults, Optional<Fault> decided) {

        Fault onItsWay() {
            return decided.or(() -> faults.drawOnWay(call)).orElse(Fault.none());
        }
    }

    /** On the thread that calls: what goes wrong before the call is on its way. */
    private Begun begun(Call call, List<String> messageIds) {
        if (runtime.caller().isEmpty()) {
            watch.begunElsewhere(call);
        }
        Optional<Fault> fault = faults.drawOnThread(call);
        while (fault.isPresent() && fault.get() instanceof Fault.Blocking blocking) {
            watch.wentWrong(messageIds, call, blocking);
            runtime.block(blocking.time());
            fault = Optional.of(blocking.then());
        }
        if (fault.isPresent() && fault.get() instanceof Fault.Throwing throwing) {
            watch.wentWrong(messageIds, call, throwing);
            throw throwing.now();
        }
        return new Begun(call, faults, fault);
    }

    private static Fault ofService(Fault fault) {
        if (fault instanceof Fault.Blocking blocking) {
            return ofService(blocking.then());
        }
        if (fault instanceof Fault.Throwing throwing) {
            return Fault.failing(throwing.thrown());
        }
        if (fault instanceof Fault.NeverAnswered never) {
            return never.done() ? Fault.lost() : Fault.failing();
        }
        return fault;
    }

    /** There, what it does, what goes wrong, and back. */
    private <T> CompletionStage<T> onItsWay(
            Call call,
            int entries,
            List<String> messageIds,
            Supplier<Fault> wrong,
            Function<Fault, CompletionStage<T>> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        runtime.elsewhere(way, () -> {
            watch.called(call, entries);
            Fault fault = wrong.get();
            if (!(fault instanceof Fault.None)) {
                watch.wentWrong(concerned(fault, messageIds), call, fault);
            }
            if (fault instanceof Fault.Failing failing) {
                runtime.answer(way, () -> answer.completeExceptionally(failing.cause()));
            } else if (!fault.equals(Fault.neverAnswered())) {
                worked(work, fault).whenComplete((result, failure) -> goBack(fault, result, failure, answer));
            }
        });
        return answer;
    }

    private <T> void goBack(Fault fault, T result, @Nullable Throwable failure, CompletableFuture<T> answer) {
        if (fault instanceof Fault.NeverAnswered) {
            return;
        }
        Duration late = fault instanceof Fault.Delayed delayed ? delayed.by() : Duration.ZERO;
        runtime.answer(way.plus(late), () -> {
            if (fault instanceof Fault.Lost) {
                answer.completeExceptionally(new IllegalStateException("the answer is lost (a fault of the test)"));
            } else if (failure == null) {
                answer.complete(result);
            } else {
                boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                answer.completeExceptionally(wrapped ? failure.getCause() : failure);
            }
        });
    }

    private static <T> CompletionStage<T> worked(Function<Fault, CompletionStage<T>> work, Fault fault) {
        try {
            return work.apply(fault);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    // What becomes of a batch.

    /** Those of {@code asked} that reach the queue, so that they are done. */
    static <X> List<X> reaching(Fault fault, List<X> asked) {
        if (fault instanceof Fault.Failing || fault instanceof Fault.Throwing || fault.equals(Fault.neverAnswered())) {
            return List.of();
        }
        if (fault instanceof Fault.Blocking blocking) {
            return reaching(blocking.then(), asked);
        }
        return IntStream.range(0, answered(fault, asked.size()))
                .filter(index -> !(fault instanceof Fault.Answering spoilt && spoilt.concerns(index)))
                .mapToObj(asked::get)
                .toList();
    }

    /** Those of {@code asked} of which it is told that this goes wrong. */
    static <X> List<X> concerned(Fault fault, List<X> asked) {
        if (fault instanceof Fault.LeavingOut) {
            return asked.subList(answered(fault, asked.size()), asked.size());
        }
        return IntStream.range(0, asked.size())
                .filter(index -> !(fault instanceof Fault.Answering spoilt) || spoilt.concerns(index))
                .mapToObj(asked::get)
                .toList();
    }

    /** How many of {@code size} entries are in the answer. */
    private static int answered(Fault fault, int size) {
        return fault instanceof Fault.LeavingOut out ? Math.max(0, size - out.count()) : size;
    }

    /** What is answered if those that reached the queue were answered {@code done}. */
    private static List<Entry> answer(Fault fault, int size, List<Entry> done) {
        if (!(fault instanceof Fault.Answering spoilt)) {
            return done;
        }
        Iterator<Entry> others = done.iterator();
        List<Entry> answer = new ArrayList<>(size);
        for (int index = 0; index < size; index++) {
            if (spoilt.concerns(index)) {
                answer.add(spoilt.entry());
            } else if (others.hasNext()) {
                answer.add(others.next());
            }
        }
        return answer;
    }

    /** What is seen of the way to a queue that is reached by other ways too. */
    private record Seen(Watch behind) implements Watch {

        static Watch of(MessageQueue queue) {
            return new Seen(
                    queue instanceof InMemoryQueue known
                            ? known.watch()
                            : queue instanceof FaultyQueue way ? way.watch : new Nobody());
        }

        @Override
        public void begunElsewhere(Call call) {
            behind.begunElsewhere(call);
        }

        /** Of that the queue behind it tells. */
        @Override
        public void called(Call call, int entries) {}

        @Override
        public void wentWrong(List<String> messageIds, Call call, Fault fault) {
            behind.wentWrong(messageIds, call, fault);
        }

        @Override
        public String whose(String receipt) {
            return behind.whose(receipt);
        }
    }

    /** Watches a queue of which nothing is known. */
    private static final class Nobody implements Watch {

        @Override
        public void begunElsewhere(Call call) {}

        @Override
        public void called(Call call, int entries) {}

        @Override
        public void wentWrong(List<String> messageIds, Call call, Fault fault) {}

        @Override
        public String whose(String receipt) {
            return "";
        }
    }
}
