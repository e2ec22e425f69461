package io.github.eventfork.topology;

import java.util.ArrayList;
import java.util.List;

/** Draws a topology as a <a href="https://mermaid.js.org/syntax/flowchart.html">Mermaid flowchart</a>. */
final class Mermaid {

    private Mermaid() {}

    static String of(Topology topology) {
        List<String> lines = new ArrayList<>();
        lines.add("flowchart LR");
        lines.add("    topic" + node("([", topology.topicName(), "])"));
        int number = 0;
        for (ForkQueue queue : topology.queues()) {
            number++;
            String wanted = String.join(" and ", PolicyWords.of(queue.filterPolicy()));
            String often =
                    queue.maxReceiveCount() == 1 ? "after 1 receive" : "after " + queue.maxReceiveCount() + " receives";
            lines.add("    topic -->|" + label(wanted) + "| queue" + number + node("[(", queue.name(), ")]"));
            lines.add("    queue" + number + " --> fork" + number
                    + node("[", queue.fork().name(), "]"));
            lines.add("    queue" + number + " -.->|" + label(often) + "| dead" + number
                    + node("[(", queue.deadLetterName(), ")]"));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String node(String open, String name, String close) {
        return open + label(name) + close;
    }

    /** Everything but letters, digits and harmless signs becomes an entity, so that no text is taken for syntax. */
    private static String label(String text) {
        StringBuilder label = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            if (Character.isLetterOrDigit(point) || " -_.,:()/=".indexOf(point) >= 0) {
                label.appendCodePoint(point);
            } else {
                label.append('#')
                        .append(Character.isISOControl(point) ? 0xFFFD : point)
                        .append(';');
            }
        });
        return label.append('"').toString();
    }
}
