package io.github.eventfork.lambda;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Lambda's <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a> on loopback, as far
 * as the Java runtime client asks for it. The client must have ended before this is closed.
 */
final class FakeRuntimeApi implements AutoCloseable {

    private static final String BASE = "/2018-06-01/runtime/";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Next> next = new LinkedBlockingQueue<>();
    private final BlockingQueue<Posted> posted = new LinkedBlockingQueue<>();

    private record Next(String requestId, String event) {}

    /** What the client posted, and where: {@code invocation/ID/response}, {@code invocation/ID/error}, ... */
    record Posted(String path, String body) {}

    FakeRuntimeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(BASE, this::answer);
        server.start();
    }

    /** The value of {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /** Hands {@code event} out to the client that asks next. */
    void invoke(String requestId, String event) {
        next.add(new Next(requestId, event));
    }

    /** What the client posts next. */
    Posted takePosted() throws InterruptedException {
        Posted first = posted.poll(30, TimeUnit.SECONDS);
        if (first == null) {
            throw new AssertionError("the runtime client posted nothing");
        }
        return first;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("GET")) {
                handOut(exchange);
            } else {
                String path = exchange.getRequestURI().getPath().substring(BASE.length());
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(202, -1);
                posted.add(new Posted(path, body));
            }
        }
    }

    private void handOut(HttpExchange exchange) throws IOException {
        Next invocation;
        try {
            invocation = next.take();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            return;
        }
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Lambda-Runtime-Aws-Request-Id", invocation.requestId);
        headers.set("Lambda-Runtime-Deadline-Ms", deadline());
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:t");
        headers.set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700");
        byte[] event = invocation.event.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    private static String deadline() {
        return Long.toString(Instant.now().plus(Duration.ofMinutes(1)).toEpochMilli());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
