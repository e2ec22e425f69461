package io.github.eventfork.examples;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.ForkRuntime.Cancellable;
import io.github.eventfork.examples.run.Adapter;
import io.github.eventfork.examples.run.EventFile;
import io.github.eventfork.examples.run.LocalRun;
import io.github.eventfork.examples.run.Report;
import io.github.eventfork.examples.run.RunResult;
import io.github.eventfork.examples.run.Screen;
import io.github.eventfork.examples.standin.StandIns;
import io.github.eventfork.examples.standin.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs the three forks in this process. {@code --help} says how. */
@Command(
        name = "eventfork-examples",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        usageHelpWidth = 98,
        description = {
            "",
            "Publishes a file of events to an SNS topic that fans out to three forks, and shows what each received and "
                    + "did. SNS, SQS and the three services run inside this process: no account, no Docker.",
            "",
            "  signup  goes to analytics, mailing-list and chat-notifications",
            "  login   goes to analytics",
            "  any other event goes nowhere",
            ""
        },
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
            "  J --serve --port 4100           goes on, and says how to publish to it with the AWS CLI",
            "",
            "Mailing-list calls fail for e-mail addresses at " + StandIns.NEVER + " always, and for those at",
            StandIns.NOT_AT_FIRST + " once.",
            "",
            "Exit codes: 0 it adds up, 1 it does not or something failed, 2 wrong option."
        })
public final class Main implements Callable<Integer> {

    private static final Duration ENDED_WITHIN = Duration.ofSeconds(40);

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "run", description = "what to do; there is nothing else, so leave it out")
    private String command = "run";

    @Option(
            names = "--events",
            paramLabel = "FILE",
            description = "publish these events instead of those that ship with it")
    private @Nullable Path events;

    @Option(
            names = "--as",
            paramLabel = "ADAPTER",
            converter = AdapterNames.class,
            description = "what runs the forks: poller or lambda (default: poller)")
    private Adapter adapter = Adapter.POLLER;

    @Option(names = "--serve", description = "go on for events that others publish, until Ctrl-C; then show the table")
    private boolean serve;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "the port of SNS and SQS, on 127.0.0.1 (default: any free one)")
    private int port;

    @Option(
            names = "--trouble",
            paramLabel = "SERVICE=KIND:TIME[@CALL]",
            converter = TroubleTexts.class,
            defaultValue = "mailing-list=limit:3s@20",
            description = {
                "a spell in which a service is limit, fail, slow or cut, from a call on; may be given again",
                "(default: mailing-list=limit:3s@20)"
            })
    private List<Trouble> troubles = List.of();

    private final Callable<Path> logFile;
    private final CompletableFuture<Void> stop;

    /** A command that makes its log file with {@code logFile} and ends early when {@code stop} is completed. */
    Main(Callable<Path> logFile, CompletableFuture<Void> stop) {
        this.logFile = logFile;
        this.stop = stop;
    }

    /** Runs it, and ends the JVM with its exit code. */
    public static void main(String[] args) {
        Main main = new Main(LogFile::open, new CompletableFuture<>());
        Charset charset = Charset.forName(
                System.getProperty("stdout.encoding", Charset.defaultCharset().name()));
        PrintWriter out = new PrintWriter(System.out, true, charset);
        PrintWriter err = new PrintWriter(System.err, true, charset);
        System.exit(main.execute(out, err, args));
    }

    /** Runs it and answers with its exit code. */
    int execute(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(this)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> failed(failure, commandLine))
                .execute(args);
    }

    @Override
    public Integer call() throws Exception {
        CommandSpec own = Objects.requireNonNull(spec, "picocli sets it");
        check(own, command.equals("run"), "Unknown command '" + command + "': there is only 'run'");
        check(own, port >= 0 && port <= 65535, "A port must be 0 to 65535");
        // before anything is logged
        Path log = logFile.call();
        try (EventFile file = open()) {
            return runAndReport(file, log, own.commandLine().getOut());
        }
    }

    private int runAndReport(EventFile file, Path log, PrintWriter out) throws IOException, InterruptedException {
        ForkRuntime runtime = ForkRuntime.system();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Cancellable hook = runtime.onExit("eventfork-examples-exit", () -> stopAndWait(over));
        try {
            long begun = runtime.nanoTime();
            Screen screen = new Screen(out, Screen.onTerminal());
            RunResult result = run(file, screen);
            Report.of(result).forEach(screen::line);
            double seconds = (runtime.nanoTime() - begun) / 1e9;
            screen.line(String.format(Locale.ROOT, "Took %.1f s. What the libraries logged: %s", seconds, log));
            return result.addsUp() ? 0 : 1;
        } finally {
            over.complete(null);
            hook.cancel();
        }
    }

    private RunResult run(EventFile file, Screen screen) throws IOException, InterruptedException {
        try (StandIns standIns = StandIns.start(0)) {
            troubles.forEach(standIns::trouble);
            standIns.introduction().forEach(screen::line);
            LocalRun run = new LocalRun(UserEvents.fanOut(standIns), adapter, port, screen, stop);
            return serve ? run.serve(file) : run.run(file);
        }
    }

    private EventFile open() throws IOException {
        if (events != null) {
            try {
                return EventFile.open(events);
            } catch (NoSuchFileException e) {
                throw new IOException("there is no file " + events, e);
            } catch (AccessDeniedException e) {
                throw new IOException("file " + events + " may not be read", e);
            } catch (IOException e) {
                throw new IOException("can't read " + events + ": " + e.getMessage(), e);
            }
        }
        InputStream bundled = Objects.requireNonNull(Main.class.getResourceAsStream("events.jsonl"), "events.jsonl");
        return EventFile.of(bundled);
    }

    /** On Ctrl-C: lets the run end in good order, before the JVM does. */
    private void stopAndWait(CompletableFuture<Void> over) {
        stop.complete(null);
        try {
            ForkRuntime.system().await(over, ENDED_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LoggerFactory.getLogger(Main.class).warn("The run did not end in good order", e);
        }
    }

    private static void check(CommandSpec spec, boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private static int misused(ParameterException misuse, String[] args) {
        CommandLine commandLine = misuse.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println(misuse.getMessage());
        err.print("Usage: " + commandLine.getHelp().synopsis(0));
        err.println("Try --help.");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** One line; the stack trace goes where the libraries log. */
    private static int failed(Exception failure, CommandLine commandLine) {
        LoggerFactory.getLogger(Main.class).error("The run failed", failure);
        String why = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
        commandLine
                .getErr()
                .println("eventfork-examples: " + why.lines().findFirst().orElse(why));
        commandLine.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The adapters, by names in small letters. */
    static final class AdapterNames implements ITypeConverter<Adapter> {

        /** For picocli. */
        AdapterNames() {}

        @Override
        public Adapter convert(String value) {
            return Arrays.stream(Adapter.values())
                    .filter(adapter -> adapter.toString().equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("there is no '" + value + "': poller or lambda"));
        }
    }

    /** Troubles, by their texts. */
    static final class TroubleTexts implements ITypeConverter<Trouble> {

        /** For picocli. */
        TroubleTexts() {}

        @Override
        public Trouble convert(String value) {
            try {
                return Trouble.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** The version that the jar's manifest names. */
    static final class Version implements IVersionProvider {

        /** For picocli. */
        Version() {}

        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"eventfork-examples " + (version == null ? "(not packaged)" : version)};
        }
    }
}
