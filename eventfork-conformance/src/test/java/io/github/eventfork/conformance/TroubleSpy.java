package io.github.eventfork.conformance;

import io.github.eventfork.Delivery;
import io.github.eventfork.Health;
import io.github.eventfork.Health.Status;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A queue as one poller reaches it. What it sees is what the poller can know: so it says what the poller's health must be, and
 * what must not be asked for any more.
 */
final class TroubleSpy implements MessageQueue {

    private static final Duration OVERDUE = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(35);
    private static final Duration GIVEN_BACK_WITHIN = Duration.ofSeconds(3);

    private final InMemoryQueue queue;
    private final VirtualRuntime time;
    private final TroubleModel model;
    private final TroubleProcess process;
    private final List<Made> unanswered = new ArrayList<>();
    private final Map<String, Delivery> received = new HashMap<>();
    private final Set<String> copied = new HashSet<>();

    /** Receipts of what is in hand of which a call of this name has gone wrong, and has not been answered since. */
    private final Map<String, Set<String>> unsettled = new HashMap<>();

    /** How many changes of visibility there are by a receipt of which it is not known whether they were made. */
    private final Map<String, Integer> inDoubt = new HashMap<>();

    /** Receipts by which messages were given back at once. */
    private final Set<String> givenBack = new HashSet<>();

    /** What came too late to be taken in hand, and by when it must be given back. */
    private final List<Late> late = new ArrayList<>();

    private Optional<Instant> lastAnswer = Optional.empty();

    /** Nothing is known of it after a pause. */
    private Optional<Boolean> lastReceive = Optional.empty();

    private long lastReceiveAt = Long.MIN_VALUE;

    private record Late(List<Delivery> deliveries, Duration due) {}

    private final class Made {
        final String call;
        final Duration longPoll;
        final long at = time.nanoTime();
        final boolean receives;

        /** Of the messages that it concerns. */
        final List<String> receipts;

        Made(String call) {
            this(call, false, Duration.ZERO, List.of());
        }

        Made(String call, boolean receives, Duration longPoll, List<String> receipts) {
            this.call = call;
            this.receives = receives;
            this.longPoll = longPoll;
            this.receipts = receipts;
        }

        Duration age() {
            return Duration.ofNanos(time.nanoTime() - at);
        }

        Duration late() {
            return Duration.ofNanos(time.nanoTime() - at).minus(longPoll);
        }

        boolean overLimit() {
            return late().compareTo(LIMIT) >= 0;
        }

        long limit() {
            return at + longPoll.plus(LIMIT).toNanos();
        }
    }

    TroubleSpy(InMemoryQueue queue, VirtualRuntime time, TroubleModel model, TroubleProcess process) {
        this.queue = queue;
        this.time = time;
        this.model = model;
        this.process = process;
    }

    /** It is paused, or goes on after that. */
    void rested() {
        giveUp();
        lastReceive = Optional.empty();
    }

    /** What a running poller's health says that is not so. */
    Optional<String> contradicts(Health health, boolean troubleBefore, boolean callersHeld) {
        giveUp();
        Optional<Made> overdue = unanswered.stream()
                .filter(made -> made.late().compareTo(OVERDUE) > 0)
                .findFirst();
        Status status = health.status();
        if (!health.lastAnswer().equals(lastAnswer)) {
            return Optional.of("the last answer came at " + lastAnswer);
        }
        if (lastAnswer.isEmpty() && status == Status.RUNNING) {
            return Optional.of("the queue has not answered yet");
        }
        if (lastAnswer.isPresent() && status == Status.STARTING) {
            return Optional.of("the queue has answered");
        }
        // what had to wait for a thread is over its limit before it is seen here
        if (!callersHeld && overdue.isPresent() && status != Status.FAILING) {
            return overdue.map(made -> made.call + " is unanswered for too long, by " + made.late());
        }
        if (!callersHeld && lastReceive.equals(Optional.of(false)) && status != Status.FAILING) {
            return Optional.of("the last receive failed");
        }
        if (status == Status.FAILING && health.problem().isEmpty()) {
            return Optional.of("there must be a problem");
        }
        if (status == Status.FAILING && overdue.isEmpty() && !mayFail(callersHeld)) {
            return Optional.of("nothing goes wrong now");
        }
        if (!troubleBefore && status != Status.RUNNING && status != Status.STARTING) {
            return Optional.of("nothing has gone wrong yet");
        }
        return Optional.empty();
    }

