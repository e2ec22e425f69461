package io.github.eventfork.examples;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.eventfork.ForkRuntime;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service's refusal does to a token that is kept as a secret. */
class RefusedTokenTest {

    @RegisterExtension
    private static final WireMockExtension SERVER = ServiceServer.onLoopback();

    private final Deque<String> secrets = new ArrayDeque<>(List.of("old", "new", "newest"));
    private final Token token = new SecretToken(name -> secrets.removeFirst(), "token", ForkRuntime.system());
    private final HttpService service = new HttpService("the service", token);

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void the_secret_is_read_anew_and_the_call_tried_once_more(int status) throws Exception {
        // given a service that takes the new token only
        refuse("old", status);
        take("new");

        // when
        call();

        // then
        assertThat(tokensSent()).containsExactly("old", "new");
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
    void a_second_refusal_is_a_failure_that_shows_neither_token() {
        // given
        refuse("old", 401);
        refuse("new", 401);

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::call)
                .withMessage("the service refused the token: 401: not ***");
        assertThat(tokensSent()).containsExactly("old", "new");
    }

    @Test
    void after_two_refusals_the_next_event_has_the_newest_token() throws Exception {
        // given
        refuse("old", 401);
        refuse("new", 401);
        take("newest");
        assertThatExceptionOfType(IOException.class).isThrownBy(this::call);

        // when
        call();

        // then
        assertThat(tokensSent()).containsExactly("old", "new", "new", "newest");
    }

    private void call() throws IOException, InterruptedException {
        service.call(value -> HttpRequest.newBuilder(ServiceServer.url(SERVER)).header("Token", value));
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
