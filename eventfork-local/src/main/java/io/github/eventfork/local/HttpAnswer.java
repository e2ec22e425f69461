package io.github.eventfork.local;

import java.util.Map;

/** What is sent back, beside the request id, which every answer has. The body belongs to whoever reads it. */
final class HttpAnswer {
    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Map<String, String> headers;

    HttpAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = Map.copyOf(headers);
    }

    HttpAnswer(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of());
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    byte[] body() {
        return body;
    }

    Map<String, String> headers() {
        return headers;
    }
}
