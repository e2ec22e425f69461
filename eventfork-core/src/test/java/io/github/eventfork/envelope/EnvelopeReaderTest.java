package io.github.eventfork.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.envelope.Envelope.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeReaderTest {
    private static final String PAYLOAD = "{\"email\":\"zoë@example.org\",\"note\":\"a\\\\b\\n\\\"\"}";

    private static Envelope detect(String body) throws EnvelopeException {
        return EnvelopeReader.detecting().read(body, Attributes.none());
    }

    @Test
    void a_notification_gives_its_message_verbatim() throws Exception {
        // when
        Envelope envelope = detect(Bodies.notification(PAYLOAD));

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.SNS);
        assertThat(envelope.text()).isEqualTo(PAYLOAD);
        assertThat(envelope.bytes()).isEqualTo(PAYLOAD.getBytes(StandardCharsets.UTF_8));
        assertThat(envelope.binary()).isFalse();
    }

    @Test
    void a_notification_says_who_published_when_and_what_about() throws Exception {
        // when
        Envelope envelope = detect(Bodies.notification(PAYLOAD));

        // then
        assertThat(envelope.id()).contains("sns-1");
        assertThat(envelope.source()).contains(Bodies.TOPIC);
        assertThat(envelope.subject()).contains("s");
        assertThat(envelope.time()).contains(Instant.parse("2026-02-16T21:41:19.978Z"));
        assertThat(envelope.type()).isEmpty();
        assertThat(envelope.outer()).isEmpty();
    }

    @Test
    void the_attributes_of_a_notification_are_read_in_all_types() throws Exception {
        // when
        Attributes attributes = detect(Bodies.notification(PAYLOAD)).attributes();

        // then
        assertThat(attributes.names()).containsExactly("event", "n", "b", "l", "bare");
        assertThat(attributes.text("event")).contains("signup");
        assertThat(attributes.number("n")).contains(new BigDecimal("1.50"));
        assertThat(attributes.binary("b"))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(2, 3, 4));
        assertThat(attributes.strings("l")).contains(List.of("a", "1"));
        assertThat(attributes.number("bare")).contains(new BigDecimal("7"));
    }

    @Test
    void what_came_with_attributes_is_no_notification_however_much_it_looks_like_one() throws Exception {
        // given what SNS gives to no notification that it has wrapped
        Attributes queued = Attributes.builder().string("event", "comment").build();
        String body = Bodies.notification(Bodies.EVENT_BRIDGE);

        // when
        Envelope envelope = EnvelopeReader.detecting().read(body, queued);

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.RAW);
        assertThat(envelope.text()).isEqualTo(body);
        assertThat(envelope.id()).isEmpty();
        assertThat(envelope.attributes()).isEqualTo(queued);
    }

    @Test
    void a_dead_letter_of_ours_that_is_redriven_is_the_notification_that_it_was() throws Exception {
        Attributes note = Attributes.builder().string(Attributes.NOTE, "{}").build();

        Envelope envelope = EnvelopeReader.detecting().read(Bodies.notification(PAYLOAD), note);

        assertThat(envelope.kind()).isEqualTo(Kind.SNS);
        assertThat(envelope.id()).contains("sns-1");
    }

    @Test
    void of_a_pinned_notification_and_its_message_the_messages_own_attributes_win() throws Exception {
        // given
        Attributes queued = Attributes.builder()
                .string("event", "queued")
                .string("only", "here")
                .build();

        // when
        Envelope envelope = EnvelopeReader.only(Kind.SNS).read(Bodies.notification(PAYLOAD), queued);

        // then
        assertThat(envelope.attributes().text("event")).contains("queued");
        assertThat(envelope.attributes().text("only")).contains("here");
        assertThat(envelope.attributes().number("n")).contains(new BigDecimal("1.50"));
    }

    @Test
    void a_pinned_topic_takes_its_own_notifications_and_what_is_in_them() throws Exception {
        EnvelopeReader reader = EnvelopeReader.detecting().from(Bodies.TOPIC);

        assertThat(reader.topic()).contains(Bodies.TOPIC);
        assertThat(reader.read(Bodies.notification(PAYLOAD), Attributes.none()).kind())
                .isEqualTo(Kind.SNS);
        assertThat(reader.read(Bodies.notification(Bodies.EVENT_BRIDGE), Attributes.none())
                        .kind())
                .isEqualTo(Kind.EVENTBRIDGE);
    }

    @Test
    void a_pinned_topic_takes_nothing_else_and_says_what_to_do() {
        EnvelopeReader reader = EnvelopeReader.only(Kind.SNS).from(Bodies.TOPIC + "2");

        assertThatThrownBy(() -> reader.read(Bodies.notification(PAYLOAD), Attributes.none()))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining("not of the topic " + Bodies.TOPIC + "2")
                .hasMessageContaining("Do not subscribe");
        EnvelopeReader any = EnvelopeReader.detecting().from(Bodies.TOPIC);
        assertThatThrownBy(() -> any.read(PAYLOAD, Attributes.none()))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining("no SNS notification")
                .hasMessageContaining("raw message delivery off");
        assertThatThrownBy(() -> any.read(Bodies.EVENT_BRIDGE, Attributes.none()))
                .isInstanceOf(EnvelopeException.class);
    }

    @Test
    void a_raw_body_can_be_pinned_to_no_topic() {
        assertThatThrownBy(() -> EnvelopeReader.only(Kind.RAW).from(Bodies.TOPIC))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_pretty_printed_notification_of_a_fifo_topic_is_one() throws Exception {
        // given no Signature, as FIFO topics send none
        String body = "\n{\n  \"Type\" : \"Notification\",\n  \"MessageId\" : \"m\",\n  \"SequenceNumber\" : \"1\",\n"
                + "  \"TopicArn\" : \"arn:aws-cn:sns:cn-north-1:111122223333:t.fifo\",\n  \"Message\" : \"hi\",\n"
                + "  \"Timestamp\" : \"2026-02-16T21:41:19.978Z\",\n  \"UnsubscribeURL\" : \"https://sns/\"\n}\n ";

        // when
        Envelope envelope = detect(body);

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.SNS);
        assertThat(envelope.text()).isEqualTo("hi");
        assertThat(envelope.attributes()).isEqualTo(Attributes.none());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"Type\":\"Notification\" | \"Type\":\"SubscriptionConfirmation\"",
                "\"Type\":\"Notification\" | \"Type\":1",
                "\"Type\":\"Notification\" | \"Type\":\"Notification\",\"Type\":\"Notification\"",
                "\"Type\":\"Notification\", | ``",
                "\"MessageId\":\"sns-1\", | ``",
                "\"MessageId\":\"sns-1\" | \"MessageId\":null",
                "\"MessageId\":\"sns-1\" | \"MessageId\":\"a\",\"MessageId\":\"a\"",
                "arn:aws:sns: | arn:aws:sqs:",
                "111122223333 | 11112222333",
                "\"Timestamp\":\"2026-02-16T21:41:19.978Z\", | ``",
                "\"Timestamp\":\"2026-02-16T21:41:19.978Z\" | \"Timestamp\":1234",
                "\"UnsubscribeURL\":\"https://x/\", | ``",
                "\"UnsubscribeURL\":\"https://x/\" | \"UnsubscribeURL\":7",
                "\"Subject\":\"s\" | \"Subject\":[]",
                "\"Type\":\"Number\" | \"Type\":\"\"",
                "\"Type\":\"Number\" | \"Kind\":\"Number\"",
                "\"Value\":\"1.50\" | \"Value\":true",
                "\"Value\":\"1.50\" | \"Value\":[{\"x\":[1]}]",
                "\"Value\":\"1.50\" | \"Value\":\"1.50\",\"Value\":\"1.51\"",
                "\"Value\":\"AgME\" | \"Value\":\"***\"",
                "\"n\":{\"Type\" | \"event\":{\"Type\"",
                "\"n\":{ | \"n\":[],\"m\":{",
            })
    void what_departs_from_a_notification_in_one_thing_is_raw(String from, String to) throws Exception {
        // given
        String body = Bodies.notification(PAYLOAD).replace(from, to);
        assertThat(body).isNotEqualTo(Bodies.notification(PAYLOAD));

        // when
        Envelope envelope = detect(body);

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.RAW);
        assertThat(envelope.text()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\":{\"x\":[{}]},\"b\":1}", "{\"a\":1,\"b\":{}}", "{\"a\":{\"Value\":[1]},\"b\":{}}", "7"})
    void an_event_may_have_a_field_that_only_a_notification_gives_a_meaning(String odd) throws Exception {
        String body = Bodies.EVENT_BRIDGE.replaceAll("^\\{", "{\"MessageAttributes\":" + odd + ",");
        assertThat(detect(body).kind()).isEqualTo(Kind.EVENTBRIDGE);
    }

    @Test
    void a_payload_that_merely_looks_like_a_notification_is_raw() throws Exception {
        assertThat(detect("{\"Type\":\"Notification\",\"Message\":\"{}\"}").kind())
                .isEqualTo(Kind.RAW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{}", " 1", "]", "\0", ","})
    void text_behind_an_envelope_makes_it_raw(String rest) throws Exception {
        assertThat(detect(Bodies.notification(PAYLOAD) + rest).kind()).isEqualTo(Kind.RAW);
        assertThat(detect(Bodies.EVENT_BRIDGE + rest).kind()).isEqualTo(Kind.RAW);
        assertThat(detect(Bodies.CLOUD_EVENT + rest).kind()).isEqualTo(Kind.RAW);
    }

    @Test
    void an_eventbridge_event_gives_its_detail_as_it_is_written() throws Exception {
        // when
        Envelope envelope = detect(Bodies.EVENT_BRIDGE);

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.EVENTBRIDGE);
        assertThat(envelope.text()).isEqualTo("{\"order\" : [1, 2.50]}");
        assertThat(envelope.id()).contains("eb-1");
        assertThat(envelope.type()).contains("order placed");
        assertThat(envelope.source()).contains("shop");
        assertThat(envelope.time()).contains(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(envelope.outer()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"})
    void an_eventbridge_event_without_one_of_its_fields_is_raw(String field) throws Exception {
        String body = Bodies.EVENT_BRIDGE.replace("\"" + field + "\":", "\"other\":");
        assertThat(detect(body).kind()).isEqualTo(Kind.RAW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"order\" : [1, 2.50]} | \"text\"",
                "[\"r\"] | \"r\"",
                "\"shop\" | null",
                "\"2026-01-31T12:00:00Z\" | null"
            })
    void an_eventbridge_event_with_a_field_of_another_form_is_raw(String from, String to) throws Exception {
        assertThat(detect(Bodies.EVENT_BRIDGE.replace(from, to)).kind()).isEqualTo(Kind.RAW);
    }

    @Test
    void an_event_in_a_notification_is_two_layers() throws Exception {
        // when
        Envelope envelope = detect(Bodies.notification(Bodies.EVENT_BRIDGE));

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.EVENTBRIDGE);
        assertThat(envelope.id()).contains("eb-1");
        assertThat(envelope.text()).isEqualTo("{\"order\" : [1, 2.50]}");
        assertThat(envelope.outer()).hasValueSatisfying(outer -> {
            assertThat(outer.kind()).isEqualTo(Kind.SNS);
            assertThat(outer.id()).contains("sns-1");
            assertThat(outer.text()).isEqualTo(Bodies.EVENT_BRIDGE);
        });
    }

    @Test
    void a_notification_in_a_notification_is_payload() throws Exception {
        // given
        String inner = Bodies.notification(Bodies.EVENT_BRIDGE);

        // when
        Envelope envelope = detect(Bodies.notification(inner));

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.SNS);
        assertThat(envelope.text()).isEqualTo(inner);
    }

    @Test
    void a_cloud_event_gives_its_data_as_it_is_written() throws Exception {
        // when
        Envelope envelope = detect(Bodies.CLOUD_EVENT);

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.CLOUDEVENTS);
        assertThat(envelope.text()).isEqualTo("{\"order\" : 1.50}");
        assertThat(envelope.id()).contains("/shop ce-1");
        assertThat(envelope.type()).contains("order.placed");
        assertThat(envelope.source()).contains("/shop");
        assertThat(envelope.subject()).contains("o-7");
        assertThat(envelope.time()).contains(Instant.parse("2026-01-31T12:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"specversion\":\"1.0\" | \"specversion\":\"0.3\"",
                "\"specversion\":\"1.0\" | \"specversion\":1.0",
                "\"id\":\"ce-1\" | \"id\":\"\"",
                "\"source\":\"/shop\" | \"source\":\"\"",
                "\"type\":\"order.placed\" | \"type\":\"\"",
                "\"type\":\"order.placed\", | ``",
                "\"subject\":\"o-7\" | \"subject\":7",
                "\"data\": | \"data_base64\":\"AgME\",\"data\":",
                "\"data\":{\"order\" : 1.50} | \"data_base64\":\"*\"",
                "\"data\":{\"order\" : 1.50} | \"data_base64\":{}",
                "\"data\": | \"data\":1,\"data\":",
            })
    void what_departs_from_a_cloud_event_in_one_thing_is_raw(String from, String to) throws Exception {
        // given
        String body = Bodies.CLOUD_EVENT.replace(from, to);
        assertThat(body).isNotEqualTo(Bodies.CLOUD_EVENT);

        // then
        assertThat(detect(body).kind()).isEqualTo(Kind.RAW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"data\":\"a\\nb\" | `\"a\\nb\"`",
                "\"data\":\"<a/>\",\"datacontenttype\":\"text/xml\" | <a/>",
                "\"datacontenttype\":\"text/plain\",\"data\":\"x\\u0041\" | xA",
                "\"datacontenttype\":\"application/json\",\"data\":\"x\" | \"x\"",
                "\"datacontenttype\":\"Text/JSON; charset=utf-8\",\"data\":\"x\" | \"x\"",
                "\"datacontenttype\":\"application/vnd.shop+json\",\"data\":\"x\" | \"x\"",
                "\"datacontenttype\":\"text/plain\",\"data\":[ 1 ] | [ 1 ]",
                "\"datacontenttype\":null,\"data\":-1.50e2 | -1.50e2",
                "\"data\":true | true",
                "\"data\": null | null",
                "\"dataschema\":\"x\" | null",
            })
    void the_data_of_a_cloud_event_is_json_unless_its_content_type_says_otherwise(String data, String payload)
            throws Exception {
        // given
        String body = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"," + data + "}";

        // then
        assertThat(detect(body).kind()).isEqualTo(Kind.CLOUDEVENTS);
        assertThat(detect(body).text()).isEqualTo(payload);
    }

    @Test
    void the_bytes_of_a_cloud_event_come_as_they_were() throws Exception {
        // given
        byte[] bytes = {'h', 'i', (byte) 0xff, 0};
        String body = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data_base64\":\""
                + Base64.getEncoder().encodeToString(bytes) + "\"}";

        // when
        Envelope envelope = detect(body);
        envelope.bytes()[0] = 'X';

        // then
        assertThat(envelope.binary()).isTrue();
        assertThat(envelope.bytes()).isEqualTo(bytes);
        assertThat(envelope.text()).isEqualTo("hi\uFFFD\0");
    }

    @Test
    void an_inner_layer_without_time_has_that_of_the_notification() throws Exception {
        // given
        String timeless = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}";

        // then
        assertThat(detect(Bodies.notification(timeless)).time()).contains(Instant.parse("2026-02-16T21:41:19.978Z"));
        assertThat(detect(timeless).time()).isEmpty();
    }

    @Test
    void a_time_that_is_none_is_left_out() throws Exception {
        String body = Bodies.EVENT_BRIDGE.replace("2026-01-31T12:00:00Z", "yesterday");
        assertThat(detect(body).kind()).isEqualTo(Kind.EVENTBRIDGE);
        assertThat(detect(body).time()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3_000, 40_000, 400_000})
    void a_payload_is_cut_out_exactly_however_long_the_body_is(int length) throws Exception {
        // given non-ASCII text, surrogate pairs and escapes before, in and behind the payload
        String filler = "é\uD83D\uDE00\\u00e9\\n".repeat(length / 10);
        String detail = "{ \"a\" : \"" + filler + "\", \"b\":[ ] }";
        String body = Bodies.EVENT_BRIDGE
                .replace("{\"order\" : [1, 2.50]}", detail)
                .replace("{\"version\"", "{ \"pad\":\"" + filler + "\",\"version\"")
                .replaceAll("}$", ",\"behind\":\"" + filler.replace("\\", "\\\\") + "\"}");

        // when
        Envelope envelope = detect(body);

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.EVENTBRIDGE);
        assertThat(envelope.text()).isEqualTo(detail);
    }

    @Test
    void pinned_to_raw_nothing_is_looked_at() throws Exception {
        // given
        String body = Bodies.notification(PAYLOAD);

        // when
        Envelope envelope = EnvelopeReader.only(Kind.RAW).read(body, Attributes.none());

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.RAW);
        assertThat(envelope.text()).isEqualTo(body);
    }

    @Test
    void pinned_to_sns_the_message_is_not_looked_into() throws Exception {
        // when
        Envelope envelope =
                EnvelopeReader.only(Kind.SNS).read(Bodies.notification(Bodies.EVENT_BRIDGE), Attributes.none());

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.SNS);
        assertThat(envelope.text()).isEqualTo(Bodies.EVENT_BRIDGE);
    }

    @Test
    void pinned_to_a_kind_of_event_it_may_come_bare_or_in_a_notification() throws Exception {
        // given
        EnvelopeReader eventBridge = EnvelopeReader.only(Kind.EVENTBRIDGE);
        EnvelopeReader cloudEvents = EnvelopeReader.only(Kind.CLOUDEVENTS);

        // then
        assertThat(eventBridge.read(Bodies.EVENT_BRIDGE, Attributes.none()).outer())
                .isEmpty();
        assertThat(eventBridge
                        .read(Bodies.notification(Bodies.EVENT_BRIDGE), Attributes.none())
                        .outer())
                .isPresent();
        assertThat(cloudEvents.read(Bodies.CLOUD_EVENT, Attributes.none()).outer())
                .isEmpty();
        assertThat(cloudEvents
                        .read(Bodies.notification(Bodies.CLOUD_EVENT), Attributes.none())
                        .outer())
                .isPresent();
    }

    private static Envelope detected(String body) throws Exception {
        return EnvelopeReader.detecting().read(body, Attributes.none());
    }

    @ParameterizedTest
    @ValueSource(strings = {"specversion", "detail-type"})
    void the_names_of_an_events_fields_may_be_escaped(String name) throws Exception {
        String event = name.equals("specversion") ? Bodies.CLOUD_EVENT : Bodies.EVENT_BRIDGE;
        StringBuilder escaped = new StringBuilder();
        name.chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));
        String disguised = event.replace('"' + name + '"', "\"" + escaped + '"');
        assertThat(disguised).doesNotContain(name);

        Envelope envelope = detected(Bodies.notification(disguised));

        assertThat(envelope.kind())
                .isEqualTo(detected(Bodies.notification(event)).kind());
        assertThat(envelope.kind()).isNotEqualTo(Kind.SNS);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:sns:us-east-2:111122223333:t, SNS",
        "arn:aws-cn:sns::111122223333:, SNS",
        "arn::sns:us-east-2:111122223333:t, RAW",
        "arn:aws:sqs:us-east-2:111122223333:t, RAW",
        "arn:aws:sns:us-east-2:11112222333:t, RAW",
        "arn:aws:sns:us-east-2:1111222233334:t, RAW",
        "arn:aws:sns:us-east-2:11112222333x:t, RAW",
        "arn:aws:sns:us-east-2:11112222333/:t, RAW",
        "arn:aws:sns:us-east-2:111122223333, RAW",
        "arn:aws:sns:us-east-2, RAW",
        "arn:aws:sns, RAW",
        "arn:, RAW",
        "narn:aws:sns:us-east-2:111122223333:t, RAW",
    })
    void a_notification_is_of_a_topic(String arn, Kind kind) throws Exception {
        String body =
                Bodies.notification("{}").replaceFirst("\"TopicArn\"( ?): ?\"[^\"]*\"", "\"TopicArn\":\"" + arn + '"');
        assertThat(body).contains('"' + arn + '"');

        assertThat(detected(body).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SNS | {\"Type\":\"Notification\"} | no string 'MessageId'",
                "SNS | {\"Type\":\"Marker\"} | 'Type' is not \"Notification\"",
                "SNS | {\"TopicArn\":\"Marker\"} | 'TopicArn' is no ARN of an SNS topic",
                "SNS | {\"Message\":[\"Marker\"]} | no string 'Message'",
                "SNS | {\"MessageAttributes\":{\"Marker\":1}} | 'MessageAttributes' is malformed",
                "SNS | Marker | not a JSON object",
                "SNS | {\"Marker\": Marker} | malformed JSON at line 1, column",
                "EVENTBRIDGE | {\"version\":\"Marker\"} | no string 'id'; nor is it an SNS notification around one: no string 'Type'",
                "EVENTBRIDGE | {\"detail\":\"Marker\"} | no object 'detail'",
                "EVENTBRIDGE | {\"resources\":\"Marker\"} | no array 'resources'",
                "EVENTBRIDGE | {\"id\":\"Marker\",\"id\":\"Marker\"} | 'id' is there twice",
                "CLOUDEVENTS | {\"specversion\":\"Marker\"} | 'specversion' is not \"1.0\"",
            })
    void a_pinned_reader_names_the_field_that_is_wrong_and_no_value(Kind kind, String body, String problem) {
        assertThatThrownBy(() -> EnvelopeReader.only(kind).read(body, Attributes.none()))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("do not pin the envelope to " + kind)
                .hasMessageNotContaining("Marker");
    }

    @Test
    void a_pinned_reader_tells_when_the_notification_is_good_but_its_message_is_not() {
        assertThatThrownBy(
                        () -> EnvelopeReader.only(Kind.EVENTBRIDGE).read(Bodies.notification("{}"), Attributes.none()))
                .hasMessageStartingWith(
                        "The 'Message' of the SNS notification is no EventBridge event: no string 'id'.");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void an_envelope_shows_no_payload(Kind kind) throws Exception {
        // given
        String body = switch (kind) {
            case RAW -> "Marker";
            case SNS -> Bodies.notification("Marker");
            case EVENTBRIDGE -> Bodies.EVENT_BRIDGE.replace("order", "Marker");
            case CLOUDEVENTS -> Bodies.CLOUD_EVENT.replace("order", "Marker");
        };

        // then
        assertThat(detect(body).kind()).isEqualTo(kind);
        assertThat(detect(body).toString()).startsWith(kind.name()).doesNotContain("Marker", "signup");
    }

    @Test
    void with_raw_delivery_nothing_is_a_notification_and_events_are_events() throws Exception {
        EnvelopeReader reader = EnvelopeReader.detecting().unwrapped();

        assertThat(reader.takesNoNotification()).isTrue();
        assertThat(reader.read(Bodies.notification(PAYLOAD), Attributes.none()).kind())
                .isEqualTo(Kind.RAW);
        assertThat(reader.read(Bodies.EVENT_BRIDGE, Attributes.none()).kind()).isEqualTo(Kind.EVENTBRIDGE);
        EnvelopeReader events = EnvelopeReader.only(Kind.EVENTBRIDGE).unwrapped();
        assertThat(events.read(Bodies.EVENT_BRIDGE, Attributes.none()).kind()).isEqualTo(Kind.EVENTBRIDGE);
        assertThatThrownBy(() -> events.read(Bodies.notification(Bodies.EVENT_BRIDGE), Attributes.none()))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining("The body is no EventBridge event");
    }

    @Test
    void raw_delivery_and_notifications_are_not_pinned_both() {
        assertThatThrownBy(() -> EnvelopeReader.only(Kind.SNS).unwrapped()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> EnvelopeReader.detecting().from(Bodies.TOPIC).unwrapped())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> EnvelopeReader.detecting().unwrapped().from(Bodies.TOPIC))
                .isInstanceOf(IllegalStateException.class);
    }
}
