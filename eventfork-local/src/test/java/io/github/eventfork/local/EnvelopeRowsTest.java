package io.github.eventfork.local;

import static io.github.eventfork.local.Row.notHere;
import static io.github.eventfork.local.Row.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.EnvelopeReader;
import io.github.eventfork.local.LocalClients.Queue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The envelope around what SNS sends to SQS: each row a fact that was recorded from AWS, or stands in its pages on
 * <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">message formats</a>.
 */
class EnvelopeRowsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT = "{\"id\":\"é\\n\"}";
    private static final String TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

    /** A full message of a standard topic, a bare one, and one of a FIFO topic, each as its queue got it. */
    @SuppressWarnings("NullAway.Init")
    private static Message full;

    @SuppressWarnings("NullAway.Init")
    private static Message bare;

    @SuppressWarnings("NullAway.Init")
    private static Message fifo;

    private static String topic = "";
    private static String subscription = "";
    private static String fullId = "";

    @BeforeAll
    static void publish() {
        try (LocalClients aws = new LocalClients()) {
            topic = aws.topic();
            Queue queue = aws.queue();
            subscription = aws.subscribe(topic, queue.arn(), Map.of());
            fullId = aws.publish(
                    topic,
                    message -> message.message(TEXT)
                            .subject("s")
                            .messageGroupId("tenant-7")
                            .messageAttributes(attributes())
                            .overrideConfiguration(http -> http.putHeader("X-Amzn-Trace-Id", TRACE)));
            full = aws.received(queue).get(0);

            Queue second = aws.subscribed(topic, Map.of());
            aws.sns.setTopicAttributes(request ->
                    request.topicArn(topic).attributeName("SignatureVersion").attributeValue("2"));
            aws.publish(topic, message -> message.message("x"));
            bare = aws.received(second).get(0);

            String fifoTopic = aws.fifoTopic(Map.of());
            Queue fifoQueue = aws.fifoQueue();
            aws.subscribe(fifoTopic, fifoQueue.arn(), Map.of());
            aws.publish(
                    fifoTopic,
                    message -> message.message("x").messageGroupId("group-1").messageDeduplicationId("dedup-1"));
            fifo = aws.received(fifoQueue).get(0);
        }
    }

    private static Map<String, MessageAttributeValue> attributes() {
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>();
        attributes.put("n", value("Number", "1.50"));
        attributes.put(
                "b",
                MessageAttributeValue.builder()
                        .dataType("Binary")
                        .binaryValue(SdkBytes.fromByteArray(new byte[] {2, 3, 4}))
                        .build());
        attributes.put("l", value("String.Array", "[\"a\",1,null]"));
        return attributes;
    }

    private static MessageAttributeValue value(String type, String text) {
        return MessageAttributeValue.builder().dataType(type).stringValue(text).build();
    }

    static Stream<Named<Row>> rows() {
        return Stream.of(
                row("Type is \"Notification\", always", () -> {
                    for (Message message : List.of(full, bare, fifo)) {
                        assertThat(text(message, "Type")).isEqualTo("Notification");
                    }
                }),
                row("MessageId is a UUID, always, and the one the publisher got", () -> {
                    assertThat(text(full, "MessageId")).isEqualTo(fullId);
                    for (Message message : List.of(full, bare, fifo)) {
                        assertThat(UUID.fromString(text(message, "MessageId"))).hasToString(text(message, "MessageId"));
                    }
                }),
                row("SequenceNumber is a text of 20 digits, of FIFO topics only, the third key", () -> {
                    assertThat(keys(fifo).get(2)).isEqualTo("SequenceNumber");
                    assertThat(text(fifo, "SequenceNumber")).matches("\\d{20}");
                    assertThat(keys(full)).doesNotContain("SequenceNumber");
                }),
                row("TopicArn is a text, always", () -> {
                    assertThat(text(full, "TopicArn")).isEqualTo(topic);
                    assertThat(keys(bare)).contains("TopicArn");
                    assertThat(keys(fifo)).contains("TopicArn");
                }),
                row("Subject is a text, if published", () -> {
                    assertThat(text(full, "Subject")).isEqualTo("s");
                    assertThat(keys(bare)).doesNotContain("Subject");
                }),
                row("Message is a text, always; JSON in it is escaped", () -> {
                    assertThat(text(full, "Message")).isEqualTo(TEXT);
                    assertThat(full.body()).contains("\"Message\" : \"{\\\"id\\\":\\\"é\\\\n\\\"}\"");
                    assertThat(text(bare, "Message")).isEqualTo("x");
                }),
                row("Timestamp is in UTC with three digits of milliseconds, always", () -> {
                    for (Message message : List.of(full, bare, fifo)) {
                        String timestamp = text(message, "Timestamp");
                        assertThat(timestamp).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
                        assertThat(Instant.parse(timestamp)).isBefore(Instant.now());
                    }
                }),
                row("SignatureVersion is \"1\" by default, \"2\" if the topic says so", () -> {
                    assertThat(text(full, "SignatureVersion")).isEqualTo("1");
                    assertThat(text(bare, "SignatureVersion")).isEqualTo("2");
                }),
                row("Signature is base64, SigningCertURL an https URL of a .pem, on standard topics", () -> {
                    assertThat(text(full, "Signature")).isBase64().isNotEmpty();
                    assertThat(text(full, "SigningCertURL"))
                            .startsWith("https://")
                            .endsWith(".pem");
                }),
                row(
                        "SignatureVersion, Signature and SigningCertURL are absent on FIFO topics",
                        () -> assertThat(keys(fifo)).doesNotContain("SignatureVersion", "Signature", "SigningCertURL")),
                row("UnsubscribeURL is a text, always", () -> {
                    for (Message message : List.of(full, bare, fifo)) {
                        assertThat(text(message, "UnsubscribeURL"))
                                .contains("/?Action=Unsubscribe&SubscriptionArn=arn:");
                    }
                }),
                row("MessageAttributes hold Type and Value by name, if published", () -> {
                    assertThat(keys(full)).contains("MessageAttributes");
                    assertThat(attribute("n").fieldNames()).toIterable().containsExactly("Type", "Value");
                    assertThat(keys(bare)).doesNotContain("MessageAttributes");
                }),
                row(
                        "the keys stand in this order on standard topics",
                        () -> assertThat(keys(full))
                                .containsExactly(
                                        "Type",
                                        "MessageId",
                                        "TopicArn",
                                        "Subject",
                                        "Message",
                                        "Timestamp",
                                        "SignatureVersion",
                                        "Signature",
                                        "SigningCertURL",
                                        "UnsubscribeURL",
                                        "MessageAttributes")),
                row(
                        "the keys stand in this order on FIFO topics",
                        () -> assertThat(keys(fifo))
                                .containsExactly(
                                        "Type",
                                        "MessageId",
                                        "SequenceNumber",
                                        "TopicArn",
                                        "Message",
                                        "Timestamp",
                                        "UnsubscribeURL")),
                row(
                        "the value of a Number is as it was written",
                        () -> assertThat(attribute("n"))
                                .isEqualTo(JSON.readTree("{\"Type\":\"Number\",\"Value\":\"1.50\"}"))),
                row(
                        "the value of a Binary is base64",
                        () -> assertThat(attribute("b"))
                                .isEqualTo(JSON.readTree("{\"Type\":\"Binary\",\"Value\":\"AgME\"}"))),
                row(
                        "the value of a String.Array is JSON in a text",
                        () -> assertThat(attribute("l"))
                                .isEqualTo(
                                        JSON.readTree("{\"Type\":\"String.Array\",\"Value\":\"[\\\"a\\\",1,null]\"}"))),
                row(
                        "every Value is a JSON string",
                        () -> assertThat(json(full).path("MessageAttributes"))
                                .allSatisfy(attribute -> assertThat(
                                                attribute.path("Value").isTextual())
                                        .isTrue())),
                row(
                        "it is printed over several lines",
                        () -> assertThat(full.body())
                                .startsWith(
                                        "{\n  \"Type\" : \"Notification\",\n  \"MessageId\" : \"" + fullId + "\",\n")
                                .endsWith("\n}")),
                row("group, deduplication id and trace are not in it but system attributes of SQS", () -> {
                    assertThat(full.body()).doesNotContain("tenant-7", "Root=1-");
                    assertThat(fifo.body()).doesNotContain("group-1", "dedup-1");
                    assertThat(full.attributes())
                            .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "tenant-7")
                            .containsEntry(MessageSystemAttributeName.AWS_TRACE_HEADER, TRACE);
                    assertThat(fifo.attributes())
                            .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "group-1")
                            .containsEntry(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, "dedup-1");
                }),
                row(
                        "the message attributes of SQS are empty",
                        () -> assertThat(full.messageAttributes()).isEmpty()),
                row("the ARN of the subscription is in the UnsubscribeURL only", () -> {
                    assertThat(text(full, "UnsubscribeURL")).endsWith(subscription);
                    assertThat(full.body()).containsOnlyOnce(subscription);
                }),
                row("the strict rule finds it, signed or not", () -> {
                    for (Message message : List.of(full, bare, fifo)) {
                        Envelope read = EnvelopeReader.detecting().read(message.body(), Attributes.none());
                        assertThat(read.kind()).isEqualTo(Envelope.Kind.SNS);
                        assertThat(read.id()).contains(text(message, "MessageId"));
                    }
                }),
                notHere(
                        "the signature proves the sender",
                        "there is no certificate of AWS to sign with; it only looks like one"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_envelope_is_that_of_sns(Row row) throws Exception {
        row.check();
    }

    private static JsonNode json(Message message) throws Exception {
        return JSON.readTree(message.body());
    }

    private static String text(Message message, String key) throws Exception {
        JsonNode value = json(message).path(key);
        assertThat(value.isTextual()).as(key).isTrue();
        return value.textValue();
    }

    private static List<String> keys(Message message) throws Exception {
        List<String> keys = new ArrayList<>();
        json(message).fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static JsonNode attribute(String name) throws Exception {
        return json(full).path("MessageAttributes").path(name);
    }
}
