package io.github.eventfork.conformance;

import io.github.eventfork.conformance.TroubleStep.Send;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What happens to a queue and to those who work on it: messages, and all the trouble that the testkit knows. Its seed decides
 * all of it, and all that is left to chance when it is played.
 */
record TroubleStory(long seed, Setting setting, List<TroubleStep> steps) {

    /** Who remembers what was done. */
    enum Memory {
        NOBODY,
        STORE,
        STORE_THAT_FAILS_OPEN,
        DOWNSTREAM
    }

    /**
     * What does not change.
     *
     * @param mostReceives after so many the queue moves a message away; empty if it has no dead-letter queue
     * @param attempts the fork's
     * @param delay after which the fork tries again
     * @param visibility the queue's visibility timeout at first
     * @param limit on the time of a run
     */
    record Setting(
            Anywhere kind,
            boolean fifo,
            OptionalInt mostReceives,
            int attempts,
            Duration delay,
            Duration visibility,
            Duration longPoll,
            Duration drain,
            Duration limit,
            int concurrency,
            int inHand,
            Duration roundTrip,
            Memory memory) {

        /** The same with ten handlers, and as many messages in hand as they can want, hidden for so long. */
        Setting forACrowd(Duration hidden) {
            return new Setting(
                    kind,
                    fifo,
                    mostReceives,
                    attempts,
                    delay,
                    hidden,
                    longPoll,
                    hidden,
                    limit,
                    10,
                    80,
                    Duration.ZERO,
                    memory);
        }

        boolean polls() {
            return kind == Anywhere.POLLER_ENGINE || kind == Anywhere.SQS_POLLER;
        }

        /** Whether delays and dead letters are carried out by the fork, not only by the queue. */
        boolean settles() {
            return kind != Anywhere.LAMBDA_ENGINE && kind != Anywhere.FORK_FUNCTION;
        }

        boolean claims() {
            return memory == Memory.STORE || memory == Memory.STORE_THAT_FAILS_OPEN;
        }
    }

    TroubleStory {
        steps = List.copyOf(steps);
    }

    /** The story of this seed. */
    static TroubleStory of(long seed) {
        return new TroubleAuthor(seed).write();
    }

    /** Whether any step is of this kind. */
    boolean has(Class<? extends TroubleStep> kind) {
        return steps.stream().anyMatch(kind::isInstance);
    }

    /** The same with other steps. */
    TroubleStory telling(List<TroubleStep> others) {
        return new TroubleStory(seed, setting, others);
    }

    /** The same without the steps from {@code from} to {@code to}, exclusively. */
    TroubleStory without(int from, int to) {
        List<TroubleStep> rest = new ArrayList<>(steps.subList(0, from));
        rest.addAll(steps.subList(to, steps.size()));
        return telling(rest);
    }

    /** The same stories in which one message has a script that is shorter by its last part. */
    List<TroubleStory> withShorterScripts() {
        List<TroubleStory> shorter = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Send send && !send.script().isEmpty()) {
                List<TroubleStep> others = new ArrayList<>(steps);
                others.set(i, send.doing(send.script().subList(0, send.script().size() - 1)));
                shorter.add(telling(others));
            }
        }
        return shorter;
    }

    @Override
    public String toString() {
        return setting + "\n" + steps.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }
}
