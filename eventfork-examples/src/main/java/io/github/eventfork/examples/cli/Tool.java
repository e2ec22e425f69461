package io.github.eventfork.examples.cli;

import io.github.eventfork.topology.ForkQueue;
import io.github.eventfork.topology.Topology;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** All commands, put together; {@code run} is what is done without one. */
public final class Tool {

    static final String NAME = "eventfork-examples";

    /** Of help, in columns. */
    static final int WIDTH = 98;

    private final CommandLine commands;

    /**
     * Puts the commands together.
     *
     * @param catalog the forks that they work on
     * @param job what {@code run} does
     * @param surroundings what the commands run in
     */
    public Tool(Catalog catalog, LocalJob job, Surroundings surroundings) {
        RunCommand run = new RunCommand(job, surroundings);
        commands = new CommandLine(new TopCommand(run))
                .addSubcommand(run)
                .addSubcommand(new PublishCommand(catalog.topology(), surroundings))
                .addSubcommand(new PollCommand(catalog, surroundings))
                .addSubcommand(new TopologyCommand(catalog))
                .addSubcommand(new GenerateCompletion())
                .setParameterExceptionHandler(Complaints::misused)
                .setExecutionExceptionHandler(Complaints::failed)
                .setExecutionStrategy(Tool::execute);
        commands.getCommandSpec().usageMessage().description(description(catalog.topology()));
    }

    /** Runs a command, and answers with its exit code: 0 done, 1 failed, 2 misused. */
    public int execute(PrintWriter out, PrintWriter err, String... args) {
        return commands.setOut(out).setErr(err).execute(args);
    }

    /** The options before a command are those of {@code run}, and would be lost on another. */
    private static int execute(ParseResult parsed) {
        if (parsed.hasSubcommand() && !parsed.matchedOptions().isEmpty() && !CommandLine.printHelpIfRequested(parsed)) {
            throw new ParameterException(
                    parsed.commandSpec().commandLine(),
                    "options come after the command: "
                            + parsed.matchedOptions().get(0).longestName() + " stands before '"
                            + parsed.subcommand().commandSpec().name() + "'");
        }
        return new RunLast().execute(parsed);
    }

    private static String[] description(Topology topology) {
        Map<String, List<String>> forks = new LinkedHashMap<>();
        for (ForkQueue queue : topology.queues()) {
            for (String type : queue.fork().types()) {
                forks.computeIfAbsent(type, unseen -> new ArrayList<>())
                        .add(queue.fork().name());
            }
        }
        List<String> lines = new ArrayList<>(List.of(
                "",
                "Publishes events to an SNS topic that fans out to forks, each behind an SQS queue, and shows what each "
                        + "received and did. SNS and SQS run inside this process: no AWS account, no Docker.",
                ""));
        forks.forEach((type, names) -> lines.add("  " + type + " goes to " + String.join(", ", names)));
        lines.add("  any other event goes nowhere");
        return lines.toArray(String[]::new);
    }
}
