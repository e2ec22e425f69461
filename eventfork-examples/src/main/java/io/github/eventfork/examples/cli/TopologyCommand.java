package io.github.eventfork.examples.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code topology}: prints the fan-out that follows from the forks. */
@Command(
        name = "topology",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = Tool.WIDTH,
        description = {
            "",
            "Prints the fan-out that follows from the forks: topic, filter policies, queues, dead-letter queues. Asks "
                    + "nobody, changes nothing.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  J topology                                     a table",
            "  J topology --format sam > template.yaml        an AWS SAM template: sam deploy --guided",
            "  J topology --format eventbridge                the same forks behind an EventBridge bus",
            "  J topology --format mermaid                    a picture, for Markdown"
        })
final class TopologyCommand implements Callable<Integer> {

    private final Catalog catalog;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatNames.class,
            completionCandidates = FormatNames.class,
            description = "table, sam, eventbridge or mermaid (default: table)")
    private Format format = Format.TABLE;

    @Mixin
    @SuppressWarnings("UnusedVariable") // asked for by its name, when something went wrong
    private Verbosity verbosity = new Verbosity();

    /** As what. */
    enum Format {
        TABLE,
        SAM,
        EVENTBRIDGE,
        MERMAID;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    TopologyCommand(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        out.print(text());
        out.flush();
        return 0;
    }

    private String text() {
        return switch (format) {
            case TABLE -> TopologyTable.of(catalog.topology());
            case SAM -> catalog.topology().toSamTemplate(catalog.functions());
            case EVENTBRIDGE -> catalog.topology().toEventBridgeTemplate(catalog.functions());
            case MERMAID -> catalog.topology().toMermaid();
        };
    }

    /** The formats, by names in small letters. */
    static final class FormatNames implements ITypeConverter<Format>, Iterable<String> {

        /** For picocli. */
        FormatNames() {}

        @Override
        public Format convert(String value) {
            return Arrays.stream(Format.values())
                    .filter(format -> format.toString().equals(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "there is no '" + value + "': table, sam, eventbridge or mermaid"));
        }

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Format.values()).map(Format::toString).iterator();
        }
    }
}
