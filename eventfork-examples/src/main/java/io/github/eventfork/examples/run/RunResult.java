package io.github.eventfork.examples.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What became of a run. Immutable.
 *
 * @param published how many events this run published
 * @param alone whether nobody else could publish, so that what a filter policy lets in is known
 * @param skipped the malformed lines
 * @param rows one for each fork
 * @param deadLetters why there are dead letters, as far as they were read
 * @param services what the services hold that the forks work with
 */
public record RunResult(
        long published,
        boolean alone,
        List<Line.Malformed> skipped,
        List<Row> rows,
        List<DeadLetter> deadLetters,
        List<Service> services) {

    /**
     * What became of one fork's messages.
     *
     * @param letIn how many of the published events the fork's filter policy lets in, told without SNS
     * @param inDeadLetterQueue how many messages SQS counts there
     */
    record Row(String fork, long letIn, Counts counts, long inDeadLetterQueue) {

        private long accountedFor() {
            return counts.handled() + counts.duplicate() + counts.discarded() + inDeadLetterQueue;
        }

        private Stream<String> problems(boolean alone) {
            List<String> problems = new ArrayList<>();
            if (alone && counts.received() != letIn) {
                problems.add(fork + ": its filter policy lets " + letIn + " in, and it received " + counts.received());
            }
            if (counts.received() != accountedFor()) {
                problems.add(fork + ": it received " + counts.received() + " messages, and " + accountedFor()
                        + " are accounted for");
            }
            return problems.stream();
        }
    }

    /**
     * What a fork left behind.
     *
     * @param due what the events that were handled should have left, in any order
     * @param held what is there
     */
    record Service(String fork, List<String> due, Downstream.Held held) {

        Service {
            due = List.copyOf(due);
        }

        private Stream<String> problems() {
            long lacking = without(due, held.things());
            long besides = without(held.things(), due);
            return lacking + besides == 0
                    ? Stream.empty()
                    : Stream.of(fork + ": of what it handled (" + due.size() + ") its service lacks " + lacking
                            + ", and it holds " + besides + " besides");
        }

        /** How many of {@code things} are left if {@code others} are taken away, each as often as it is there. */
        private static long without(List<String> things, List<String> others) {
            Map<String, Long> left = new HashMap<>();
            things.forEach(thing -> left.merge(thing, 1L, Long::sum));
            others.forEach(thing -> left.merge(thing, -1L, Long::sum));
            return left.values().stream().mapToLong(count -> Math.max(0, count)).sum();
        }
    }

    /** Copies the lists. */
    public RunResult {
        skipped = List.copyOf(skipped);
        rows = List.copyOf(rows);
        deadLetters = List.copyOf(deadLetters);
        services = List.copyOf(services);
    }

    /**
     * Whether for each fork, what its filter policy lets in is what it received, and what it received was handled, a
     * duplicate, discarded, or is in the dead-letter queue; and its service holds each thing that was handled once.
     */
    public boolean addsUp() {
        return problems().isEmpty();
    }

    /** What does not add up, one sentence each. */
    List<String> problems() {
        return Stream.concat(
                        rows.stream().flatMap(row -> row.problems(alone)),
                        services.stream().flatMap(Service::problems))
                .toList();
    }
}
