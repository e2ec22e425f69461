package io.github.eventfork.local;

import static io.github.eventfork.local.Row.notHere;
import static io.github.eventfork.local.Row.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.local.LocalClients.Queue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Which id says what, and how long it lasts, as far as SNS makes it. */
class IdRowsTest {
    private static final Map<String, String> RAW = Map.of("RawMessageDelivery", "true");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHA256_OF_TEST = "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25";

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
                row("the SNS MessageId is the same in every subscription", () -> {
                    String topic = aws.topic();
                    List<Queue> queues = List.of(aws.subscribed(topic, Map.of()), aws.subscribed(topic, Map.of()));
                    String id = aws.publish(topic, message -> message.message("x"));
                    for (Queue queue : queues) {
                        assertThat(envelope(aws.received(queue).get(0))
                                        .path("MessageId")
                                        .textValue())
                                .isEqualTo(id);
                    }
                }),
                row("the SNS MessageId survives redelivery by SQS", () -> {
                    String topic = aws.topic();
                    Queue queue = aws.subscribed(topic, Map.of());
                    String id = aws.publish(topic, message -> message.message("x"));
                    String first = aws.received(queue).get(0).receiptHandle();
                    aws.sqs.changeMessageVisibility(request ->
                            request.queueUrl(queue.url()).receiptHandle(first).visibilityTimeout(0));
                    assertThat(envelope(aws.received(queue).get(0))
                                    .path("MessageId")
                                    .textValue())
                            .isEqualTo(id);
                }),
                row("each Publish to a standard topic makes a new SNS MessageId", () -> {
                    String topic = aws.topic();
                    assertThat(aws.publish(topic, message -> message.message("x")))
                            .isNotEqualTo(aws.publish(topic, message -> message.message("x")));
                }),
                row("the SQS MessageId is new on each queue, and not that of SNS", () -> {
                    String topic = aws.topic();
                    Queue one = aws.subscribed(topic, RAW);
                    Queue two = aws.subscribed(topic, RAW);
                    String id = aws.publish(topic, message -> message.message("x"));
                    assertThat(List.of(
                                    id,
                                    aws.received(one).get(0).messageId(),
                                    aws.received(two).get(0).messageId()))
                            .doesNotHaveDuplicates();
                }),
                row(
                        "an explicit deduplication id passes from a FIFO topic to a FIFO queue",
                        () -> assertThat(fifo(Map.of(), "d-1").attributes())
                                .containsEntry(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, "d-1")
                                .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "g")),
                row(
                        "a deduplication id by content is the SHA-256 of the Message",
                        () -> assertThat(fifo(Map.of("ContentBasedDeduplication", "true"), "")
                                        .attributes())
                                .containsEntry(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, SHA256_OF_TEST)),
                row(
                        "an explicit deduplication id goes before the one by content",
                        () -> assertThat(fifo(Map.of("ContentBasedDeduplication", "true"), "d-1")
                                        .attributes())
                                .containsEntry(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, "d-1")),
                row("the SequenceNumber of the envelope differs from that of SQS", () -> {
                    Message got = fifo(Map.of(), "d-1");
                    assertThat(envelope(got).path("SequenceNumber").textValue())
                            .matches("\\d{20}")
                            .isNotEqualTo(got.attributes().get(MessageSystemAttributeName.SEQUENCE_NUMBER));
                }),
                row("AWSTraceHeader passes from SNS to SQS, and comes only when it is asked for", () -> {
                    String trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
                    String topic = aws.topic();
                    Queue asked = aws.subscribed(topic, RAW);
                    Queue unasked = aws.subscribed(topic, RAW);
                    aws.publish(
                            topic,
                            message -> message.message("x")
                                    .overrideConfiguration(http -> http.putHeader("X-Amzn-Trace-Id", trace)));
                    assertThat(aws.received(asked).get(0).attributes())
                            .containsEntry(MessageSystemAttributeName.AWS_TRACE_HEADER, trace);
                    assertThat(aws.sqs
                                    .receiveMessage(request -> request.queueUrl(unasked.url()))
                                    .messages())
                            .singleElement()
                            .satisfies(
                                    message -> assertThat(message.attributes()).isEmpty());
                }),
                row("traceparent is an ordinary attribute, and counts to the ten of raw delivery", () -> {
                    String topic = aws.topic();
                    Queue queue = aws.subscribed(topic, RAW);
                    Map<String, MessageAttributeValue> eleven = new HashMap<>();
                    IntStream.range(0, 10).forEach(index -> eleven.put("k" + index, text("v")));
                    eleven.put("traceparent", text("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
                    aws.publish(topic, message -> message.message("x").messageAttributes(eleven));
                    eleven.remove("k0");
                    aws.publish(topic, message -> message.message("y").messageAttributes(eleven));
                    assertThat(aws.received(queue)).singleElement().satisfies(message -> {
                        assertThat(message.body()).isEqualTo("y");
                        assertThat(message.messageAttributes()).containsKey("traceparent");
                    });
                }),
                notHere("what a move to a dead-letter queue and back keeps of the SQS ids", "SQS makes those"),
                notHere("the id of an EventBridge event", "there is no event bus here"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void an_id_lasts_as_long_as_in_sns(Row row) throws Exception {
        row.check();
    }

    /** "Test" in group g, as it stands in a FIFO queue behind a FIFO topic. */
    private static Message fifo(Map<String, String> topicAttributes, String deduplicationId) {
        String topic = aws.fifoTopic(topicAttributes);
        Queue queue = aws.fifoQueue();
        aws.subscribe(topic, queue.arn(), Map.of());
        aws.publish(topic, message -> {
            message.message("Test").messageGroupId("g");
            if (!deduplicationId.isEmpty()) {
                message.messageDeduplicationId(deduplicationId);
            }
        });
        return aws.received(queue).get(0);
    }

    private static JsonNode envelope(Message message) throws Exception {
        return JSON.readTree(message.body());
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }
}
