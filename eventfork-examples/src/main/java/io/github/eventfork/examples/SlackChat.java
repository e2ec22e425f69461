package io.github.eventfork.examples;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Posts by an <a href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks">incoming webhook of
 * Slack</a>, whose address is its token: who knows it can post.
 */
final class SlackChat implements Chat {

    /**
     * Besides those of all services: 404 for a webhook that was removed, or whose team or channel was, and 410 for a channel
     * that is archived. None is the text's fault: <a
     * href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors">errors</a>.
     */
    private static final Set<Integer> REFUSED_TOKEN = Set.of(401, 403, 404, 410);

    private static final JsonMapper JSON = new JsonMapper();

    /** Where Slack has its webhooks. */
    static final Set<String> HOSTS = Set.of("hooks.slack.com", "hooks.slack-gov.com");

    private final HttpService service;
    private final Set<String> hosts;

    /**
     * A chat whose token is the webhook's address.
     *
     * @param hosts the hosts besides Slack's that it may be at, in lower case; on this machine it may be anyway
     */
    SlackChat(HttpService service, Set<String> hosts) {
        this.service = service.withRefusedToken(REFUSED_TOKEN);
        this.hosts = Stream.concat(HOSTS.stream(), hosts.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** The webhook's address; empty if it is none, not of https, or at another host. */
    static Optional<URI> webhook(String text, Set<String> hosts) {
        return HttpAddress.read(text, hosts).or(() -> HttpAddress.read(text, HOSTS));
    }

    @Override
    public void announce(String text) throws IOException, InterruptedException {
        String body = JSON.createObjectNode().put("text", escaped(text)).toString();
        service.call(
                webhook -> HttpRequest.newBuilder(address(webhook))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)),
                text);
    }

    private URI address(String webhook) throws IOException {
        // what URI throws would quote it
        return webhook(webhook, hosts)
                .orElseThrow(() -> new IOException("the chat's webhook is no https address at a host that is known: "
                        + hosts.stream().sorted().collect(Collectors.joining(", "))
                        + "; CHAT_WEBHOOK_HOSTS names more"));
    }

    /** Else a name such as {@code <!channel>} would <a href="https://docs.slack.dev/messaging/formatting-message-text#escaping">call everyone</a>. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
