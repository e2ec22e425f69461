package io.github.eventfork.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one port that answers for SNS and SQS; {@link Routes} says which of them. Its port is known as soon as it is bound,
 * because queue URLs name it; until it is started, whoever connects waits.
 *
 * <p><b>Ownership:</b> the HTTP server and its threads are ours, and end with us: connections are closed, a long poll
 * under way too. The server is started on one of those threads, because its own inherits from it that it is a daemon.
 */
final class HttpFront implements AutoCloseable {
    /**
     * The JDK's server writes head and body of an answer apart, so that Nagle's algorithm holds every body back for some
     * 40 ms. It has no other switch than this property, which it reads once, with the first server of a JVM.
     */
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool(new DaemonThreads("eventfork-local-http-"));

    private HttpFront(HttpServer http) {
        this.http = http;
    }

    /**
     * Takes the port; 0 is any free one.
     *
     * @throws java.io.UncheckedIOException if it is in use
     */
    static HttpFront bind(int port) {
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
        try {
            return new HttpFront(HttpServer.create(LoopbackPort.address(port), 0));
        } catch (IOException e) {
            throw LoopbackPort.failure(port, e);
        }
    }

    URI endpoint() {
        return LoopbackPort.endpoint(http.getAddress().getPort());
    }

    /** Begins to answer. */
    void start(Routes routes) {
        http.setExecutor(threads);
        http.createContext("/", exchange -> handle(exchange, routes));
        CompletableFuture.runAsync(http::start, threads).join();
    }

    /** If there is no answer, closing the exchange closes its connection. */
    private static void handle(HttpExchange exchange, Routes routes) throws IOException {
        try (exchange) {
            HttpCall request = HttpCall.read(exchange);
            HttpAnswer answer = routes.answer(request);
            byte[] body = answer.body();
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.getResponseHeaders().set("x-amzn-RequestId", request.id());
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
