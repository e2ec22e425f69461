package io.github.eventfork.examples.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandInsTest {

    /** Of ada@example.org. */
    private static final String MD5 = "5bfcf2d8e394674550332640d72db509";

    private static final String MEMBERS = "/3.0/lists/local-list/members/";

    private final HttpClient http = HttpClient.newHttpClient();
    private final StandIns standIns = StandIns.start(0);

    @AfterEach
    void close() {
        standIns.close();
    }

    @Test
    void analytics_counts_an_id_once() throws Exception {
        assertThat(track("e-1")).isEqualTo(200);
        assertThat(track("e-1")).isEqualTo(200);
        assertThat(track("e-2")).isEqualTo(200);

        assertThat(standIns.holdings()).contains(new Holding("analytics", 3, 0, 1, 2));
    }

    @Test
    void the_list_keeps_a_person_once_under_the_latest_name() throws Exception {
        assertThat(put(MD5, "ada@example.org", "Ada")).isEqualTo(200);
        assertThat(put(MD5, "Ada@Example.org", "Ada Lovelace")).isEqualTo(200);

        assertThat(standIns.holdings()).contains(new Holding("mailing-list", 2, 0, 1, 1));
        assertThat(standIns.members()).containsOnlyKeys("ada@example.org").containsValue("Ada Lovelace");
    }

    @Test
    void the_list_takes_nobody_at_a_place_of_another() throws Exception {
        assertThat(put("0".repeat(32), "ada@example.org", "Ada")).isEqualTo(400);

        assertThat(standIns.holdings()).contains(new Holding("mailing-list", 1, 1, 0, 0));
    }

    @Test
    void the_list_fails_for_some_addresses() throws Exception {
        assertThat(put("10c4b0702e2def232d3a8038e7871e6d", "a@unreachable.example", "A"))
                .isEqualTo(503);
        assertThat(put("10c4b0702e2def232d3a8038e7871e6d", "a@unreachable.example", "A"))
                .isEqualTo(503);
        assertThat(put("283159ad6f3d68295f092b7263ae67ea", "b@flaky.example", "B"))
                .isEqualTo(503);
        assertThat(put("283159ad6f3d68295f092b7263ae67ea", "b@flaky.example", "B"))
                .isEqualTo(200);
    }

    @Test
    void the_chat_says_twice_what_it_is_told_twice() throws Exception {
        assertThat(post("{\"text\":\"Ada signed up\"}")).isEqualTo(200);
        assertThat(post("{\"text\":\"Ada signed up\"}")).isEqualTo(200);
        assertThat(post("{}")).isEqualTo(400);

        assertThat(standIns.posts()).containsExactly("Ada signed up", "Ada signed up");
        assertThat(standIns.holdings()).contains(new Holding("chat-notifications", 3, 1, 0, 2));
    }

    @ParameterizedTest
    @CsvSource({"POST, /v1/track", "PUT, " + MEMBERS + MD5})
    void who_has_no_token_is_refused(String method, String path) throws Exception {
        assertThat(send(request(path).method(method, BodyPublishers.ofString("{}"))))
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"GET, /v1/track", "POST, /v1/batch", "POST, /services/T/B/other", "POST, /elsewhere"})
    void what_a_service_does_not_know_it_does_not_find(String method, String path) throws Exception {
        HttpRequest.Builder request = request(path)
                .header("Authorization", basic(TrackingApi.WRITE_KEY + ":"))
                .method(method, BodyPublishers.ofString("{}"));

        assertThat(send(request)).isEqualTo(404);
    }

    @Test
    void limited_it_says_when_to_come_back() throws Exception {
        // given from the second call on
        standIns.trouble(Trouble.parse("analytics=limit:60s@2"));
        assertThat(track("e-1")).isEqualTo(200);

        // when
        HttpResponse<String> refused = http.send(tracking("e-2"), BodyHandlers.ofString());

        // then
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
        assertThat(standIns.holdings()).contains(new Holding("analytics", 2, 1, 0, 1));
    }

    @Test
    void a_spell_is_over_some_time() throws Exception {
        // given
        standIns.trouble(Trouble.parse("analytics=slow:50ms"));

        // when the first call has waited for its end
        assertThat(track("e-1")).isEqualTo(200);

        // then
        standIns.trouble(Trouble.parse("analytics=fail:1ms@1000"));
        assertThat(track("e-2")).isEqualTo(200);
        assertThat(standIns.holdings()).contains(new Holding("analytics", 2, 0, 0, 2));
    }

    @Test
    void failing_it_does_nothing_and_cut_off_it_does_it() throws Exception {
        // given
        standIns.trouble(Trouble.parse("chat-notifications=fail:60s"));
        assertThat(post("{\"text\":\"one\"}")).isEqualTo(500);

        // when analytics has another trouble
        standIns.trouble(Trouble.parse("analytics=cut:60s"));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> track("e-1"));

        // then
        assertThat(standIns.posts()).isEmpty();
        assertThat(standIns.holdings()).contains(new Holding("analytics", 1, 0, 0, 1));
    }

    @Test
    void trouble_can_be_made_and_holdings_seen_by_http() throws Exception {
        // when
        int made = send(request("/trouble").POST(BodyPublishers.ofString("chat-notifications=fail:60s\n")));
        post("{\"text\":\"one\"}");
        HttpResponse<String> seen =
                http.send(HttpRequest.newBuilder(standIns.endpoint()).build(), BodyHandlers.ofString());

        // then
        assertThat(made).isEqualTo(200);
        assertThat(seen.body().replaceAll("\\s", ""))
                .contains("{\"service\":\"chat-notifications\",\"calls\":1,\"refused\":1,\"repeated\":0,\"holds\":0}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "fax=fail:1s"})
    void trouble_that_can_not_be_is_refused(String text) throws Exception {
        assertThat(send(request("/trouble").POST(BodyPublishers.ofString(text))))
                .isEqualTo(400);
    }

    @Test
    void a_port_in_use_is_named() {
        int port = standIns.endpoint().getPort();

        assertThatThrownBy(() -> StandIns.start(port))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("port " + port + " of the services is in use");
    }

    private int track(String id) throws IOException, InterruptedException {
        return http.send(tracking(id), BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest tracking(String id) {
        return request("/v1/track")
                .header("Authorization", basic(TrackingApi.WRITE_KEY + ":"))
                .POST(BodyPublishers.ofString("{\"messageId\":\"" + id + "\",\"event\":\"signup\",\"userId\":\"u\"}"))
                .build();
    }

    private int put(String md5, String email, String name) throws IOException, InterruptedException {
        return send(request(MEMBERS + md5)
                .header("Authorization", basic("anyone:" + ListApi.API_KEY))
                .PUT(BodyPublishers.ofString("{\"email_address\":\"" + email + "\",\"status_if_new\":\"subscribed\","
                        + "\"merge_fields\":{\"FNAME\":\"" + name + "\"}}")));
    }

    private int post(String body) throws IOException, InterruptedException {
        return send(request(WebhookApi.WEBHOOK).POST(BodyPublishers.ofString(body)));
    }

    private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(standIns.endpoint() + path))
                .header("Content-Type", "application/json");
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }
}
