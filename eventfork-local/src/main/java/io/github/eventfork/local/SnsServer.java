package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SNS endpoint: HTTP in, HTTP out. What a request means is the business of {@link SnsActions}.
 *
 * <p><b>Ownership:</b> the HTTP server and its threads are ours, and end with us. The server is started on one of
 * those threads, because its own inherits from it that it is a daemon.
 */
final class SnsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnsServer.class);

    /** 1 MiB of text in which every byte is escaped, and its attributes. */
    static final int MAX_REQUEST_BYTES = 4 * 1024 * 1024;

    /** What is still read of a request that is too long, so that its sender can see the answer. */
    private static final int MAX_DRAINED_BYTES = 16 * 1024 * 1024;

    private static final String FORM = "application/x-www-form-urlencoded";

    /**
     * The JDK's server writes head and body of an answer apart, so that Nagle's algorithm holds every body back for some
     * 40 ms. It has no other switch than this property, which it reads once, with the first server of a JVM.
     */
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";

    private final HttpServer http;
    private final ExecutorService threads;
    private final SnsActions actions;

    private SnsServer(HttpServer http, ExecutorService threads, Account account, QueueSender sender) {
        this.http = http;
        this.threads = threads;
        this.actions = SnsActions.of(account, endpoint(), sender, (topic, message, decisions) -> {});
    }

    static SnsServer start(int port, Account account, QueueSender sender) {
        HttpServer http = bound(port);
        ExecutorService threads = Executors.newCachedThreadPool(new DaemonThreads("eventfork-local-sns-"));
        SnsServer server = new SnsServer(http, threads, account, sender);
        http.setExecutor(threads);
        http.createContext("/", server::handle);
        CompletableFuture.runAsync(http::start, threads).join();
        return server;
    }

    private static HttpServer bound(int port) {
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
        try {
            return HttpServer.create(LoopbackPort.address(port), 0);
        } catch (IOException e) {
            throw LoopbackPort.failure(port, e);
        }
    }

    URI endpoint() {
        return URI.create(
                "http://" + LoopbackPort.HOST + ":" + http.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String requestId = UUID.randomUUID().toString();
            SnsAnswer answer = answer(exchange, requestId);
            byte[] body = answer.xml().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/xml");
            exchange.getResponseHeaders().set("x-amzn-RequestId", requestId);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private SnsAnswer answer(HttpExchange exchange, String requestId) throws IOException {
        try {
            QueryRequest request = QueryRequest.parse(
                    form(exchange),
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amzn-Trace-Id")));
            return SnsAnswer.success(request.action(), requestId, actions.answer(request));
        } catch (SnsError e) {
            // without the text, which may quote the request
            e.reason().ifPresent(reason -> LOG.info("SNS request {} got {}: {}", requestId, e.code(), reason));
            return SnsAnswer.error(e, requestId);
        } catch (RuntimeException e) {
            // the text of an exception may hold what was published: not above DEBUG
            LOG.error(
                    "SNS request {} failed inside eventfork-local: {}",
                    requestId,
                    e.getClass().getName());
            LOG.debug("SNS request {} failed", requestId, e);
            return SnsAnswer.error(
                    new SnsError(500, "InternalError", "eventfork-local failed; its log has request " + requestId),
                    requestId);
        }
    }

    private static String form(HttpExchange exchange) throws IOException {
        return switch (exchange.getRequestMethod()) {
            // as the UnsubscribeURL of an envelope is used
            case "GET" ->
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
            case "POST" -> body(exchange);
            default -> throw new SnsError(405, "MethodNotAllowed", "SNS takes POST and GET");
        };
    }

    private static String body(HttpExchange exchange) throws IOException {
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                .orElse(FORM);
        InputStream body = exchange.getRequestBody();
        byte[] read = body.readNBytes(MAX_REQUEST_BYTES + 1);
        if (read.length > MAX_REQUEST_BYTES) {
            drain(body);
            throw new SnsError(413, "RequestEntityTooLarge", "A request may have 4 MiB at most");
        }
        if (!type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
            throw new SnsError(415, "UnsupportedMediaType", "SNS takes " + FORM + ", the query protocol");
        }
        return new String(read, UTF_8);
    }

    private static void drain(InputStream body) throws IOException {
        byte[] dropped = new byte[64 * 1024];
        int left = MAX_DRAINED_BYTES;
        int read = 0;
        while (left > 0 && read >= 0) {
            read = body.read(dropped);
            left -= read;
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
