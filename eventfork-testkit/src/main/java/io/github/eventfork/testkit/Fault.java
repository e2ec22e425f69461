package io.github.eventfork.testkit;

import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What goes wrong with one call to a {@link FaultyQueue}, such as an {@link InMemoryQueue}. Immutable. */
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

    /** It is done, but it is never answered. */
    static Fault doneNeverAnswered() {
        return new NeverAnswered(true);
    }

    /** It is not done, and it is never answered. */
    static Fault neverAnswered() {
        return new NeverAnswered(false);
    }

    /** The call throws at once, and nothing is done. */
    static Fault throwing(RuntimeException thrown) {
        return new Throwing(thrown);
    }

    /** The call throws at once, and nothing is done. */
    static Fault throwing(Error thrown) {
        return new Throwing(thrown);
    }

    /**
     * The thread that calls is held for {@code time} before the call goes out, as by a provider of credentials that is slow.
     * If that is one of {@link VirtualRuntime#callers}, nobody else is held; anywhere else, as on a timer's thread, the
     * whole process is.
     */
    static Fault blocking(Duration time) {
        return blocking(time, none());
    }

    /** The same, and when the call goes out at last, {@code then} goes wrong with it. */
    static Fault blocking(Duration time, Fault then) {
        return new Blocking(time, then);
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

    /** See {@link Fault#doneNeverAnswered()} and {@link Fault#neverAnswered()}. */
    record NeverAnswered(boolean done) implements Fault {}

    /**
     * See {@link Fault#throwing(RuntimeException)}.
     *
     * @param thrown a {@link RuntimeException} or an {@link Error}
     */
    record Throwing(Throwable thrown) implements Fault {

        /** Throws it. */
        RuntimeException now() {
            if (thrown instanceof Error error) {
                throw error;
            }
            return thrown instanceof RuntimeException exception ? exception : new IllegalStateException(thrown);
        }
    }

    /** See {@link Fault#blocking(Duration, Fault)}. */
    record Blocking(Duration time, Fault then) implements Fault {}

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
