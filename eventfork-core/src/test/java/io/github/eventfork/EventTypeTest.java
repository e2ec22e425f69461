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

    private static final String EVENT_BRIDGE =
            "{\"version\":\"0\",\"id\":\"e-1\",\"source\":\"shop\",\"account\":\"1\",\"region\":\"r\","
                    + "\"time\":\"2026-01-01T00:00:00Z\",\"resources\":[],\"detail-type\":\"by-detail-type\","
                    + "\"detail\":{}}";

    private static final String CLOUD_EVENT =
            "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/shop\",\"type\":\"by-type\",\"data\":{}}";

    private Envelope raw;
    private Envelope eventBridge;
    private Envelope cloudEvent;

    @BeforeEach
    void read() throws Exception {
        EnvelopeReader reader = EnvelopeReader.detecting();
        raw = reader.read("{\"what\":{\"type\":\"by-pointer\"}}", ATTRIBUTES);
        eventBridge = reader.read(EVENT_BRIDGE, ATTRIBUTES);
        cloudEvent = reader.read(CLOUD_EVENT, ATTRIBUTES);
    }

    private static Envelope bare(String body) throws Exception {
        return EnvelopeReader.detecting().read(body, Attributes.none());
    }

    @Test
    void as_a_standard_it_is_the_attribute_by_which_the_message_was_let_in_whatever_the_body_says() {
        assertThat(EventType.standard().of(raw)).contains("by-attribute");
        assertThat(EventType.standard().of(eventBridge)).contains("by-attribute");
        assertThat(EventType.standard().of(cloudEvent)).contains("by-attribute");
    }

    @Test
    void as_a_standard_it_is_what_the_envelope_says_where_no_attribute_does() throws Exception {
        assertThat(EventType.standard().of(bare(EVENT_BRIDGE))).contains("by-detail-type");
        assertThat(EventType.standard().of(bare(CLOUD_EVENT))).contains("by-type");
        assertThat(EventType.standard().of(bare("{}"))).isEmpty();
    }

    @Test
    void as_a_standard_it_is_none_if_the_attribute_has_no_text() throws Exception {
        Attributes binary = Attributes.builder().binary("event", new byte[] {1}).build();

        assertThat(EventType.standard().of(EnvelopeReader.detecting().read(EVENT_BRIDGE, binary)))
                .isEmpty();
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
