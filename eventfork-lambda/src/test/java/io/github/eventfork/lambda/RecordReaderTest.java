package io.github.eventfork.lambda;

import static io.github.eventfork.lambda.Messages.binary;
import static io.github.eventfork.lambda.Messages.inGroup;
import static io.github.eventfork.lambda.Messages.message;
import static io.github.eventfork.lambda.Messages.signup;
import static io.github.eventfork.lambda.Messages.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.Delivery;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordReaderTest {

    @Test
    void a_record_is_read_with_all_that_sqs_says_of_it() {
        // given
        SQSMessage message = inGroup("tenant-1", "m-1", "the body");
        message.getAttributes()
                .putAll(Map.of(
                        "ApproximateReceiveCount", "3",
                        "MessageDeduplicationId", "d-1",
                        "AWSTraceHeader", "Root=1-2-3"));

        // when
        Delivery delivery = RecordReader.read(message);

        // then
        assertThat(delivery.queue()).isEqualTo(Messages.FIFO);
        assertThat(delivery.fifo()).isTrue();
        assertThat(delivery.messageId()).isEqualTo("m-1");
        assertThat(delivery.receipt()).isEqualTo("receipt of m-1");
        assertThat(delivery.body()).isEqualTo("the body");
        assertThat(delivery.receiveCount()).isEqualTo(3);
        assertThat(delivery.group()).hasValue("tenant-1");
        assertThat(delivery.deduplicationId()).hasValue("d-1");
        assertThat(delivery.traceHeader()).hasValue("Root=1-2-3");
        assertThat(delivery.firstReceived()).hasValue(Instant.parse("2026-01-31T10:34:56.789Z"));
    }

    @Test
    void message_attributes_keep_their_types() {
        // given
        SQSMessage message = message("m-1", "the body");
        message.setMessageAttributes(Map.of(
                "event", text("String", "signup"),
                "price", text("Number.float", "1.50"),
                "key", binary(ByteBuffer.wrap(new byte[] {2, 4}))));

        // when
        Delivery delivery = RecordReader.read(message);

        // then
        assertThat(delivery.attributes().text("event")).hasValue("signup");
        assertThat(delivery.attributes().number("price")).hasValue(new BigDecimal("1.50"));
        assertThat(delivery.attributes().binary("key"))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(2, 4));
    }

    @Test
    void the_position_of_a_binary_value_stays_where_it_was() {
        // given
        ByteBuffer value = ByteBuffer.wrap(new byte[] {9, 2, 4}).position(1);
        SQSMessage message = message("m-1", "the body");
        message.setMessageAttributes(Map.of("key", binary(value)));

        // when
        Delivery delivery = RecordReader.read(message);

        // then
        assertThat(delivery.attributes().binary("key"))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(2, 4));
        assertThat(value.position()).isEqualTo(1);
    }

    @Test
    void a_record_with_nothing_but_id_and_body_is_read() {
        // given
        SQSMessage message = new SQSMessage();
        message.setMessageId("m-1");
        message.setBody("the body");

        // when
        Delivery delivery = RecordReader.read(message);

        // then
        assertThat(delivery).hasToString("Delivery[m-1 of unknown, receive 1]");
        assertThat(delivery.attributes().isEmpty()).isTrue();
        assertThat(delivery.firstReceived()).isEmpty();
    }

    @Test
    void an_attribute_without_a_value_is_left_out_and_one_without_a_type_is_taken_for_what_it_holds() {
        // given
        SQSMessage message = message("m-1", "the body");
        message.setMessageAttributes(
                Map.of("empty", new MessageAttribute(), "text", text(null, "a"), "none", text("String", null)));

        // when
        Delivery delivery = RecordReader.read(message);

        // then
        assertThat(delivery.attributes().names()).containsExactly("text");
        assertThat(delivery.attributes().text("text")).hasValue("a");
    }

    @ParameterizedTest
    @CsvSource({
        "three, 1",
        "'', 1",
        "-4, 1",
        "0, 1",
        "-4294967290, 1",
        "99999999999, 2147483647",
        "99999999999999999999, 1"
    })
    void a_broken_receive_count_does_not_lose_the_record(String written, int read) {
        // given
        SQSMessage message = signup("m-1", "the body");
        message.getAttributes().put("ApproximateReceiveCount", written);
        message.getAttributes().put("ApproximateFirstReceiveTimestamp", "yesterday");

        // when
        Delivery delivery = RecordReader.read(message);

        // then
        assertThat(delivery.receiveCount()).isEqualTo(read);
        assertThat(delivery.firstReceived()).isEmpty();
    }

    @Test
    void a_sequence_number_tells_a_fifo_queue_whose_arn_is_missing() {
        // given
        SQSMessage message = inGroup("a", "m-1", "the body");
        message.setEventSourceArn(null);
        message.getAttributes().put("SequenceNumber", "18849496460467696128");

        // then
        assertThat(RecordReader.read(message).fifo()).isTrue();
    }

    @Test
    void a_binary_attribute_that_is_no_base64_can_not_be_read_and_is_not_quoted() {
        // given
        SQSMessage message = message("m-1", "the body");
        message.setMessageAttributes(Map.of("key", text("Binary", "s3cret!")));

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordReader.read(message))
                .withMessage("a message attribute is a Binary but its text is not base64");
    }
}
