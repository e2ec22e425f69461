package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.EnvelopeReader;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventTest {

    @Test
    void for_a_test_of_a_handler_a_type_and_a_payload_are_enough() {
        Event<String> event = Event.of("signup", "ada");

        assertThat(event.type()).isEqualTo("signup");
        assertThat(event.payload()).isEqualTo("ada");
        assertThat(event.id()).isEqualTo("test-event");
        assertThat(event.fork()).isEqualTo("test");
        assertThat(event.attempt()).isOne();
        assertThat(event.source()).isEmpty();
        assertThat(event.subject()).isEmpty();
        assertThat(event.published()).isEmpty();
        assertThat(event.key()).isEmpty();
        assertThat(event.delivery().messageId()).isEqualTo("test-event");
        assertThat(event.lease().remaining()).isPositive();
    }

    @Test
    void a_builder_and_a_copy_with_a_key_keep_all_that_is_known() {
        // given
        Attributes attributes = Attributes.builder().string("event", "signup").build();
        Delivery delivery = Delivery.of("orders", "m-1", "ada").build();
        Lease lease = Lease.fixed(Duration.ofSeconds(30));
        Instant published = Instant.parse("2026-01-01T00:00:00Z");

        // when
        Event<String> event = Event.builder("signup", "ada")
                .id("e-1")
                .attributes(attributes)
                .source("the website")
                .subject("a subject")
                .published(published)
                .delivery(delivery)
                .fork("analytics")
                .attempt(2)
                .lease(lease)
                .build()
                .withKey("analytics#e-1");

        // then
        assertThat(event.payload()).isEqualTo("ada");
        assertThat(event.id()).isEqualTo("e-1");
        assertThat(event.attributes()).isEqualTo(attributes);
        assertThat(event.source()).contains("the website");
        assertThat(event.subject()).contains("a subject");
        assertThat(event.published()).contains(published);
        assertThat(event.delivery()).isSameAs(delivery);
        assertThat(event.fork()).isEqualTo("analytics");
        assertThat(event.attempt()).isEqualTo(2);
        assertThat(event.key()).contains("analytics#e-1");
        assertThat(event.lease()).isSameAs(lease);
    }

    @Test
    void its_text_shows_nothing_of_the_payload() {
        assertThat(Event.builder("signup", "ada@example.org").id("e-1\n").build())
                .hasToString("Event[type signup, id e-1\\u000a, fork test, attempt 1]");
    }

    @Test
    void under_a_key_it_is_as_it_was() throws Exception {
        String body =
                "{\"Type\":\"Notification\",\"MessageId\":\"m\",\"TopicArn\":\"arn:aws:sns:us-east-2:111122223333:t\","
                        + "\"Message\":\"x\",\"Timestamp\":\"2026-01-31T12:34:56.789Z\",\"UnsubscribeURL\":\"https://x/\"}";
        Envelope envelope = EnvelopeReader.detecting().read(body, Attributes.none());

        Event<String> event =
                Event.builder("signup", "x").envelope(envelope).build().withKey("key");

        assertThat(event.key()).contains("key");
        assertThat(event.published()).contains(Instant.parse("2026-01-31T12:34:56.789Z"));
        assertThat(event.source()).contains("arn:aws:sns:us-east-2:111122223333:t");
    }
}
