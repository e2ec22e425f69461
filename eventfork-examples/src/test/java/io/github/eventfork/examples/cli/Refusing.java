package io.github.eventfork.examples.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A server that answers all that it is asked as AWS answers a caller that it doesn't know. */
final class Refusing implements AutoCloseable {

    private final HttpServer server;

    private Refusing(String type, int status, String body) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
    }

    static Refusing sns() {
        return new Refusing("text/xml", 403, """
                <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>
                <Code>InvalidClientTokenId</Code>
                <Message>The security token included in the request is invalid.</Message>
                </Error><RequestId>r</RequestId></ErrorResponse>""");
    }

    static Refusing sqs() {
        return new Refusing("application/x-amz-json-1.0", 403, """
                {"__type":"com.amazon.coral.service#UnrecognizedClientException",\
                "message":"The security token included in the request is invalid."}""");
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
