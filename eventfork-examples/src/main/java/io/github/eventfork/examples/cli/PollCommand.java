package io.github.eventfork.examples.cli;

import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.poller.SqsPoller;
import io.github.eventfork.text.LogText;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** {@code poll}: one fork on one queue, as a container runs it. */
@Command(
        name = "poll",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = Tool.WIDTH,
        description = {
            "",
            "Runs one fork on one queue, as a container does, until SIGTERM or Ctrl-C: then handlers finish, what waits "
                    + "is given back, and it is over within 25 s. What the fork works with is configured by the environment.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  J poll --fork analytics --queue https://sqs.eu-west-1.amazonaws.com/123456789012/analytics",
            "  J poll --fork analytics --queue http://127.0.0.1:4100/000000000000/analytics --health 127.0.0.1:0",
            "      (beside run --serve --port 4100, with the export lines that it prints, and sharing its events)",
            "  curl -s localhost:8080/health",
            "      {\"fork\":\"analytics\",\"status\":\"RUNNING\",\"since\":\"2026-01-31T12:00:00Z\"}",
            "",
            "/health answers 200 while the fork receives, else 503 and what is wrong. A queue that can't be reached for a",
            "time is waited for; one that does not exist, or refuses the credentials, ends the command at its start.",
            "",
            "Exit codes: 143 ended by SIGTERM, 130 by Ctrl-C; 1 it can't start, broke, or did not end in time; 2 wrong use."
        })
final class PollCommand implements Callable<Integer> {

    /** As much as fits between SIGTERM and SIGKILL, for which containers wait 30 s. */
    private static final Duration DRAINS_WITHIN = Duration.ofSeconds(25);

    private static final Duration TICK = Duration.ofMillis(500);

    private final Catalog catalog;
    private final Surroundings surroundings;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--fork", paramLabel = "NAME", required = true, description = "which fork")
    private String fork = "";

    @Option(
            names = "--queue",
            paramLabel = "QUEUE",
            required = true,
            description = "its queue: a URL, an ARN or a name")
    private String queue = "";

    @Option(
            names = "--health",
            paramLabel = "[HOST:]PORT",
            converter = Address.class,
            description =
                    "where /health is served (default: 127.0.0.1:8080; 0.0.0.0:8080 for probes from outside; port 0 is any"
                            + " free one)")
    private InetSocketAddress health = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            converter = Handlers.class,
            description = "how many events are handled at once, 1 to 10000 (default: 10)")
    private int concurrency = 10;

    @Option(
            names = "--long-poll",
            paramLabel = "SECONDS",
            converter = Seconds.class,
            description = "how long an idle poll waits, 0 to 20 (default: 20); ending may take as long")
    private Duration longPoll = Duration.ofSeconds(20);

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    @SuppressWarnings("UnusedVariable") // asked for by its name, when something went wrong
    private Verbosity verbosity = new Verbosity();

    PollCommand(Catalog catalog, Surroundings surroundings) {
        this.catalog = catalog;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        surroundings.logs().toStandardError(true);
        Supplier<Fork> maker = catalog.worker(fork)
                .orElseThrow(() -> misuse("there is no fork '" + fork + "': "
                        + String.join(", ", catalog.workers().keySet())));
        QueueReference where = new QueueReference(queue);
        Fork worker = maker.get();
        try (OrderlyEnd end = new OrderlyEnd(surroundings);
                SqsAsyncClient sqs = connection.sqs(where);
                SqsPoller poller = poller(worker, sqs);
                HealthEndpoint endpoint = HealthEndpoint.start(health, worker.name(), poller::health)) {
            where.check(sqs).ifPresent(passing -> say("it can't be polled yet: " + Complaints.line(passing)));
            poller.start();
            say("fork " + worker.name() + " polls " + queue + "; its health is at port " + endpoint.port());
            // closed before the endpoint, so that /health goes on meanwhile
            try (poller) {
                awaitEnd(end, poller);
            }
            int exitCode = ended(poller.health());
            end.exitWith(exitCode);
            return exitCode;
        }
    }

    private SqsPoller poller(Fork worker, SqsAsyncClient sqs) {
        try {
            return SqsPoller.builder(worker)
                    .queue(queue)
                    .client(sqs)
                    .concurrency(concurrency)
                    .longPoll(longPoll)
                    .drainTimeout(DRAINS_WITHIN)
                    .runtime(surroundings.runtime())
                    .build();
        } catch (IllegalArgumentException e) {
            throw misuse(Objects.requireNonNull(e.getMessage()));
        }
    }

    /** Until it is told to end, or the poller has ended by itself. */
    private void awaitEnd(OrderlyEnd end, SqsPoller poller) throws InterruptedException {
        while (poller.health().status() != Health.Status.STOPPED) {
            if (isToldToEnd(end)) {
                say("fork " + fork + " is told to end: what is under way is finished, the rest is given back");
                return;
            }
        }
    }

    private boolean isToldToEnd(OrderlyEnd end) throws InterruptedException {
        try {
            surroundings.runtime().await(end.stop(), TICK);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing ends it exceptionally", e);
        }
    }

    private int ended(Health last) {
        if (last.status() == Health.Status.STOPPED) {
            say("it broke: " + last.problem().orElse("unknown"));
            return 1;
        }
        if (last.status() != Health.Status.CLOSED || last.problem().isPresent()) {
            say("fork " + fork + " did not end in good order: " + last.problem().orElse("it is still closing"));
            return 1;
        }
        say("fork " + fork + " has ended in good order");
        return 0;
    }

    private void say(String text) {
        PrintWriter err = command().commandLine().getErr();
        err.println(Tool.NAME + ": " + LogText.escaped(text));
        err.flush();
    }

    private ParameterException misuse(String what) {
        return new ParameterException(command().commandLine(), what);
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }

    /** A port, on loopback or on the address that stands before it. */
    static final class Address implements ITypeConverter<InetSocketAddress> {

        /** For picocli. */
        Address() {}

        @Override
        public InetSocketAddress convert(String value) {
            int colon = value.lastIndexOf(':');
            int port = Numbers.between(0, 65_535, value.substring(colon + 1));
            if (colon < 0) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            }
            InetSocketAddress address = new InetSocketAddress(value.substring(0, colon), port);
            if (address.isUnresolved()) {
                throw new TypeConversionException("there is no host '" + value.substring(0, colon) + "'");
            }
            return address;
        }
    }

    /** How many handlers. */
    static final class Handlers implements ITypeConverter<Integer> {

        /** For picocli. */
        Handlers() {}

        @Override
        public Integer convert(String value) {
            return Numbers.between(1, 10_000, value);
        }
    }

    /** How long a long poll may be. */
    static final class Seconds implements ITypeConverter<Duration> {

        /** For picocli. */
        Seconds() {}

        @Override
        public Duration convert(String value) {
            return Duration.ofSeconds(Numbers.between(0, 20, value));
        }
    }
}
