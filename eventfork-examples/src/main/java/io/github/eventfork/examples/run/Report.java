package io.github.eventfork.examples.run;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A run's result as text: a table of the forks, one of their services, why there are dead letters, and whether it adds up. */
public final class Report {

    static final int WIDTH = 100;

    private static final String ROW = "%-20s%6s%10s%9s%11s%11s%8s%10s%9s";
    private static final String SERVICE = "%-20s%6s%10s%9s%11s%11s";
    private static final String NAME = "  %-18s  ";

    /** The table names the fork, and the queue holds the message: neither is said again. */
    private static final Pattern PREAMBLE =
            Pattern.compile("^Fork '[^']*' rejected message \\S+ \\(type '[^']*', attempt \\d+\\): ");

    /** What to do about it stands in the dead letter; here is room for what is wrong. */
    private static final Pattern ADVICE = Pattern.compile("\\. (?:Fix|Publish|Mend|Let|It was) .*$", Pattern.DOTALL);

    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z]\\w*\\.)+(?=[A-Z])");

    private Report() {}

    /** The lines of {@code result}, none longer than 100 characters. */
    public static List<String> of(RunResult result) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Published " + events(result.published())
                + (result.skipped().isEmpty() ? "." : "; skipped " + skipped(result.skipped()) + "."));
        lines.add("");
        table(result, lines);
        services(result, lines);
        deadLetters(result, lines);
        lines.add("");
        verdict(result, lines);
        return lines.stream().map(line -> cut(line, WIDTH)).toList();
    }

    static String events(long count) {
        return count + (count == 1 ? " event" : " events");
    }

    private static String skipped(List<Line.Malformed> malformed) {
        return (malformed.size() == 1 ? "line " : malformed.size() + " lines: ")
                + malformed.stream()
                        .map(line -> Integer.toString(line.number()))
                        .collect(Collectors.joining(", "));
    }

    private static void table(RunResult result, List<String> lines) {
        lines.add(ROW.formatted("", "let", "", "", "", "", "failed", "", "dead"));
        lines.add(ROW.formatted(
                "fork", "in", "received", "handled", "duplicate", "discarded", "runs", "rejected", "letters"));
        lines.add("-".repeat(ROW.formatted("", "", "", "", "", "", "", "", "").length()));
        for (RunResult.Row row : result.rows()) {
            Counts counts = row.counts();
            Object[] cells = LongStream.of(
                            row.letIn(),
                            counts.received(),
                            counts.handled(),
                            counts.duplicate(),
                            counts.discarded(),
                            counts.failedRuns(),
                            counts.rejected(),
                            row.inDeadLetterQueue())
                    .boxed()
                    .toArray();
            lines.add("%-20s".formatted(row.fork()) + "%6d%10d%9d%11d%11d%8d%10d%9d".formatted(cells));
        }
    }

    private static void services(RunResult result, List<String> lines) {
        if (result.services().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(SERVICE.formatted("service of", "calls", "refused", "repeated", "holds", "due"));
        lines.add("-".repeat(SERVICE.formatted("", "", "", "", "", "").length()));
        for (RunResult.Service service : result.services()) {
            Downstream.Held held = service.held();
            Object[] cells = LongStream.of(
                            held.calls(),
                            held.refused(),
                            held.repeated(),
                            held.things().size(),
                            service.due().size())
                    .boxed()
                    .toArray();
            lines.add("%-20s".formatted(service.fork()) + "%6d%10d%9d%11d%11d".formatted(cells));
        }
    }

    private static void deadLetters(RunResult result, List<String> lines) {
        if (result.deadLetters().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Why there are dead letters:");
        for (DeadLetter letter : result.deadLetters()) {
            lines.add(NAME.formatted(letter.fork()) + shortened(letter.reason()));
        }
        long more = result.rows().stream()
                        .mapToLong(RunResult.Row::inDeadLetterQueue)
                        .sum()
                - result.deadLetters().size();
        if (more > 0) {
            lines.add(NAME.formatted("") + "and " + more + " more");
        }
    }

    private static void verdict(RunResult result, List<String> lines) {
        if (result.addsUp()) {
            lines.add((result.alone() ? "It adds up: let in = received = " : "It adds up: received = ")
                    + "handled + duplicate + discarded + dead letters, for each fork.");
            if (!result.services().isEmpty()) {
                lines.add("No effect is there twice, and none is missing: each service holds what was handled, once.");
            }
        } else {
            lines.add("It does NOT add up:");
            result.problems().forEach(problem -> lines.add("  " + problem));
        }
    }

    static String shortened(String reason) {
        String bare = PREAMBLE.matcher(reason).replaceFirst("");
        return PACKAGE.matcher(ADVICE.matcher(bare).replaceFirst("")).replaceAll("");
    }

    private static String cut(String line, int most) {
        return line.length() <= most ? line : line.substring(0, most - 3).stripTrailing() + "...";
    }
}
