package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.EnvelopeReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The keys of events by their ids: of each kind of wrapping, source and id its own, whatever these hold. */
class EventKeysTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final IdempotencyKey BY_ID = IdempotencyKey.eventId();

    /** Who wrote an id, and what they wrote. */
    private record Triple(String kind, String source, String id) {}

    @Test
    void two_cloud_events_whose_source_and_id_join_to_one_text_are_two() throws Exception {
        assertThat(key(cloudEvent("a", "b c"), "m-1")).isNotEqualTo(key(cloudEvent("a:b", "c"), "m-2"));
    }

    @Test
    void a_source_with_white_space_makes_no_cloud_event() throws Exception {
        for (String space : new String[] {" ", "\t", "\n", "\u00a0", "\u2003"}) {
            assertThat(read(cloudEvent("a" + space + "b", "c")).kind()).isEqualTo(Envelope.Kind.RAW);
        }
    }

    @Test
    void no_id_of_a_payload_is_one_that_aws_has_given() throws Exception {
        String topic = "arn:aws:sns:eu-west-1:111122223333:t";
        String real = key(notification(topic, "id", "{}"), "m-1");

        // in the same notification, in a bare event, beside attributes
        assertThat(key(notification(topic, "m", eventBridge(topic, "id")), "m-1"))
                .isNotEqualTo(real);
        assertThat(key(notification(topic, "m", cloudEvent(topic, "id")), "m-1"))
                .isNotEqualTo(real);
        assertThat(key(cloudEvent(topic, "id"), "m-1")).isNotEqualTo(real);
        String ofTheBus = key(eventBridge("shop", "id"), "m-1");
        assertThat(key(notification(topic, "m", eventBridge("shop", "id")), "m-1"))
                .isNotEqualTo(ofTheBus);
        Attributes attributes = Attributes.builder().string("event", "signup").build();
        assertThat(key(eventBridge("shop", "id"), attributes, "m-1")).isNotEqualTo(ofTheBus);
    }

    @Test
    void a_key_of_the_users_own_is_never_an_id_that_takes_its_place_elsewhere() throws Exception {
        IdempotencyKey own = IdempotencyKey.attribute("order").orEventId();
        String byId = keyBy(own, "{}", Attributes.none(), "m-1");

        for (String forged : new String[] {byId, "key:" + byId, "sns:1:t:id", "eventbridge:0::id"}) {
            Attributes attributes = Attributes.builder().string("order", forged).build();
            assertThat(keyBy(own, "{}", attributes, "m-2")).isNotEqualTo(byId).isNotEqualTo(forged);
        }
        Attributes plain = Attributes.builder().string("order", "o-1").build();
        assertThat(keyBy(own, "{}", plain, "m-2")).isEqualTo("o-1");
    }

    @Test
    void random_events_have_one_key_exactly_if_kind_source_and_id_are_one() throws Exception {
        Random random = new Random(20_261_201);
        Map<String, Triple> byKey = new HashMap<>();
        Map<Triple, String> keys = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String source = text(random);
            String id = text(random);
            int kind = random.nextInt(5);
            String body = switch (kind) {
                case 0 -> "raw";
                case 1 -> notification("arn:aws:sns:eu-west-1:111122223333:" + source, id, "{}");
                case 2 -> eventBridge(source, id);
                case 3 -> cloudEvent(source, id);
                default -> notification("arn:aws:sns:eu-west-1:111122223333:t", "n", eventBridge(source, id));
            };
            boolean raw = read(body).kind() == Envelope.Kind.RAW;
            Triple triple = raw ? new Triple("raw", "", id) : new Triple("" + kind, source, id);
            String key = key(body, raw ? id : "m-" + i);

            assertThat(byKey.putIfAbsent(key, triple)).isIn(null, triple);
            assertThat(keys.putIfAbsent(triple, key)).isIn(null, key);
        }
        assertThat(keys).hasSizeGreaterThan(5_000);
    }

    private static String text(Random random) {
        String[] parts = {"a", "b", "c", " ", ":", "1", "2", "#", "sns", "/", "\u00e9"};
        StringBuilder text = new StringBuilder();
        for (int length = 1 + random.nextInt(4); length > 0; length--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }

    private static Envelope read(String body) throws Exception {
        return EnvelopeReader.detecting().read(body, Attributes.none());
    }

    private static String key(String body, String messageId) throws Exception {
        return key(body, Attributes.none(), messageId);
    }

    private static String key(String body, Attributes attributes, String messageId) throws Exception {
        return keyBy(BY_ID, body, attributes, messageId);
    }

    private static String keyBy(IdempotencyKey by, String body, Attributes attributes, String messageId)
            throws Exception {
        Envelope envelope = EnvelopeReader.detecting().read(body, attributes);
        Event<String> event = Event.builder("signup", envelope.text())
                .envelope(envelope)
                .delivery(Delivery.of("queue", messageId, body)
                        .attributes(attributes)
                        .build())
                .build();
        return by.of(event, envelope).orElseThrow();
    }

    private static String notification(String topic, String id, String message) {
        return JSON.createObjectNode()
                .put("Type", "Notification")
                .put("MessageId", id)
                .put("TopicArn", topic)
                .put("Message", message)
                .put("Timestamp", "2026-01-01T00:00:00Z")
                .put("UnsubscribeURL", "https://sns.example/")
                .toString();
    }

    private static String eventBridge(String source, String id) {
        ObjectNode event = JSON.createObjectNode()
                .put("version", "0")
                .put("id", id)
                .put("detail-type", "signup")
                .put("source", source)
                .put("account", "1")
                .put("time", "2026-01-01T00:00:00Z")
                .put("region", "r");
        event.putArray("resources");
        event.putObject("detail");
        return event.toString();
    }

    private static String cloudEvent(String source, String id) {
        return JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("type", "signup")
                .put("source", source)
                .put("id", id)
                .put("data", 1)
                .toString();
    }
}
