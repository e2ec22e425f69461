package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.EnvelopeReader;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventTypeTest {

    private static final Attributes ATTRIBUTES = Attributes.builder()
            .string("event", "by-attribute")
            .string("kind", "by-kind")
            .build();

    private Envelope raw;
    private Envelope eventBridge;
    private Envelope cloudEvent;

    @BeforeEach
    void read() throws Exception {
        EnvelopeReader reader = EnvelopeReader.detecting();
        raw = reader.read("{\"what\":{\"type\":\"by-pointer\"}}", ATTRIBUTES);
        eventBridge = reader.read(
                "{\"version\":\"0\",\"id\":\"e-1\",\"source\":\"shop\",\"account\":\"1\",\"region\":\"r\","
                        + "\"time\":\"2026-01-01T00:00:00Z\",\"resources\":[],\"detail-type\":\"by-detail-type\","
                        + "\"detail\":{}}",
                ATTRIBUTES);
        cloudEvent = reader.read(
                "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/shop\",\"type\":\"by-type\",\"data\":{}}",
                ATTRIBUTES);
    }

    @Test
    void as_a_standard_it_is_what_each_envelope_says() {
        assertThat(EventType.standard().of(raw)).contains("by-attribute");
        assertThat(EventType.standard().of(eventBridge)).contains("by-detail-type");
        assertThat(EventType.standard().of(cloudEvent)).contains("by-type");
    }

    @Test
    void an_attribute_has_it_whatever_the_envelope() {
        assertThat(EventType.attribute("kind").of(raw)).contains("by-kind");
        assertThat(EventType.attribute("kind").of(eventBridge)).contains("by-kind");
        assertThat(EventType.attribute("none").of(raw)).isEmpty();
    }

    @Test
    void a_field_of_one_kind_of_event_is_in_no_other() {
        assertThat(EventType.detailType().of(eventBridge)).contains("by-detail-type");
        assertThat(EventType.detailType().of(cloudEvent)).isEmpty();
        assertThat(EventType.cloudEventsType().of(cloudEvent)).contains("by-type");
        assertThat(EventType.cloudEventsType().of(eventBridge)).isEmpty();
        assertThat(EventType.cloudEventsType().of(raw)).isEmpty();
    }

    @Test
    void a_pointer_finds_it_in_the_payload() {
        assertThat(EventType.jsonPointer("/what/type").of(raw)).contains("by-pointer");
        assertThat(EventType.jsonPointer("/what/else").of(raw)).isEmpty();
    }

    @Test
    void a_function_computes_it() {
        assertThat(EventType.from(envelope -> Optional.of("by-" + envelope.kind()))
                        .of(raw))
                .contains("by-RAW");
    }
}
