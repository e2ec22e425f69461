package io.github.eventfork.local;

import java.util.Map;

/** What is sent back, beside the request id, which every answer has. */
record HttpAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {

    HttpAnswer(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of());
    }
}
