package io.github.eventfork.examples;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Set;

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

    private final HttpService service;

    /** A chat whose token is the webhook's address. */
    SlackChat(HttpService service) {
        this.service = service.withRefusedToken(REFUSED_TOKEN);
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

    private static URI address(String webhook) throws IOException {
        // what URI throws would quote it
        return HttpAddress.read(webhook).orElseThrow(() -> new IOException("the chat's webhook is no address"));
    }

    /** Else a name such as {@code <!channel>} would <a href="https://docs.slack.dev/messaging/formatting-message-text#escaping">call everyone</a>. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
