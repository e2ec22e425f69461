package io.github.eventfork.local.http;

import java.util.Map;

/** What is sent back. The body belongs to whoever reads it. */
public final class HttpAnswer {

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Map<String, String> headers;
    private final boolean cut;

    private HttpAnswer(int status, String contentType, byte[] body, Map<String, String> headers, boolean cut) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = Map.copyOf(headers);
        this.cut = cut;
    }

    /** An answer with more headers than its content type. */
    public HttpAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, false);
    }

    /** An answer with no other header than its content type. */
    public HttpAnswer(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of(), false);
    }

    /** The same, but the connection breaks in the middle of its body. */
    public HttpAnswer cut() {
        return new HttpAnswer(status, contentType, body, headers, true);
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** What the body is. */
    public String contentType() {
        return contentType;
    }

    /** The body; empty if there is none. */
    public byte[] body() {
        return body;
    }

    /** The other headers, by name. */
    public Map<String, String> headers() {
        return headers;
    }

    boolean isCut() {
        return cut;
    }
}
