package io.github.eventfork.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to go wrong with the calls to a {@link LocalAws}, by script or by seeded chance, and with what it delivers.
 *
 * <pre>{@code
 * local.faults().next("DeleteMessageBatch", Fault.failing(), Fault.forgotten(0));
 * local.faults().byChance("ReceiveMessage", 0.1, Fault.delayed(Duration.ofMillis(200))).duplicates(0.05).disorder();
 * }</pre>
 *
 * <p>Calls are named as their action is. Of what is planned for a call, the first of these holds: what {@link #next}
 * names, what goes wrong {@link #always}, what {@link #byChance} draws. With one seed, the same calls of one kind in the
 * same order have the same faults, and so have the same deliveries to one queue. The SDK's own retries are calls too.
 *
 * <p>What SNS sends to queues is no call. Only the JSON protocol of SQS goes wrong, which every AWS SDK and the AWS CLI
 * have used since 2023; calls in SQS's older query protocol pass.
 *
 * <p>Thread-safe. Nothing here is null.
 */
public final class Faults {
    private static final String FIFO = ".fifo";

    private final Chances chances;

    // All below belongs to whoever holds this object's monitor; chance has a monitor of its own, taken under it.

    private final Map<String, Deque<Fault>> next = new HashMap<>();

    private final Map<String, Fault> always = new HashMap<>();

    private final Map<String, List<Chance>> byChance = new HashMap<>();

    private double sentTwice;

    private double receivedTwice;

    private boolean disorder;

    private record Chance(double probability, Fault fault) {}

    Faults(long seed) {
        chances = new Chances(seed);
    }

    /**
     * The next calls of this kind go wrong, one each.
     *
     * @throws IllegalArgumentException if there is no such call, or it can't go wrong so
     */
    @CanIgnoreReturnValue
    public synchronized Faults next(String call, Fault... faults) {
        for (Fault fault : faults) {
            fault.check(call);
        }
        next.computeIfAbsent(call, none -> new ArrayDeque<>()).addAll(List.of(faults));
        return this;
    }

    /**
     * All calls of this kind go wrong until {@link #none()}.
     *
     * @throws IllegalArgumentException if there is no such call, or it can't go wrong so
     */
    @CanIgnoreReturnValue
    public synchronized Faults always(String call, Fault fault) {
        fault.check(call);
        always.put(call, fault);
        return this;
    }

    /**
     * All calls of every kind go wrong until {@link #none()}: an outage.
     *
     * @throws IllegalArgumentException if some calls can't go wrong so
     */
    @CanIgnoreReturnValue
    public synchronized Faults always(Fault fault) {
        AwsCalls.all().forEach(fault::check);
        AwsCalls.all().forEach(call -> always.put(call, fault));
        return this;
    }

    /**
     * Each call of this kind goes wrong with this probability, drawn from the seed. May be said more than once: of what
     * is drawn, the first holds.
     *
     * @throws IllegalArgumentException if there is no such call, it can't go wrong so, or the probability is not 0 to 1
     */
    @CanIgnoreReturnValue
    public synchronized Faults byChance(String call, double probability, Fault fault) {
        fault.check(call);
        byChance.computeIfAbsent(call, none -> new ArrayList<>()).add(new Chance(Chances.checked(probability), fault));
        return this;
    }

    /** Both {@link #sentTwice} and {@link #receivedTwice}, with this probability each. */
    @CanIgnoreReturnValue
    public synchronized Faults duplicates(double probability) {
        return sentTwice(probability).receivedTwice(probability);
    }

    /**
     * SNS sends a copy to a standard queue twice, with this probability: two SQS messages hold the same notification.
     *
     * @throws IllegalArgumentException if it is not 0 to 1
     */
    @CanIgnoreReturnValue
    public synchronized Faults sentTwice(double probability) {
        sentTwice = Chances.checked(probability);
        return this;
    }

    /**
     * A standard queue hands a message out twice, with this probability: what is received is visible again at once, and
     * each receive counts, also for the queue's {@code maxReceiveCount}.
     *
     * @throws IllegalArgumentException if it is not 0 to 1
     */
    @CanIgnoreReturnValue
    public synchronized Faults receivedTwice(double probability) {
        receivedTwice = Chances.checked(probability);
        return this;
    }

    /** The messages of one receive, and the copies of one {@code PublishBatch}, come in any order; not on FIFO queues. */
    @CanIgnoreReturnValue
    public synchronized Faults disorder() {
        disorder = true;
        return this;
    }

    /** Nothing goes wrong any more. Chance goes on where it is. */
    @CanIgnoreReturnValue
    public synchronized Faults none() {
        next.clear();
        always.clear();
        byChance.clear();
        sentTwice = 0;
        receivedTwice = 0;
        disorder = false;
        return this;
    }

    /** What goes wrong with the call that is being made. */
    synchronized Optional<Fault> draw(String call) {
        Deque<Fault> planned = next.get(call);
        if (planned != null && !planned.isEmpty()) {
            return Optional.of(planned.remove());
        }
        if (always.containsKey(call)) {
            return Optional.ofNullable(always.get(call));
        }
        return byChance.getOrDefault(call, List.of()).stream()
                .filter(chance -> chances.happens(call, chance.probability))
                .map(Chance::fault)
                .findFirst();
    }

    /** Whether a copy that was sent to this queue is sent once more. */
    synchronized boolean sendsTwice(String queue) {
        return sentTwice > 0 && !queue.endsWith(FIFO) && chances.happens("sent to " + queue, sentTwice);
    }

    /** Whether a message that was received from this queue is visible again at once. */
    synchronized boolean handsOutTwice(String queue) {
        return receivedTwice > 0 && !queue.endsWith(FIFO) && chances.happens("received from " + queue, receivedTwice);
    }

    /** What comes together to or from this queue, in the order in which it comes. */
    synchronized <T> List<T> ordered(String queue, List<T> together) {
        if (!disorder || together.size() < 2 || queue.endsWith(FIFO)) {
            return together;
        }
        List<T> any = new ArrayList<>(together);
        chances.shuffle("order of " + queue, any);
        return any;
    }
}
