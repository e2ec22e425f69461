package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthEndpointTest {

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Instant SINCE = Instant.parse("2026-01-31T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "RUNNING,  200",
        "PAUSED,   200",
        "NEW,      503",
        "STARTING, 503",
        "FAILING,  503",
        "DRAINING, 503",
        "CLOSED,   503",
        "STOPPED,  503"
    })
    void it_answers_200_while_the_fork_works_and_503_else(Health.Status status, int code) throws Exception {
        HttpResponse<String> answer =
                ask("GET", "/health", new Health(status, SINCE, Optional.empty(), Optional.empty()));

        assertThat(answer.statusCode()).isEqualTo(code);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"fork\":\"analytics\",\"status\":\"%s\",\"since\":\"2026-01-31T12:00:00Z\"}"
                        .formatted(status));
    }

    @Test
    void it_says_what_is_wrong() throws Exception {
        HttpResponse<String> answer = ask(
                "GET",
                "/health",
                new Health(Health.Status.FAILING, SINCE, Optional.of("no \"queue\""), Optional.empty()));

        assertThat(answer.body()).endsWith(",\"problem\":\"no \\\"queue\\\"\"}");
    }

    @Test
    void it_says_when_the_queue_answered_last() throws Exception {
        HttpResponse<String> answer = ask(
                "GET",
                "/health",
                new Health(Health.Status.RUNNING, SINCE, Optional.empty(), Optional.of(SINCE.plusSeconds(5))));

        assertThat(answer.body()).endsWith(",\"lastAnswer\":\"2026-01-31T12:00:05Z\"}");
    }

    @ParameterizedTest
    @CsvSource({"GET, /, 404", "GET, /healthz, 404", "GET, /health/x, 404", "POST, /health, 405", "HEAD, /health, 200"})
    void it_answers_nothing_else(String method, String path, int code) throws Exception {
        HttpResponse<String> answer =
                ask(method, path, new Health(Health.Status.RUNNING, SINCE, Optional.empty(), Optional.empty()));

        assertThat(answer.statusCode()).isEqualTo(code);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void a_port_in_use_is_named() throws IOException {
        Health running = new Health(Health.Status.RUNNING, SINCE, Optional.empty(), Optional.empty());
        try (HealthEndpoint first = HealthEndpoint.start(ANY, "analytics", () -> running)) {
            InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port());

            assertThatThrownBy(() -> HealthEndpoint.start(taken, "chat", () -> running))
                    .isInstanceOf(CommandException.class)
                    .hasMessage("port " + first.port() + " is in use; give --health another, or 0");
        }
    }

    private static HttpResponse<String> ask(String method, String path, Health health) throws Exception {
        try (HealthEndpoint endpoint = HealthEndpoint.start(ANY, "analytics", () -> health)) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + path))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
