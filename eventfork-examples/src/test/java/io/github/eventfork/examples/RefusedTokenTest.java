package io.github.eventfork.examples;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.eventfork.testkit.VirtualRuntime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service's refusal does to a token that is kept as a secret. */
class RefusedTokenTest {

    @RegisterExtension
    private static final WireMockExtension SERVER = ServiceServer.onLoopback();

    private final Deque<String> secrets = new ArrayDeque<>(List.of("old", "new", "newest"));
    private final VirtualRuntime time = VirtualRuntime.seeded(1);
    private final Token token = new SecretToken(name -> secrets.removeFirst(), "TOKEN_SECRET", "token", time);
    private final HttpService service = new HttpService("the service", token);

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void the_secret_is_read_anew_and_the_call_tried_once_more(int status) throws Exception {
        // given a service that takes the new token only
        usedToTake("old");
        refuse("old", status);
        take("new");

        // when
        call();

        // then
        assertThat(tokensSent()).containsExactly("old", "old", "new");
        assertThat(secrets).containsExactly("newest");
    }

    @Test
    void a_token_that_is_taken_is_kept() throws Exception {
        // given
        take("old");

        // when
        call();
        call();

        // then
        assertThat(tokensSent()).containsExactly("old", "old");
        assertThat(secrets).containsExactly("new", "newest");
    }

    @Test
    void a_second_refusal_is_a_failure_that_shows_neither_token() throws Exception {
        // given
        usedToTake("old");
        refuse("old", 401);
        refuse("new", 401);

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::call)
                .withMessage("the service refused the token: 401: not ***");
        assertThat(tokensSent()).containsExactly("old", "old", "new");
    }

    @Test
    void after_two_refusals_a_later_event_has_the_newest_token() throws Exception {
        // given
        usedToTake("old");
        refuse("old", 401);
        refuse("new", 401);
        take("newest");
        assertThatExceptionOfType(IOException.class).isThrownBy(this::call);
        time.advance(SecretToken.AT_LEAST_KEPT);

        // when
        call();

        // then
        assertThat(tokensSent()).containsExactly("old", "old", "new", "new", "newest");
    }

    @ParameterizedTest
    @CsvSource({
        "401, invalid_token",
        "403, action_prohibited",
        "404, no_service",
        "404, no_team",
        "410, channel_is_archived"
    })
    void a_webhook_that_is_gone_is_read_anew_and_is_no_fault_of_the_events(int status, String error) throws Exception {
        // given a chat whose second webhook is gone as well
        URI webhooks = ServiceServer.url(SERVER);
        Deque<String> kept = new ArrayDeque<>(List.of(webhooks + "/old", webhooks + "/new"));
        Chat chat = new SlackChat(
                new HttpService("the chat", new SecretToken(name -> kept.removeFirst(), "CHAT_SECRET", "chat", time)),
                Set.of());
        SERVER.stubFor(any(anyUrl()).willReturn(ok()));
        chat.announce("Ada signed up");
        time.advance(SecretToken.AT_LEAST_KEPT);
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody(error)));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> chat.announce("Bob signed up"))
                .withMessage("the chat refused the token: " + status + ": " + error);
        assertThat(SERVER.getAllServeEvents())
                .extracting(event -> event.getRequest().getUrl())
                .containsExactly("/new", "/old", "/old");
    }

    private void call() throws IOException, InterruptedException {
        service.call(value -> HttpRequest.newBuilder(ServiceServer.url(SERVER)).header("Token", value));
    }

    private void usedToTake(String token) throws IOException, InterruptedException {
        take(token);
        call();
        time.advance(SecretToken.AT_LEAST_KEPT);
    }

    private static void refuse(String token, int status) {
        SERVER.stubFor(any(anyUrl())
                .withHeader("Token", equalTo(token))
                .willReturn(aResponse().withStatus(status).withBody("not " + token)));
    }

    private static void take(String token) {
        SERVER.stubFor(any(anyUrl()).withHeader("Token", equalTo(token)).willReturn(ok()));
    }

    /** Oldest first. */
    private static List<String> tokensSent() {
        List<String> newestFirst = SERVER.getAllServeEvents().stream()
                .map(event -> event.getRequest().getHeader("Token"))
                .toList();
        Deque<String> oldestFirst = new ArrayDeque<>();
        newestFirst.forEach(oldestFirst::push);
        return List.copyOf(oldestFirst);
    }
}
