package io.github.eventfork.examples.cli;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.topology.FunctionSettings;
import io.github.eventfork.topology.Topology;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** The commands in a JVM of their own, on a fork that tells each event's id to the service at {@code ANALYTICS_URL}. */
public final class PollProcess {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private PollProcess() {}

    /** Runs a command. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Catalog catalog = new Catalog(
                Topology.of("user-events").forks(analytics()),
                fork -> FunctionSettings.of("com.example.Function", "target/functions.jar"),
                Map.of("analytics", PollProcess::analytics));
        LocalJob none = (options, printed, log, stop) -> false;
        System.exit(new Tool(catalog, none, Surroundings.real()).execute(out, err, arguments));
    }

    static Fork analytics() {
        return Fork.named("analytics")
                .on("login", String.class, PollProcess::count)
                .build();
    }

    private static void count(Event<String> event) throws IOException, InterruptedException {
        URI service = URI.create(Objects.requireNonNull(System.getenv("ANALYTICS_URL")) + "/v1/track");
        HttpRequest request = HttpRequest.newBuilder(service)
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(event.payload()))
                .build();
        HttpResponse<Void> answer = HTTP.send(request, HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() != 200) {
            throw new IOException("the service answers " + answer.statusCode());
        }
    }
}
