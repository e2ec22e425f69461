package io.github.eventfork.examples.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.local.http.HttpAnswer;
import io.github.eventfork.local.http.HttpCall;
import io.github.eventfork.local.http.HttpDoor;
import io.github.eventfork.local.http.HttpLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The three services on one port of 127.0.0.1, each at the paths of the real one. Besides,
 *
 * <ul>
 *   <li>{@code GET /} tells what they hold, as JSON;
 *   <li>{@code POST /trouble} with the text of a {@link Trouble} makes one have it.
 * </ul>
 *
 * <p>Whoever has {@link #environment()} calls them as the real ones. Thread-safe.
 */
public final class StandIns implements AutoCloseable {

    /** Addresses at this domain are never taken onto the list. */
    public static final String NEVER = ListApi.NEVER;

    /** Addresses at this domain are not taken onto the list the first time. */
    public static final String NOT_AT_FIRST = ListApi.NOT_AT_FIRST;

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpDoor http;
    private final ListApi list = new ListApi();
    private final WebhookApi webhook = new WebhookApi();
    private final List<StandIn> services;

    /** Which service answers what begins like this. */
    private final Map<String, StandIn> paths;

    private StandIns(HttpDoor http, ForkRuntime runtime) {
        this.http = http;
        StandIn analytics = new StandIn("analytics", new TrackingApi(), runtime);
        StandIn mailingList = new StandIn("mailing-list", list, runtime);
        StandIn chat = new StandIn("chat-notifications", webhook, runtime);
        this.services = List.of(analytics, mailingList, chat);
        this.paths = Map.of("/v1/", analytics, ListApi.PATH, mailingList, WebhookApi.PATH, chat);
    }

    /**
     * Starts them.
     *
     * @param port where; 0 is any free port
     * @throws UncheckedIOException if the port is in use
     */
    public static StandIns start(int port) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
            HttpDoor http = HttpDoor.bind("eventfork-standin", address, Set.of(), HttpLimits.standard());
            StandIns standIns = new StandIns(http, ForkRuntime.system());
            http.start(standIns::answer);
            return standIns;
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " of the services is in use", e);
        }
    }

    /** Where they are. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + http.port());
    }

    /** How to look at them and how to make them have trouble, as text. */
    public List<String> introduction() {
        return List.of(
                "The three services at " + endpoint()
                        + ", in this process. To see what they hold, and to make trouble:",
                "  curl " + endpoint(),
                "  curl -d chat-notifications=limit:3s " + endpoint() + "/trouble");
    }

    /** What a process would find in its environment, to call them instead of the real services. */
    public Map<String, String> environment() {
        return Map.of(
                "ANALYTICS_URL",
                endpoint().toString(),
                "ANALYTICS_WRITE_KEY",
                TrackingApi.WRITE_KEY,
                "MAILING_LIST_URL",
                endpoint().toString(),
                "MAILING_LIST_ID",
                ListApi.LIST,
                "MAILING_LIST_API_KEY",
                ListApi.API_KEY,
                "CHAT_WEBHOOK_URL",
                endpoint() + WebhookApi.WEBHOOK);
    }

    /**
     * Makes one of them have this trouble.
     *
     * @throws IllegalArgumentException if there is no such service
     */
    public void trouble(Trouble trouble) {
        service(trouble.service()).trouble(trouble);
    }

    /** What they hold by now. */
    public List<Holding> holdings() {
        return services.stream().map(StandIn::holding).toList();
    }

    /**
     * What one of them holds: ids of events counted, addresses in lower case on the list, texts posted.
     *
     * @param service by the name of its fork
     * @throws IllegalArgumentException if there is no such service
     */
    public List<String> things(String service) {
        return service(service).things();
    }

    /** Who is on the list: names by address in lower case. */
    public Map<String, String> members() {
        return list.members();
    }

    /** What was posted in the chat, oldest first. */
    public List<String> posts() {
        return webhook.things();
    }

    private StandIn service(String name) {
        return services.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no service '" + name + "': "
                        + services.stream().map(StandIn::name).collect(Collectors.joining(", "))));
    }

    private HttpAnswer answer(HttpCall call) throws IOException {
        String path = call.uri().getPath();
        if (path.equals("/trouble")) {
            return takeTrouble(call);
        }
        for (Map.Entry<String, StandIn> service : paths.entrySet()) {
            if (path.startsWith(service.getKey())) {
                return service.getValue().answer(call);
            }
        }
        return path.equals("/") ? answer(200, json()) : answer(404, "");
    }

    private HttpAnswer takeTrouble(HttpCall call) {
        try {
            trouble(Trouble.parse(new String(call.body().orElse(new byte[0]), UTF_8)));
            return answer(200, "");
        } catch (IllegalArgumentException e) {
            return answer(400, e.getMessage() + "\n");
        }
    }

    private String json() throws JsonProcessingException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(holdings()) + "\n";
    }

    private static HttpAnswer answer(int status, String body) {
        return new HttpAnswer(status, "text/plain", body.getBytes(UTF_8));
    }

    /** Closes all connections, and forgets. */
    @Override
    public void close() {
        http.close();
    }
}
