package io.github.eventfork.examples.cli;

import io.github.eventfork.examples.run.Line;
import io.github.eventfork.examples.run.Publication;
import io.github.eventfork.examples.run.Publisher;
import io.github.eventfork.topology.Topology;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.NotFoundException;

/** {@code publish}: sends events to a topic, for trying things out without a front end. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = Tool.WIDTH,
        description = {"", "Publishes one event, or a file of them, to a topic: at AWS, or of a local server.", ""},
        footer = {
            "",
            "Examples (the first two go to what run --serve --port 4100 serves):",
            "  J publish --endpoint http://127.0.0.1:4100 --event signup \\",
            "      --message '{\"name\":\"Ada\",\"email\":\"ada@example.org\"}'",
            "  J publish --endpoint http://127.0.0.1:4100 --file events.jsonl --rate 50",
            "  J publish --topic arn:aws:sns:eu-west-1:123456789012:user-events --event login --id l-1 \\",
            "      --attribute source=web --message '{\"email\":\"a@example.org\",\"at\":\"2026-01-31T12:00:00Z\"}'",
            "  J publish --topic arn:aws:sns:eu-west-1:123456789012:orders.fifo --group customer-7 \\",
            "      --file orders.jsonl",
            "",
            "A line of a file is {\"event\":\"signup\",\"id\":\"e-1\",\"message\":{...}}; event and id may be missing. What is",
            "skipped, or refused by SNS, is named by its line at the end, and the rest is published.",
            "",
            "Exit codes: 0 all was published; 1 something was not, or no fork of the topic wants any; 2 wrong use."
        })
final class PublishCommand implements Callable<Integer> {

    private static final Pattern TOPIC =
            Pattern.compile("arn:[^:]+:sns:([^:]+):\\d{12}:([A-Za-z0-9_-]{1,256}(\\.fifo)?)");

    /** A call under way is answered meanwhile. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private static final String LOCAL = "arn:aws:sns:us-east-1:000000000000:";

    private final Topology topology;
    private final Surroundings surroundings;

    @Spec
    private @Nullable CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    @Option(
            names = "--topic",
            paramLabel = "ARN",
            description = "the topic (default, with a local --endpoint: the topic that run --serve makes)")
    private @Nullable String topic;

    @Option(
            names = "--attribute",
            paramLabel = "NAME=VALUE",
            description = "a further message attribute, of type String; may be given up to eight times")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(names = "--group", paramLabel = "ID", description = "the message group, which FIFO topics ask for")
    private @Nullable String group;

    @Option(
            names = "--rate",
            paramLabel = "N",
            converter = PerSecond.class,
            description = "publish at most so many events in a second (default: as many as SNS takes)")
    private int rate = Integer.MAX_VALUE;

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Verbosity verbosity = new Verbosity();

    /** What to publish: a file, or one event. */
    static final class Source {

        @Option(names = "--file", paramLabel = "FILE", required = true, description = "publish the events of this file")
        private @Nullable Path file;

        @ArgGroup(exclusive = false)
        private @Nullable Single single;
    }

    /** One event. */
    static final class Single {

        @Option(names = "--message", paramLabel = "TEXT", required = true, description = "publish this text")
        private String message = "";

        @Option(names = "--event", paramLabel = "TYPE", description = "its attribute event, by which it is chosen")
        private @Nullable String event;

        @Option(
                names = "--id",
                paramLabel = "ID",
                description = "its attribute id, by which forks know what they have done")
        private @Nullable String id;
    }

    PublishCommand(Topology topology, Surroundings surroundings) {
        this.topology = topology;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        surroundings.logs().toStandardError(verbosity.verbose());
        String arn = topicArn();
        Matcher parts = TOPIC.matcher(arn);
        check(parts.matches(), "a topic is named by its ARN, arn:aws:sns:REGION:ACCOUNT:NAME; this is none: " + arn);
        check(group != null || parts.group(3) == null, "a FIFO topic needs a --group");
        Publication publication = new Publication(arn, attributes, Optional.ofNullable(group), rate);
        Optional<Wishes> wishes = Optional.of(new Wishes(topology))
                .filter(any -> topology.topicName().equals(parts.group(2)));
        try (OrderlyEnd end = new OrderlyEnd(surroundings, ENDS_WITHIN);
                SnsClient sns = connection.sns(Optional.of(parts.group(1)))) {
            Publisher publisher = new Publisher(sns, publication, surroundings.runtime(), end.stop());
            Publishing publishing = new Publishing(publisher, publication, wishes);
            boolean toldToEnd = false;
            try {
                publish(publishing, end.stop());
            } catch (CancellationException e) {
                toldToEnd = true;
            } finally {
                publishing.report(command().commandLine().getOut(), err());
            }
            if (toldToEnd) {
                // said here, because the JVM waits no longer than until this is closed
                err().println(Tool.NAME + ": it was told to end before all was published");
            }
            return publishing.isWell() ? 0 : 1;
        } catch (NotFoundException e) {
            throw new CommandException("there is no topic " + arn, e);
        }
    }

    private void publish(Publishing publishing, CompletableFuture<Void> stop) throws IOException, InterruptedException {
        if (source.file == null) {
            publishing.one(event());
            return;
        }
        Path file = source.file;
        try (Lines lines = new Lines(() -> OpenedFile.events(file), surroundings.runtime(), stop);
                Progress progress = surroundings.terminal() ? Progress.bar(file, err()) : Progress.silent()) {
            publishing.all(lines, progress);
        }
    }

    private Line.Event event() {
        Single single = Objects.requireNonNull(source.single, "picocli insists on one");
        check(!single.message.isEmpty(), "SNS takes no empty --message");
        return new Line.Event(1, Optional.ofNullable(single.event), Optional.ofNullable(single.id), single.message);
    }

    private String topicArn() {
        if (topic != null) {
            return topic;
        }
        check(connection.isLocal(), "which topic? Give --topic ARN, or the --endpoint of a local server");
        return LOCAL + topology.topicName();
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(command().commandLine(), otherwise);
        }
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }

    private PrintWriter err() {
        return command().commandLine().getErr();
    }

    /** How many in a second. */
    static final class PerSecond implements ITypeConverter<Integer> {

        /** For picocli. */
        PerSecond() {}

        @Override
        public Integer convert(String value) {
            return Numbers.between(1, Integer.MAX_VALUE, value);
        }
    }
}
