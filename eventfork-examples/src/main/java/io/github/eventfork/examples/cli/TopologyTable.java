package io.github.eventfork.examples.cli;

import io.github.eventfork.topology.ForkQueue;
import io.github.eventfork.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A topology as a table: a line for each fork. */
final class TopologyTable {

    private static final String GAP = "  ";
    private static final List<String> HEAD =
            List.of("fork", "queue", "dead-letter queue", "receives", "hidden", "kept", "lets in");

    private TopologyTable() {}

    static String of(Topology topology) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (ForkQueue queue : topology.queues()) {
            rows.add(List.of(
                    queue.fork().name(),
                    queue.name(),
                    queue.deadLetterName(),
                    Integer.toString(queue.maxReceiveCount()),
                    queue.visibilityTimeout().toSeconds() + " s",
                    days(queue.retention()) + ", " + days(queue.deadLetterRetention()),
                    queue.filterPolicy().json()));
        }
        List<Integer> widths = new ArrayList<>(Collections.nCopies(HEAD.size(), 0));
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        StringBuilder text = new StringBuilder("Topic " + topology.topicName() + "\n\n");
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i))
                        .append(" ".repeat(widths.get(i) - row.get(i).length()))
                        .append(GAP);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String days(Duration duration) {
        return duration.toHours() % 24 == 0 ? duration.toDays() + " d" : duration.toHours() + " h";
    }
}
