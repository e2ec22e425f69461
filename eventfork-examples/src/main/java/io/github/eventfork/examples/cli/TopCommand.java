package io.github.eventfork.examples.cli;

import io.github.eventfork.examples.standin.StandIns;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What stands above the commands: their help, and {@code run} if none is named. */
@Command(
        name = Tool.NAME,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = Tool.WIDTH,
        synopsisSubcommandLabel = "[COMMAND]",
        optionListHeading = "%nOptions of run, which is what it does without a command:%n",
        commandListHeading = "%nCommands (each has a --help of its own):%n",
        footer = {
            "",
            "Examples (J stands for: java -jar eventfork-examples/target/eventfork-examples.jar)",
            "",
            "  J                               the events that ship with it",
            "  J --events my.jsonl             your own: one JSON object a line, such as",
            "      {\"event\":\"signup\",\"id\":\"e-1\",\"message\":{\"name\":\"Ada\",\"email\":\"ada@example.org\"}}",
            "      {\"event\":\"login\",\"id\":\"e-2\",\"message\":{\"email\":\"a@example.org\",\"at\":\"2026-01-31T12:00:00Z\"}}",
            "      event and id become message attributes and may be missing. message is published as its",
            "      JSON text; a string is published as it is. Lines that don't fit are named and skipped.",
            "  J --as lambda                   the same, each fork in a Lambda function behind its queue",
            "  J --serve --port 4100           goes on; then, from another terminal:",
            "  J publish --endpoint http://127.0.0.1:4100 --event signup \\",
            "      --message '{\"name\":\"Ada\",\"email\":\"ada@example.org\"}'",
            "  J topology --format mermaid     the fan-out as a picture",
            "",
            "Mailing-list calls fail for e-mail addresses at " + StandIns.NEVER + " always, and for those at",
            StandIns.NOT_AT_FIRST + " once.",
            "",
            "Exit codes: 0 done (run: it adds up), 1 it does not or something failed, 2 wrong use.",
        })
final class TopCommand implements Callable<Integer> {

    private final RunCommand run;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RunOptions options = new RunOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // asked for by its name, when something went wrong
    private Verbosity verbosity = new Verbosity();

    TopCommand(RunCommand run) {
        this.run = run;
    }

    @Override
    public Integer call() throws Exception {
        return run.run(options, Objects.requireNonNull(spec, "picocli sets it"));
    }
}