    /** Whether what it has seen is a reason to fail, or it can't see that: where callers wait, or the queue is looked up first. */
    private boolean mayFail(boolean callersHeld) {
        return callersHeld
                || !lastReceive.equals(Optional.of(true))
                || unsettled.values().stream().anyMatch(receipts -> !receipts.isEmpty())
                || model.callsGoneWrongFor(InMemoryQueue.Call.LOOK_UP);
    }

    /** It is in hand no more. */
    void over(Delivery delivery) {
        unsettled.values().forEach(receipts -> receipts.remove(delivery.receipt()));
    }

    /** Looks the queue up, as part of another call: its answer is that call's only where it is the last one. */
    CompletionStage<String> lookUp() {
        CompletionStage<String> answer = queue.lookUp();
        Made made = new Made("look-up");
        unanswered.add(made);
        return answer.whenComplete((url, error) -> unanswered.remove(made));
    }

    @Override
    public CompletionStage<Facts> facts() {
        return made(new Made("facts"), queue::facts);
    }

    @Override
    public CompletionStage<List<Delivery>> receive(Receive asked) {
        model.must(
                !process.drains() || model.callsGoneWrongFor(InMemoryQueue.Call.LOOK_UP),
                "receives at the end",
                () -> "process " + process.number() + " receives, though it closes");
        Made made = new Made("receive", true, asked.longPoll(), List.of());
        return made(made, () -> queue.receive(asked)).whenComplete((deliveries, error) -> {
            if (error == null) {
                deliveries.forEach(delivery -> received.put(delivery.receipt(), delivery));
                noteLate(made, asked, deliveries);
            }
        });
    }

    /** Where callers wait, it is not known here when it was asked for; another try of the same attempt would bring the same. */
    private void noteLate(Made made, Receive asked, List<Delivery> deliveries) {
        boolean tooLate = process.saysItIsClosed() || made.overLimit();
        Duration left = asked.visibilityTimeout().orElse(Duration.ZERO).minus(made.age());
        if (tooLate && asked.attempt().isEmpty() && model.calm() && left.compareTo(GIVEN_BACK_WITHIN) > 0) {
            late.add(new Late(deliveries, time.elapsed().plus(GIVEN_BACK_WITHIN)));
        }
    }

    /** What came too late, and nobody has had back in time. */
    void mustGiveBackWhatIsLate() {
        late.removeIf(one -> {
            boolean due = time.elapsed().compareTo(one.due()) >= 0;
            if (due && model.calm()) {
                one.deliveries()
                        .forEach(delivery -> model.must(
                                givenBack.contains(delivery.receipt()),
                                "late",
                                () -> delivery + " came too late, and was not given back"));
            }
            return due;
        });
    }

    @Override
    public CompletionStage<List<Entry>> delete(List<String> receipts) {
        return batch(new Made("delete", false, Duration.ZERO, receipts), () -> queue.delete(receipts));
    }

