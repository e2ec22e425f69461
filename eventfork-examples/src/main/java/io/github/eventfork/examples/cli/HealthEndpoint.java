package io.github.eventfork.examples.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Health;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * Says over HTTP how a fork is: {@code GET /health} answers 200 while it receives, else 503, and either way what it is
 * doing, since when, and what is wrong, as JSON. Thread-safe.
 */
final class HealthEndpoint implements AutoCloseable {

    private static final String PATH = "/health";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final String fork;
    private final Supplier<Health> health;

    private HealthEndpoint(HttpServer server, String fork, Supplier<Health> health) {
        this.server = server;
        this.fork = fork;
        this.health = health;
    }

    /**
     * Starts it.
     *
     * @throws CommandException if the port is in use
     */
    static HealthEndpoint start(InetSocketAddress address, String fork, Supplier<Health> health, ForkRuntime runtime)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (BindException e) {
            throw new CommandException("port " + address.getPort() + " is in use; give --health another, or 0", e);
        }
        HealthEndpoint endpoint = new HealthEndpoint(server, fork, health);
        server.createContext("/", endpoint::answer);
        server.setExecutor(runtime.handlers());
        server.start();
        return endpoint;
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!head && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
            } else {
                Health now = health.get();
                byte[] body = JSON.writeValueAsBytes(json(now));
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Cache-Control", "no-store");
                exchange.sendResponseHeaders(status(now), head ? -1 : body.length);
                if (!head) {
                    exchange.getResponseBody().write(body);
                }
            }
        }
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
