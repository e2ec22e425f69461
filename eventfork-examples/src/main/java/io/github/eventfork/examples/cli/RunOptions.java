package io.github.eventfork.examples.cli;

import io.github.eventfork.examples.run.Adapter;
import io.github.eventfork.examples.run.EventFile;
import io.github.eventfork.examples.run.ServerAddress;
import io.github.eventfork.examples.standin.Trouble;
import io.github.eventfork.local.LocalAws;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code run}, which are also those of no command at all. Filled by picocli. */
public final class RunOptions {

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
            converter = PortNumber.class,
            description = "the port of SNS and SQS, on 127.0.0.1 (default: any free one)")
    private int port;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            converter = HostName.class,
            description = {
                "another name by which clients may call SNS and SQS, such as host.docker.internal; may be given again",
                "(default: none: only localhost and loopback addresses)"
            })
    private List<String> hosts = List.of();

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

    /** For picocli. */
    public RunOptions() {}

    /** Opens the events to publish: the user's, or else those that ship with it. */
    public EventFile open(Supplier<InputStream> bundled) throws IOException {
        return events == null ? EventFile.of(bundled.get()) : OpenedFile.events(events);
    }

    /** What runs the forks. */
    public Adapter adapter() {
        return adapter;
    }

    /** Whether it goes on when all is published. */
    public boolean serve() {
        return serve;
    }

    /** Where SNS and SQS listen. */
    public ServerAddress address() {
        return new ServerAddress(port, hosts);
    }

    /** Which spells of trouble the services have. */
    public List<Trouble> troubles() {
        return troubles;
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

    /** A port, or 0. */
    static final class PortNumber implements ITypeConverter<Integer> {

        /** For picocli. */
        PortNumber() {}

        @Override
        public Integer convert(String value) {
            return Numbers.between(0, 65_535, value);
        }
    }

    /** A name without a port. */
    static final class HostName implements ITypeConverter<String> {

        /** For picocli. */
        HostName() {}

        @Override
        public String convert(String value) {
            try {
                return LocalAws.hostName(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
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
}
