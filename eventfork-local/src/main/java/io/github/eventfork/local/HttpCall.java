package io.github.eventfork.local;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/**
 * A request as it came in.
 *
 * @param id given by us, and sent back as {@code x-amzn-RequestId}
 * @param body whole; empty if it was too long to be read
 */
record HttpCall(String id, String method, URI uri, Headers headers, Optional<byte[]> body) {
    static final String FORM = "application/x-www-form-urlencoded";

    /** 1 MiB of text in which every byte is escaped as six, and what stands around it. */
    static final int MAX_BODY_BYTES = 8 * 1024 * 1024;

    /** What is still read of a request that is too long, so that its sender can see the answer. */
    private static final int MAX_DRAINED_BYTES = 16 * 1024 * 1024;

    static HttpCall read(HttpExchange exchange) throws IOException {
        return new HttpCall(
                UUID.randomUUID().toString(),
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders(),
                body(exchange.getRequestBody()));
    }

    private static Optional<byte[]> body(InputStream body) throws IOException {
        byte[] read = body.readNBytes(MAX_BODY_BYTES + 1);
        if (read.length > MAX_BODY_BYTES) {
            drain(body);
            return Optional.empty();
        }
        return Optional.of(read);
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

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.getFirst(name));
    }
}
