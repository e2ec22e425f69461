package io.github.eventfork.examples.run;

import io.github.eventfork.local.LocalAws;
import java.util.List;

/**
 * Where SNS and SQS listen, on 127.0.0.1, and by what names they may be called besides.
 *
 * @param port 0 is any free one
 * @param hosts names without a port, as {@link LocalAws.Builder#hostName} takes them
 */
public record ServerAddress(int port, List<String> hosts) {

    /** Any free port, and no other name. */
    public static final ServerAddress ANY = new ServerAddress(0, List.of());

    /** Keeps a copy of the names. */
    public ServerAddress {
        hosts = List.copyOf(hosts);
    }

    LocalAws start() {
        LocalAws.Builder builder = LocalAws.builder().port(port);
        hosts.forEach(builder::hostName);
        return builder.start();
    }
}
