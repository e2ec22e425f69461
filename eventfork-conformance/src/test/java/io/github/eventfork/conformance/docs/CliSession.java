package io.github.eventfork.conformance.docs;

import io.github.eventfork.conformance.docs.Page.Block;
import java.util.ArrayList;
import java.util.List;

/**
 * A session on the command line as a page shows it: commands, and below each, as comments, what it prints. A command goes
 * on in the next line after a backslash.
 */
record CliSession(List<Step> steps) {

    private static final String ANSWER = "# ";

    /** A command and the lines that it prints; none if it prints none, or the page does not say. */
    record Step(String command, List<String> prints) {}

    static CliSession of(Block block) {
        List<Step> steps = new ArrayList<>();
        StringBuilder command = new StringBuilder();
        for (String line : block.lines()) {
            if (line.startsWith(ANSWER)) {
                steps.get(steps.size() - 1).prints().add(line.substring(ANSWER.length()));
            } else if (!line.isBlank()) {
                command.append(line);
                if (line.endsWith("\\")) {
                    command.append('\n');
                } else {
                    steps.add(new Step(command.toString(), new ArrayList<>()));
                    command.setLength(0);
                }
            }
        }
        return new CliSession(steps);
    }

    /** All commands for one shell, which says between them which one it has done. */
    String script() {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            script.append(steps.get(i).command())
                    .append("\necho '")
                    .append(done(i))
                    .append("'\n");
        }
        return script.toString();
    }

    /** What each command printed, from what the shell printed for {@link #script()}. */
    List<List<String>> printed(List<String> lines) {
        List<List<String>> printed = new ArrayList<>();
        List<String> current = new ArrayList<>();
        for (String line : lines) {
            if (line.equals(done(printed.size()))) {
                printed.add(current);
                current = new ArrayList<>();
            } else if (!line.isBlank()) {
                current.add(line);
            }
        }
        return printed;
    }

    private static String done(int step) {
        return "-- done: " + step;
    }
}
