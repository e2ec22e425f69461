package io.github.eventfork.local;

import static io.github.eventfork.local.LocalClients.invalidParameter;
import static io.github.eventfork.local.LocalClients.refusal;
import static io.github.eventfork.local.Row.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.LocalClients.Queue;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sqs.model.Message;

/** <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html">Raw delivery</a>. */
class RawDeliveryRowsTest {
    private static final Map<String, String> RAW = Map.of("RawMessageDelivery", "true");

    @SuppressWarnings("NullAway.Init")
    private static LocalClients aws;

    @BeforeAll
    static void start() {
        aws = new LocalClients();
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    static Stream<Named<Row>> rows() {
        return Stream.of(
                row("the body is the Message as it was published", () -> {
                    String text = " {\"a\" : 1,\n\t\"é\":\"\uD83D\uDE00\"} ";
                    assertThat(raw(message -> message.message(text)).body()).isEqualTo(text);
                }),
                row("attributes become SQS message attributes of the same DataType", () -> {
                    Message got = raw(message -> message.message("x")
                            .messageAttributes(Map.of(
                                    "s", value("String", "v"),
                                    "n", value("Number", "1.50"),
                                    "l", value("String.Array", "[\"a\"]"),
                                    "own", value("Number.int", "7"))));
                    assertThat(got.messageAttributes()).hasSize(4);
                    assertThat(got.messageAttributes().get("s").dataType()).isEqualTo("String");
                    assertThat(got.messageAttributes().get("s").stringValue()).isEqualTo("v");
                    assertThat(got.messageAttributes().get("n").dataType()).isEqualTo("Number");
                    assertThat(got.messageAttributes().get("n").stringValue()).isEqualTo("1.50");
                    assertThat(got.messageAttributes().get("l").dataType()).isEqualTo("String.Array");
                    assertThat(got.messageAttributes().get("own").dataType()).isEqualTo("Number.int");
                }),
                row("a Binary attribute arrives as bytes", () -> {
                    SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, -1, 2});
                    Message got = raw(message -> message.message("x")
                            .messageAttributes(Map.of(
                                    "b",
                                    MessageAttributeValue.builder()
                                            .dataType("Binary")
                                            .binaryValue(bytes)
                                            .build())));
                    assertThat(got.messageAttributes().get("b").dataType()).isEqualTo("Binary");
                    assertThat(got.messageAttributes().get("b").binaryValue()).isEqualTo(bytes);
                }),
                row("MessageId, TopicArn, Subject, Timestamp, signature and UnsubscribeURL are lost", () -> {
                    Message got = raw(message -> message.message("x").subject("gone"));
                    assertThat(got.body()).isEqualTo("x");
                    assertThat(got.messageAttributes()).isEmpty();
                    assertThat(got.attributes().toString()).doesNotContain("gone", "arn:aws:sns");
                }),
                row(
                        "a message with ten attributes arrives",
                        () -> assertThat(raw(message -> message.message("x").messageAttributes(attributes(10)))
                                        .messageAttributes())
                                .hasSize(10)),
                row("a message with eleven attributes is discarded for that subscription alone", () -> {
                    String topic = aws.topic();
                    Queue raw = aws.subscribed(topic, RAW);
                    Queue wrapped = aws.subscribed(topic, Map.of());
                    aws.publish(topic, message -> message.message("x").messageAttributes(attributes(11)));
                    assertThat(aws.bodies(raw)).isEmpty();
                    assertThat(aws.bodies(wrapped)).hasSize(1);
                }),
                row("an envelope has no such limit", () -> {
                    String topic = aws.topic();
                    Queue wrapped = aws.subscribed(topic, Map.of());
                    aws.publish(topic, message -> message.message("x").messageAttributes(attributes(25)));
                    assertThat(aws.bodies(wrapped))
                            .singleElement()
                            .satisfies(body -> assertThat(body).contains("\"k24\""));
                }),
                row("attributes are sent only when the message structure is a text, not JSON", () -> {
                    Message got = raw(message -> message.message("{\"default\":\"d\"}")
                            .messageStructure("json")
                            .messageAttributes(attributes(2)));
                    assertThat(got.body()).isEqualTo("d");
                    assertThat(got.messageAttributes()).isEmpty();
                }),
                row("what has too many attributes goes to the subscription's dead-letter queue, if it is set", () -> {
                    String topic = aws.topic();
                    Queue dead = aws.queue();
                    Queue raw = aws.subscribed(
                            topic,
                            Map.of(
                                    "RawMessageDelivery",
                                    "true",
                                    "RedrivePolicy",
                                    "{\"deadLetterTargetArn\":\"" + dead.arn() + "\"}"));
                    aws.publish(topic, message -> message.message("x").messageAttributes(attributes(11)));
                    assertThat(aws.bodies(raw)).isEmpty();
                    assertThat(aws.bodies(dead)).containsExactly("x");
                }),
                row("a value that is neither true nor false is refused, by SetSubscriptionAttributes", () -> {
                    String arn = aws.subscribe(aws.topic(), aws.queue().arn(), Map.of());
                    assertThat(refusal(() -> aws.sns.setSubscriptionAttributes(request -> request.subscriptionArn(arn)
                                    .attributeName("RawMessageDelivery")
                                    .attributeValue("test-ValUe"))))
                            .isEqualTo(invalidParameter(
                                    "RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false."));
                }),
                row(
                        "a value that is neither true nor false is refused, by Subscribe",
                        () -> assertThat(refusal(() -> aws.subscribed(aws.topic(), Map.of("RawMessageDelivery", "x"))))
                                .isEqualTo(invalidParameter(
                                        "Attributes Reason: RawMessageDelivery: Invalid value [x]. Must be"
                                                + " true or false."))),
                row("the value may have capitals, and is kept without", () -> {
                    String arn = aws.subscribe(aws.topic(), aws.queue().arn(), Map.of("RawMessageDelivery", "True"));
                    assertThat(aws.sns
                                    .getSubscriptionAttributes(request -> request.subscriptionArn(arn))
                                    .attributes())
                            .containsEntry("RawMessageDelivery", "true");
                }));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void raw_delivery_is_that_of_sns(Row row) throws Exception {
        row.check();
    }

    private static Message raw(Consumer<PublishRequest.Builder> with) {
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, RAW);
        aws.publish(topic, with);
        return aws.received(queue).get(0);
    }

    private static Map<String, MessageAttributeValue> attributes(int count) {
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        IntStream.range(0, count).forEach(index -> attributes.put("k" + index, value("String", "v")));
        return attributes;
    }

    private static MessageAttributeValue value(String type, String text) {
        return MessageAttributeValue.builder().dataType(type).stringValue(text).build();
    }
}
