package io.github.eventfork.examples.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code run}, and what happens without a command. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = Tool.WIDTH,
        description = {
            "",
            "Publishes a file of events to the topic, with SNS and SQS inside this process, and shows what each fork "
                    + "received and did. The same as no command at all.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  J run                          the events that ship with it",
            "  J run --events my.jsonl        your own",
            "  J run --as lambda              each fork in a Lambda function behind its queue",
            "  J run --serve --port 4100      goes on, for publish and for the AWS CLI"
        })
final class RunCommand implements Callable<Integer> {

    private final LocalJob job;
    private final Surroundings surroundings;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RunOptions options = new RunOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // asked for by its name, when something went wrong
    private Verbosity verbosity = new Verbosity();

    RunCommand(LocalJob job, Surroundings surroundings) {
        this.job = job;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        return run(options, Objects.requireNonNull(spec, "picocli sets it"));
    }

    int run(RunOptions chosen, CommandSpec called) throws Exception {
        // before anything is logged
        Path log = surroundings.logs().toFile();
        try (OrderlyEnd end = new OrderlyEnd(surroundings)) {
            return job.run(chosen, called.commandLine().getOut(), log, end.stop()) ? 0 : 1;
        } catch (Exception e) {
            LoggerFactory.getLogger(RunCommand.class).error("The run failed", e);
            throw e;
        }
    }
}
