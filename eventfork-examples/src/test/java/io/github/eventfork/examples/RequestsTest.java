package io.github.eventfork.examples;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.github.eventfork.Event;
import java.net.URI;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What exactly goes to each service. */
class RequestsTest {

    @RegisterExtension
    private static final WireMockExtension SERVER = ServiceServer.onLoopback();

    private static final Event<Signup> ADA = Event.builder("signup", new Signup("Ada", "Ada@Example.org"))
            .key("analytics#e-001")
            .published(Instant.parse("2026-01-31T12:00:00Z"))
            .build();

    @BeforeEach
    void takeAll() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok()));
    }

    @Test
    void an_event_is_tracked_under_its_key_for_a_digest_of_the_address() throws Exception {
        // when
        new SegmentCounter(ServiceServer.url(SERVER), ServiceServer.calling("write-key")).count(ADA, "Ada@Example.org");

        // then
        LoggedRequest request = received();
        assertThat(request.getMethod() + " " + request.getUrl()).isEqualTo("POST /v1/track");
        assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
        // write-key: with an empty password
        assertThat(request.getHeader("Authorization")).isEqualTo("Basic d3JpdGUta2V5Og==");
        assertThat(request.getBodyAsString())
                .isEqualTo("{\"messageId\":\"analytics#e-001\",\"event\":\"signup\",\"userId\":"
                        + "\"cfe00dde46ef942601ffafb9e2825e802858b460e586b8305b344c1eb826357d\","
                        + "\"timestamp\":\"2026-01-31T12:00:00Z\"}");
    }

    @Test
    void a_time_that_is_not_known_is_left_out() throws Exception {
        // given
        Event<Signup> event = Event.builder("signup", new Signup("Ada", "ada@example.org"))
                .key("analytics#e-001")
                .build();

        // when
        new SegmentCounter(ServiceServer.url(SERVER), ServiceServer.calling("k")).count(event, "ada@example.org");

        // then
        assertThat(received().getBodyAsString()).doesNotContain("timestamp");
    }

    @Test
    void a_member_is_put_at_the_digest_of_the_address_in_lower_case() throws Exception {
        // when
        new MailchimpSubscribers(ServiceServer.url(SERVER), "a1b2", ServiceServer.calling("api-key-us1"))
                .upsert("Ada@Example.org", "Ada \"L.\" Łovelace");

        // then
        LoggedRequest request = received();
        assertThat(request.getMethod() + " " + request.getUrl())
                .isEqualTo("PUT /3.0/lists/a1b2/members/5bfcf2d8e394674550332640d72db509");
        assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
        // eventfork:api-key-us1, because any name will do
        assertThat(request.getHeader("Authorization")).isEqualTo("Basic ZXZlbnRmb3JrOmFwaS1rZXktdXMx");
        assertThat(request.getBodyAsString())
                .isEqualTo("{\"email_address\":\"Ada@Example.org\",\"status_if_new\":\"subscribed\","
                        + "\"merge_fields\":{\"FNAME\":\"Ada \\\"L.\\\" Łovelace\"}}");
    }

    @Test
    void a_text_is_posted_to_the_webhook_and_calls_nobody() throws Exception {
        // given
        URI webhook = URI.create(ServiceServer.url(SERVER) + "/services/T0/B0/secret");

        // when
        new SlackChat(ServiceServer.calling(webhook.toString()), Set.of()).announce("<!channel> & co. signed up");

        // then
        LoggedRequest request = received();
        assertThat(request.getMethod() + " " + request.getUrl()).isEqualTo("POST /services/T0/B0/secret");
        assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(request.containsHeader("Authorization")).isFalse();
        assertThat(request.getBodyAsString()).isEqualTo("{\"text\":\"&lt;!channel&gt; &amp; co. signed up\"}");
    }

    private static LoggedRequest received() {
        assertThat(SERVER.getAllServeEvents()).hasSize(1);
        return SERVER.getAllServeEvents().get(0).getRequest();
    }
}
