package io.github.eventfork.examples.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.Health;
import io.github.eventfork.local.http.HttpAnswer;
import io.github.eventfork.local.http.HttpCall;
import io.github.eventfork.local.http.HttpDoor;
import io.github.eventfork.local.http.HttpLimits;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Says over HTTP how a fork is: {@code GET /health} answers 200 while it receives, else 503, and either way what it is
 * doing, since when, and what is wrong, as JSON. Thread-safe.
 */
final class HealthEndpoint implements AutoCloseable {

    private static final String PATH = "/health";
    private static final byte[] NOTHING = {};

    /** A probe is one short request; it may come from any host, because a container platform asks by the container's address. */
    private static final HttpLimits LIMITS =
            new HttpLimits(64, 4_096, 0, 65_536, Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpDoor server;
    private final String fork;
    private final Supplier<Health> health;

    private HealthEndpoint(HttpDoor server, String fork, Supplier<Health> health) {
        this.server = server;
        this.fork = fork;
        this.health = health;
    }

    /**
     * Starts it.
     *
     * @throws CommandException if the port is in use
     */
    static HealthEndpoint start(InetSocketAddress address, String fork, Supplier<Health> health) throws IOException {
        HttpDoor server;
        try {
            server = HttpDoor.bindForAnyHost("eventfork-health", address, LIMITS);
        } catch (BindException e) {
            throw new CommandException("port " + address.getPort() + " is in use; give --health another, or 0", e);
        }
        HealthEndpoint endpoint = new HealthEndpoint(server, fork, health);
        server.start(endpoint::answer);
        return endpoint;
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }

    private HttpAnswer answer(HttpCall call) throws IOException {
        if (!call.uri().getPath().equals(PATH)) {
            return new HttpAnswer(404, "text/plain", NOTHING);
        }
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            return new HttpAnswer(405, "text/plain", NOTHING, Map.of("Allow", "GET, HEAD"));
        }
        Health now = health.get();
        return new HttpAnswer(
                status(now),
                "application/json",
                JSON.writeValueAsBytes(json(now)),
                Map.of("Cache-Control", "no-store"));
    }

    private ObjectNode json(Health now) {
        ObjectNode json = JSON.createObjectNode()
                .put("fork", fork)
                .put("status", now.status().name())
                .put("since", now.since().toString());
        now.lastAnswer().ifPresent(at -> json.put("lastAnswer", at.toString()));
        now.problem().ifPresent(problem -> json.put("problem", problem));
        return json;
    }

    private static int status(Health now) {
        return switch (now.status()) {
            case RUNNING, PAUSED -> 200;
            case NEW, STARTING, FAILING, DRAINING, CLOSED, STOPPED -> 503;
        };
    }
}
