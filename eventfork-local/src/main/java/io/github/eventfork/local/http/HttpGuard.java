package io.github.eventfork.local.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says which requests are refused, by their head. What a browser sends for a page is refused: it names the page in {@code
 * Origin}, the kind of its wish in {@code Sec-Fetch-Site}, or where it came from in {@code Referer}; and a page that had its own
 * name resolved to this machine gives itself away by {@code Host}. See <a
 * href="https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site">Sec-Fetch-Site</a>. Immutable.
 */
final class HttpGuard {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}\\z");

    /** As every browser calls itself; one from before 2023 may tell nothing else of an image that a page wants. */
    private static final String BROWSER = "Mozilla/";

    /** Of a request that a person typed, or followed from outside of any page. */
    private static final String BY_NOBODYS_PAGE = "none";

    private final Set<String> names;
    private final boolean anyHost;

    /** Why a request is refused. */
    record Refusal(int status, String text) {}

    /**
     * @param names the hosts that may be asked for besides loopback, in lower case
     * @param anyHost whether any may be, because what is answered changes nothing and is no secret
     */
    HttpGuard(Set<String> names, boolean anyHost) {
        this.names = Set.copyOf(names);
        this.anyHost = anyHost;
    }

    Optional<Refusal> refusal(HttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            return Optional.of(new Refusal(400, "The request can't be read"));
        }
        String target = request.uri();
        if (!target.startsWith("/") || target.startsWith("//") || uri(target).isEmpty()) {
            return Optional.of(
                    new Refusal(400, "The request's target must be a path of this server, and name no other host"));
        }
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        boolean old = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
        if (hosts.size() > 1 || (hosts.isEmpty() && !old)) {
            return Optional.of(new Refusal(400, "A request has one Host"));
        }
        if (!anyHost && hosts.stream().anyMatch(host -> !isOurs(host))) {
            return Optional.of(new Refusal(
                    403, "This server answers for 127.0.0.1, localhost and the names that it was started with"));
        }
        return isOfAPage(request.headers())
                ? Optional.of(new Refusal(403, "This server answers no web page"))
                : Optional.empty();
    }

    /** A path of this server, and a query; nothing if it is malformed. */
    static Optional<URI> uri(String target) {
        try {
            return Optional.of(URI.create(target)).filter(uri -> uri.getRawAuthority() == null && !uri.isAbsolute());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private boolean isOfAPage(HttpHeaders headers) {
        String site = headers.get("Sec-Fetch-Site");
        String referer = headers.get(HttpHeaderNames.REFERER);
        String agent = headers.get(HttpHeaderNames.USER_AGENT);
        boolean oldBrowser = site == null && agent != null && agent.startsWith(BROWSER);
        return headers.contains(HttpHeaderNames.ORIGIN)
                || (oldBrowser && !anyHost)
                || (site != null && !site.equals(BY_NOBODYS_PAGE))
                || (referer != null && !anyHost);
    }

    private boolean isOurs(String host) {
        String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
        return LOOPBACK.matcher(name).matches() || names.contains(name);
    }
}
