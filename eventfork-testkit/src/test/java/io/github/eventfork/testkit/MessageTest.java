package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.Envelope.Kind;
import io.github.eventfork.envelope.EnvelopeException;
import io.github.eventfork.envelope.EnvelopeReader;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageTest {

    private static final String PAYLOAD = "{\"email\":\"ada@example.org\"}";

    private static Envelope read(Message message) {
        try {
            return EnvelopeReader.detecting().read(message.body(), message.attributes());
        } catch (EnvelopeException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void an_sns_notification_has_its_type_in_the_envelope_and_no_sqs_attributes() {
        // given
        Message message = Message.sns("signup", PAYLOAD);

        // when
        Envelope envelope = read(message);

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.SNS);
        assertThat(envelope.text()).isEqualTo(PAYLOAD);
        assertThat(envelope.attributes().text("event")).contains("signup");
        assertThat(envelope.id()).contains(message.eventId());
        assertThat(message.attributes().isEmpty()).isTrue();
    }

    @Test
    void an_sns_notification_is_written_as_sns_writes_it() {
        assertThat(Message.sns("signup", PAYLOAD).eventId("e-1").body())
                .startsWith(
                        "{\n  \"Type\" : \"Notification\",\n  \"MessageId\" : \"e-1\",\n  \"TopicArn\" : \"arn:aws:sns:");
    }

    @Test
    void a_raw_message_has_its_type_in_an_sqs_attribute() {
        // when
        Envelope envelope = read(Message.raw("signup", PAYLOAD));

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.RAW);
        assertThat(envelope.text()).isEqualTo(PAYLOAD);
        assertThat(envelope.attributes().text("event")).contains("signup");
    }

    @Test
    void an_eventbridge_event_has_its_detail_type() {
        // when
        Envelope envelope = read(Message.eventBridge("signup", PAYLOAD));

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.EVENTBRIDGE);
        assertThat(envelope.type()).contains("signup");
        assertThat(envelope.text()).isEqualTo(PAYLOAD);
    }

    @Test
    void a_cloud_event_has_its_type() {
        // when
        Envelope envelope = read(Message.cloudEvent("signup", PAYLOAD));

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.CLOUDEVENTS);
        assertThat(envelope.type()).contains("signup");
        assertThat(envelope.text()).isEqualTo(PAYLOAD);
    }

    @Test
    void an_event_in_sns_has_two_layers() {
        // when
        Envelope envelope = read(Message.eventBridge("signup", PAYLOAD).inSns());

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.EVENTBRIDGE);
        assertThat(envelope.outer()).map(Envelope::kind).contains(Kind.SNS);
    }

    @Test
    void a_pointer_to_s3_has_the_form_of_the_extended_client() {
        // given
        Message message = Message.s3Pointer("b", "k");

        // then
        assertThat(message.body())
                .isEqualTo("[\"software.amazon.payloadoffloading.PayloadS3Pointer\","
                        + "{\"s3BucketName\":\"b\",\"s3Key\":\"k\"}]");
        assertThat(message.attributes().number("ExtendedPayloadSize")).contains(new BigDecimal(2_097_152));
    }

    @Test
    void attributes_of_every_type_arrive_the_same_in_sns_and_raw() {
        // given
        Message raw = Message.raw("signup", PAYLOAD)
                .attribute("plan", "pro")
                .attribute("seats", "Number", "1.50")
                .attribute("token", "Binary", "AgME")
                .attribute("tags", "String.Array", "[\"a\",\"b\"]");

        // then
        assertThat(read(raw.inSns()).attributes()).isEqualTo(read(raw).attributes());
        assertThat(read(raw).attributes().strings("tags")).contains(List.of("a", "b"));
    }

    @Test
    void a_body_that_is_cut_off_is_no_envelope_any_more() {
        assertThat(read(Message.sns("signup", PAYLOAD).cutOff()).kind()).isEqualTo(Kind.RAW);
    }

    @Test
    void a_payload_that_is_no_json_leaves_its_envelope_whole() {
        // when
        Envelope envelope = read(Message.sns("signup", PAYLOAD).notJson());

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.SNS);
        assertThat(envelope.text()).doesNotStartWith("{");
    }

    @Test
    void what_is_published_again_has_another_event_id() {
        // given
        Message first = Message.sns("signup", PAYLOAD).messageId("m-1");

        // when
        Message again = first.publishedAgain();

        // then
        assertThat(again.eventId()).isNotEqualTo(first.eventId());
        assertThat(again.messageId()).isEmpty();
        assertThat(first.messageId()).contains("m-1");
    }

    @Test
    void a_delivery_carries_what_the_message_says() {
        // when
        Delivery delivery = Message.raw("signup", PAYLOAD)
                .messageId("m-1")
                .group("g")
                .deduplicationId("d")
                .traceHeader("Root=1-2")
                .receiveCount(3)
                .delivery("orders.fifo");

        // then
        assertThat(delivery.messageId()).isEqualTo("m-1");
        assertThat(delivery.group()).contains("g");
        assertThat(delivery.deduplicationId()).contains("d");
        assertThat(delivery.traceHeader()).contains("Root=1-2");
        assertThat(delivery.receiveCount()).isEqualTo(3);
        assertThat(delivery.fifo()).isTrue();
    }
}
