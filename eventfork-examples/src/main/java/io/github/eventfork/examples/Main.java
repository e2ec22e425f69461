package io.github.eventfork.examples;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.examples.cli.Catalog;
import io.github.eventfork.examples.cli.RunOptions;
import io.github.eventfork.examples.cli.Surroundings;
import io.github.eventfork.examples.cli.Tool;
import io.github.eventfork.examples.run.EventFile;
import io.github.eventfork.examples.run.LocalRun;
import io.github.eventfork.examples.run.Report;
import io.github.eventfork.examples.run.RunResult;
import io.github.eventfork.examples.run.Screen;
import io.github.eventfork.examples.standin.StandIns;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The executable jar: the three forks, and the commands that work on them. {@code --help} says which. */
public final class Main {

    private final Surroundings surroundings;
    private final ForkList forks;
    private final Map<String, String> environment;

    /** Commands that run in {@code surroundings}, on the forks of the examples. */
    Main(Surroundings surroundings) {
        this(surroundings, UserEvents.forks(), System.getenv());
    }

    /** Commands on these forks, whose services {@code environment} describes. */
    Main(Surroundings surroundings, ForkList forks, Map<String, String> environment) {
        this.surroundings = surroundings;
        this.forks = forks;
        this.environment = Map.copyOf(environment);
    }

    /** Runs a command, and ends the JVM with its exit code. */
    public static void main(String[] args) {
        Charset charset = Charset.forName(
                System.getProperty("stdout.encoding", Charset.defaultCharset().name()));
        PrintWriter out = new PrintWriter(System.out, true, charset);
        PrintWriter err = new PrintWriter(System.err, true, charset);
        System.exit(new Main(Surroundings.real()).execute(out, err, args));
    }

    /** Runs a command, and answers with its exit code. */
    int execute(PrintWriter out, PrintWriter err, String... args) {
        return new Tool(catalog(), this::run, surroundings).execute(out, err, args);
    }

    private Catalog catalog() {
        return new Catalog(forks.shape(), Template::function, forks.workers(environment));
    }

    private boolean run(RunOptions options, PrintWriter out, Path log, CompletableFuture<Void> stop)
            throws IOException, InterruptedException {
        ForkRuntime runtime = surroundings.runtime();
        try (EventFile file = options.open(Main::bundled)) {
            long begun = runtime.nanoTime();
            Screen screen = new Screen(out, surroundings.terminal());
            RunResult result = run(file, options, screen, stop);
            Report.of(result).forEach(screen::line);
            double seconds = (runtime.nanoTime() - begun) / 1e9;
            screen.line(String.format(Locale.ROOT, "Took %.1f s. What the libraries logged: %s", seconds, log));
            return result.addsUp();
        }
    }

    private RunResult run(EventFile file, RunOptions options, Screen screen, CompletableFuture<Void> stop)
            throws IOException, InterruptedException {
        try (StandIns standIns = StandIns.start(0)) {
            options.troubles().forEach(standIns::trouble);
            standIns.introduction().forEach(screen::line);
            if (options.serve()) {
                exports(standIns).forEach(screen::line);
            }
            LocalRun run = new LocalRun(
                    forks.fanOut(standIns, environment), options.adapter(), options.address(), screen, stop);
            return options.serve() ? run.serve(file) : run.run(file);
        }
    }

    /** Without it, a fork that {@code poll} runs would call the real services. */
    private static List<String> exports(StandIns standIns) {
        return Stream.concat(
                        Stream.of("For poll from another terminal, so that it calls these and not the real ones:"),
                        new TreeMap<>(standIns.environment())
                                .entrySet().stream().map(each -> "  export " + each.getKey() + "=" + each.getValue()))
                .toList();
    }

    private static InputStream bundled() {
        return Objects.requireNonNull(Main.class.getResourceAsStream("events.jsonl"), "events.jsonl");
    }
}
