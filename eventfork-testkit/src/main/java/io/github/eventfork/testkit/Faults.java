package io.github.eventfork.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What is to go wrong with the calls to an {@link InMemoryQueue}. Of what is planned for a call, the first of these holds:
 * what {@link #next} names, what goes wrong {@link #always}, what {@link #byChance} draws. Thread-safe.
 */
public final class Faults {

    private final RandomGenerator random;

    private final Map<InMemoryQueue.Call, Deque<Fault>> next = new EnumMap<>(InMemoryQueue.Call.class);

    private final Map<InMemoryQueue.Call, Fault> always = new EnumMap<>(InMemoryQueue.Call.class);

    private final Map<InMemoryQueue.Call, List<Chance>> chances = new EnumMap<>(InMemoryQueue.Call.class);

    private record Chance(double probability, Fault fault) {}

    Faults(RandomGenerator random) {
        this.random = random;
    }

    /** The next calls of this kind go wrong, one each; {@link Fault#none()} lets one go through. */
    public synchronized Faults next(InMemoryQueue.Call call, Fault... faults) {
        next.computeIfAbsent(call, none -> new ArrayDeque<>()).addAll(List.of(faults));
        return this;
    }

    /** All calls of this kind go wrong until {@link #none()}. */
    public synchronized Faults always(InMemoryQueue.Call call, Fault fault) {
        always.put(call, fault);
        return this;
    }

    /** All calls of every kind fail until {@link #none()}: an outage. */
    public synchronized Faults always(Fault fault) {
        for (InMemoryQueue.Call call : InMemoryQueue.Call.values()) {
            always.put(call, fault);
        }
        return this;
    }

    /** Each call of this kind goes wrong with this probability, drawn from the seed. */
    public synchronized Faults byChance(InMemoryQueue.Call call, double probability, Fault fault) {
        chances.computeIfAbsent(call, none -> new ArrayList<>()).add(new Chance(probability, fault));
        return this;
    }

    /** Nothing goes wrong any more. */
    public synchronized Faults none() {
        next.clear();
        always.clear();
        chances.clear();
        return this;
    }

    /** What goes wrong with the call that is being made. */
    synchronized Optional<Fault> draw(InMemoryQueue.Call call) {
        return planned(call).filter(fault -> !(fault instanceof Fault.None));
    }

    private Optional<Fault> planned(InMemoryQueue.Call call) {
        Deque<Fault> planned = next.get(call);
        if (planned != null && !planned.isEmpty()) {
            return Optional.of(planned.remove());
        }
        if (always.containsKey(call)) {
            return Optional.ofNullable(always.get(call));
        }
        return chances.getOrDefault(call, List.of()).stream()
                .filter(chance -> random.nextDouble() < chance.probability)
                .map(Chance::fault)
                .findFirst();
    }
}
