package io.github.eventfork.examples;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the address of a service, and quotes none that it can't read. */
final class HttpAddress {

    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private HttpAddress() {}

    /**
     * The address, without a slash at its end; empty if it is none of https. One of http is one too, if it is on this machine:
     * on any way beyond it, others would read what is sent, a token among it.
     */
    static Optional<URI> read(String text) {
        try {
            URI uri = new URI(withoutSlashes(text.strip()));
            boolean https = "https".equalsIgnoreCase(uri.getScheme());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) && isHere(uri);
            return uri.getHost() != null && uri.getRawUserInfo() == null && (https || http)
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** The same, if it is on this machine or at one of these hosts, which are in lower case. */
    static Optional<URI> read(String text, Set<String> hosts) {
        return read(text)
                .filter(uri -> isHere(uri) || hosts.contains(uri.getHost().toLowerCase(Locale.ROOT)));
    }

    private static boolean isHere(URI uri) {
        return uri.getHost() != null && LOOPBACK.matcher(uri.getHost()).matches();
    }

    private static String withoutSlashes(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(0, end);
    }
}
