package io.github.eventfork.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What is to go wrong with the calls to a {@link FaultyQueue}, such as an {@link InMemoryQueue}. Of what is planned for a
 * call, the first of these holds: what {@link #next} names for its kind, then for any, what goes wrong {@link #always}, what
 * {@link #byChance} draws. What blocks or throws is drawn where a call begins, all else where it arrives, so that what is
 * under way when an outage begins fails too. Thread-safe.
 */
public final class Faults {

    private final VirtualRuntime runtime;

    private final RandomGenerator random;

    private final Deque<Fault> nextOfAny = new ArrayDeque<>();

    private final Map<InMemoryQueue.Call, Deque<Fault>> next = new EnumMap<>(InMemoryQueue.Call.class);

    private final Map<InMemoryQueue.Call, Fault> always = new EnumMap<>(InMemoryQueue.Call.class);

    private final Map<InMemoryQueue.Call, List<Chance>> chances = new EnumMap<>(InMemoryQueue.Call.class);

    private record Chance(double probability, Fault fault) {}

    /** @param purpose what its chance is for, so that two do not draw the same */
    Faults(VirtualRuntime runtime, String purpose) {
        this.runtime = runtime;
        this.random = runtime.chance(purpose);
    }

    /** The next calls of this kind go wrong, one each; {@link Fault#none()} lets one go through. */
    public synchronized Faults next(InMemoryQueue.Call call, Fault... faults) {
        List.of(faults).forEach(this::planned);
        next.computeIfAbsent(call, none -> new ArrayDeque<>()).addAll(List.of(faults));
        return this;
    }

    /** The next calls of any kind for which nothing else is named go wrong, one each. */
    public synchronized Faults next(Fault... faults) {
        List.of(faults).forEach(this::planned);
        nextOfAny.addAll(List.of(faults));
        return this;
    }

    /** All calls of this kind go wrong until {@link #none()}. */
    public synchronized Faults always(InMemoryQueue.Call call, Fault fault) {
        planned(fault);
        always.put(call, fault);
        return this;
    }

    /** All calls of every kind go wrong until {@link #none()}: an outage. */
    public synchronized Faults always(Fault fault) {
        planned(fault);
        for (InMemoryQueue.Call call : InMemoryQueue.Call.values()) {
            always.put(call, fault);
        }
        return this;
    }

    /** Each call of this kind goes wrong with this probability, drawn from the seed. */
    public synchronized Faults byChance(InMemoryQueue.Call call, double probability, Fault fault) {
        planned(fault);
        chances.computeIfAbsent(call, none -> new ArrayList<>()).add(new Chance(probability, fault));
        return this;
    }

    /** Each call of every kind goes wrong with this probability, drawn from the seed. */
    public synchronized Faults byChance(double probability, Fault fault) {
        for (InMemoryQueue.Call call : InMemoryQueue.Call.values()) {
            byChance(call, probability, fault);
        }
        return this;
    }

    /** Nothing goes wrong any more with calls that are still to come. */
    public synchronized Faults none() {
        next.clear();
        nextOfAny.clear();
        always.clear();
        chances.clear();
        return this;
    }

    /** A call that blocks needs a thread that it can block. */
    private void planned(Fault fault) {
        if (fault instanceof Fault.Blocking) {
            runtime.callersOnThreads();
        }
    }

    /** What goes wrong with the call that is being made, wherever. */
    synchronized Optional<Fault> draw(InMemoryQueue.Call call) {
        return planned(call, any -> true);
    }

    /** What goes wrong with the call on the thread that makes it. */
    synchronized Optional<Fault> drawOnThread(InMemoryQueue.Call call) {
        return planned(call, Faults::onThread);
    }

    /** What goes wrong with the call on its way. */
    synchronized Optional<Fault> drawOnWay(InMemoryQueue.Call call) {
        return planned(call, fault -> !onThread(fault));
    }

    private static boolean onThread(Fault fault) {
        return fault instanceof Fault.Blocking || fault instanceof Fault.Throwing;
    }

    private Optional<Fault> planned(InMemoryQueue.Call call, Predicate<Fault> kind) {
        Deque<Fault> script = next.getOrDefault(call, nextOfAny);
        if (script.isEmpty()) {
            script = nextOfAny;
        }
        Optional<Fault> fault = Optional.ofNullable(script.peek());
        if (fault.isPresent()) {
            if (!kind.test(fault.get())) {
                return Optional.empty();
            }
            script.remove();
        } else if (always.containsKey(call)) {
            fault = Optional.ofNullable(always.get(call)).filter(kind);
        } else {
            fault = byChance(call, kind);
        }
        return fault.filter(wrong -> !(wrong instanceof Fault.None));
    }

    private Optional<Fault> byChance(InMemoryQueue.Call call, Predicate<Fault> kind) {
        return chances.getOrDefault(call, List.of()).stream()
                .filter(chance -> kind.test(chance.fault) && random.nextDouble() < chance.probability)
                .map(Chance::fault)
                .findFirst();
    }
}
