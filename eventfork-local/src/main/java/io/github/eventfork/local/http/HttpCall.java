package io.github.eventfork.local.http;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it came in, let in by the door.
 *
 * @param id given by the door
 * @param uri path and query; never a host
 * @param headers by their names in whatever case; of a name that comes twice the first counts; unmodifiable
 * @param body whole; empty if it was too long to be read
 */
public record HttpCall(String id, String method, URI uri, Map<String, String> headers, Optional<byte[]> body) {

    /** The content type of HTML forms and of the AWS query protocol. */
    public static final String FORM = "application/x-www-form-urlencoded";

    /** The value of the header of that name, in whatever case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