    @Override
    public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
        Set<String> asked = new HashSet<>();
        for (Change change : changes) {
            model.must(asked.add(change.receipt()), "asked twice", () -> "one call asks twice: " + changes);
            Delivery delivery = received.get(change.receipt());
            // a first try that was not answered may have been done
            boolean excused = inDoubt.getOrDefault(change.receipt(), 0) > 0;
            model.must(
                    excused || !model.isTakenByOthers(delivery),
                    "dead receipt",
                    () -> "process " + process.number() + " hides " + delivery + " for " + change.timeout()
                            + ", which another may have by now");
        }
        List<String> receipts = changes.stream().map(Change::receipt).toList();
        receipts.forEach(receipt -> inDoubt.merge(receipt, 1, Integer::sum));
        changes.stream().filter(change -> change.timeout().isZero()).forEach(change -> givenBack.add(change.receipt()));
        return batch(new Made("change", false, Duration.ZERO, receipts), () -> queue.changeVisibility(changes))
                .whenComplete((entries, error) -> {
                    if (error == null) {
                        receipts.subList(0, entries.size())
                                .forEach(receipt -> inDoubt.merge(receipt, -1, Integer::sum));
                    }
                });
    }

    @Override
    public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
        for (Copy copy : copies) {
            model.must(
                    !model.isTakenByOthers(copy.delivery()) || model.callsGoneWrongFor(InMemoryQueue.Call.LOOK_UP),
                    "dead receipt",
                    () -> "process " + process.number() + " copies " + copy.delivery()
                            + ", which another may have by now");
            model.must(
                    !copied.contains(copy.delivery().messageId())
                            || model.sentTwice(copy.delivery().messageId()),
                    "copied twice",
                    () -> "process " + process.number() + " copies " + copy.delivery() + ", whose copy stands");
        }
        List<String> receipts =
                copies.stream().map(copy -> copy.delivery().receipt()).toList();
        Made made = new Made("copy", false, Duration.ZERO, receipts);
        return batch(made, () -> queue.deadLetter(copies)).whenComplete((entries, error) -> {
            // what is over its limit is not known, and copied again; a look-up before it may have taken that time
            if (error == null && !made.overLimit() && !model.callsGoneWrongFor(InMemoryQueue.Call.LOOK_UP)) {
                IntStream.range(0, entries.size())
                        .filter(i -> entries.get(i) == Entry.DONE)
                        .forEach(i -> copied.add(copies.get(i).delivery().messageId()));
            }
        });
    }

    /** What its answer leaves open is told by health until it is answered, or in hand no more. */
    private CompletionStage<List<Entry>> batch(Made made, Supplier<CompletionStage<List<Entry>>> call) {
        CompletionStage<List<Entry>> answer;
        try {
            answer = made(made, call);
        } catch (RuntimeException | Error thrown) {
            unsettled(made).addAll(made.receipts);
            throw thrown;
        }
        return answer.whenComplete((entries, error) -> {
            if (made.overLimit()) {
                // who stood still may hear of the answer and of the limit at once, in any order
                unsettled(made).addAll(made.receipts);
                return;
            }
            for (int i = 0; i < made.receipts.size(); i++) {
                boolean answered = entries != null && i < entries.size() && entries.get(i) != Entry.RETRIABLE;
                if (answered) {
                    unsettled(made).remove(made.receipts.get(i));
                } else {
                    unsettled(made).add(made.receipts.get(i));
                }
            }
        });
    }

    private Set<String> unsettled(Made made) {
        return unsettled.computeIfAbsent(made.call, first -> new HashSet<>());
    }

    private <T> CompletionStage<T> made(Made made, Supplier<CompletionStage<T>> call) {
        unanswered.add(made);
        CompletionStage<T> answer;
        try {
            answer = call.get();
        } catch (RuntimeException | Error thrown) {
            ended(made, false);
            throw thrown;
        }
        return answer.whenComplete((value, error) -> ended(made, error == null));
    }

    /** What is over its limit has failed then, and not when its answer comes. */
    private void giveUp() {
        unanswered.removeIf(made -> {
            if (made.overLimit() && made.receives && made.limit() > lastReceiveAt) {
                lastReceiveAt = made.limit();
                lastReceive = Optional.of(false);
            }
            if (made.overLimit()) {
                unsettled(made).addAll(made.receipts);
            }
            return made.overLimit();
        });
    }

    private void ended(Made made, boolean well) {
        boolean late = !unanswered.remove(made);
        if (well) {
            lastAnswer = Optional.of(time.now());
        }
        if (made.receives && !late) {
            lastReceiveAt = time.nanoTime();
            // who stood still may hear of the answer and of the limit at once, in any order
            lastReceive = made.overLimit() ? Optional.empty() : Optional.of(well);
        }
    }
}
