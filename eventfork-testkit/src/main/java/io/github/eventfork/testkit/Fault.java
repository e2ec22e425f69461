package io.github.eventfork.testkit;

import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What goes wrong with one call to an {@link InMemoryQueue}. Immutable. */
public sealed interface Fault {

    /** Nothing goes wrong: for a script in which this call goes through. */
    static Fault none() {
        return new None();
    }

    /** The whole call fails and nothing is done. */
    static Fault failing() {
        return failing(new IllegalStateException("the queue can't be reached (a fault of the test)"));
    }

    /** The whole call fails with {@code cause} and nothing is done. */
    static Fault failing(Throwable cause) {
        return new Failing(cause);
    }

    /** It is done, but its answer is lost: the caller is told of a failure. */
    static Fault lost() {
        return new Lost();
    }

    /** It is done in time, and its answer comes later by this. */
    static Fault delayed(Duration by) {
        return new Delayed(by);
    }

    /** The entries at these indexes are not done, and answered so; with no index, all entries. The rest is done. */
    static Fault answering(Entry entry, Integer... indexes) {
        return new Answering(entry, Arrays.stream(indexes).collect(Collectors.toUnmodifiableSet()));
    }

    /** The last {@code count} entries are not done, and left out of the answer. */
    static Fault leavingOut(int count) {
        return new LeavingOut(count);
    }

    /** See {@link Fault#none()}. */
    record None() implements Fault {}

    /** See {@link Fault#failing(Throwable)}. */
    record Failing(Throwable cause) implements Fault {}

    /** See {@link Fault#lost()}. */
    record Lost() implements Fault {}

    /** See {@link Fault#delayed(Duration)}. */
    record Delayed(Duration by) implements Fault {}

    /** See {@link Fault#answering(Entry, Integer...)}. */
    record Answering(Entry entry, Set<Integer> indexes) implements Fault {

        boolean concerns(int index) {
            return indexes.isEmpty() || indexes.contains(index);
        }
    }

    /** See {@link Fault#leavingOut(int)}. */
    record LeavingOut(int count) implements Fault {}
}
