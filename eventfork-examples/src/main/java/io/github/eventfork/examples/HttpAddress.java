package io.github.eventfork.examples;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads the address of a service, and quotes none that it can't read. */
final class HttpAddress {

    private HttpAddress() {}

    /** The address, without a slash at its end; empty if it is none of http or https. */
    static Optional<URI> read(String text) {
        try {
            URI uri = new URI(text.strip().replaceFirst("/+$", ""));
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
