package io.github.eventfork.local;

import static io.github.eventfork.local.LocalClients.invalidParameter;
import static io.github.eventfork.local.LocalClients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.LocalClients.Queue;
import io.github.eventfork.local.LocalClients.Refusal;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;

class PublishBatchTest {
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

    @Test
    void every_message_of_a_batch_goes_its_own_way() {
        // given
        String topic = aws.topic();
        Queue all = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));
        Queue odd =
                aws.subscribed(topic, Map.of("RawMessageDelivery", "true", "FilterPolicy", "{\"parity\":[\"odd\"]}"));

        // when ten are published
        PublishBatchResponse answer = publish(
                topic,
                IntStream.range(0, 10)
                        .mapToObj(index -> entry("e" + index, "m" + index).toBuilder()
                                .messageAttributes(Map.of("parity", text(index % 2 == 0 ? "even" : "odd")))
                                .build())
                        .toList());

        // then
        assertThat(answer.failed()).isEmpty();
        assertThat(answer.successful())
                .extracting(PublishBatchResultEntry::id)
                .hasSize(10)
                .startsWith("e0", "e1");
        assertThat(answer.successful())
                .extracting(PublishBatchResultEntry::messageId)
                .doesNotHaveDuplicates();
        assertThat(aws.bodies(all)).hasSize(10);
        assertThat(aws.bodies(odd)).containsExactlyInAnyOrder("m1", "m3", "m5", "m7", "m9");
    }

    @Test
    void an_empty_message_fails_alone() {
        // given
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));

        // when
        PublishBatchResponse answer = publish(topic, List.of(entry("good", "x"), entry("bad", "")));

        // then
        assertThat(answer.successful()).extracting(PublishBatchResultEntry::id).containsExactly("good");
        assertThat(answer.failed())
                .containsExactly(BatchResultErrorEntry.builder()
                        .id("bad")
                        .code("InvalidParameter")
                        .message("Invalid parameter: Empty message")
                        .senderFault(true)
                        .build());
        assertThat(aws.bodies(queue)).containsExactly("x");
    }

    static Stream<Arguments> refusedBatches() {
        return Stream.of(
                Arguments.of(
                        List.of(),
                        new Refusal(400, "EmptyBatchRequest", "The batch request doesn't contain any entries.")),
                Arguments.of(
                        IntStream.range(0, 11)
                                .mapToObj(index -> entry("e" + index, "x"))
                                .toList(),
                        new Refusal(
                                400,
                                "TooManyEntriesInBatchRequest",
                                "The batch request contains more entries than permissible.")),
                Arguments.of(
                        List.of(entry("e", "x"), entry("e", "y")),
                        new Refusal(
                                400,
                                "BatchEntryIdsNotDistinct",
                                "Two or more batch entries in the request have the same Id.")),
                Arguments.of(
                        List.of(entry("a b", "x")),
                        new Refusal(
                                400,
                                "InvalidBatchEntryId",
                                "The Id of a batch entry in the batch request contains an impermissible character: a b")),
                Arguments.of(
                        List.of(entry("a", "x".repeat(131_072)), entry("b", "x".repeat(131_073))),
                        new Refusal(
                                400,
                                "BatchRequestTooLong",
                                "The length of all the messages put together is more than the limit.")),
                Arguments.of(
                        List.of(
                                entry("a", "x"),
                                entry("b", "x").toBuilder()
                                        .messageAttributes(Map.of("k", text("")))
                                        .build()),
                        new Refusal(
                                400,
                                "ParameterValueInvalid",
                                "The message attribute 'k' must contain non-empty message attribute value for message"
                                        + " attribute type 'String'.")),
                Arguments.of(
                        List.of(
                                entry("a", "x"),
                                entry("b", "{}").toBuilder()
                                        .messageStructure("json")
                                        .build()),
                        invalidParameter("Message Structure - No default entry in JSON message body")));
    }

    @ParameterizedTest
    @MethodSource("refusedBatches")
    void some_faults_fail_the_whole_batch(List<PublishBatchRequestEntry> entries, Refusal refusal) {
        // given
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, Map.of());

        // then
        assertThat(refusal(() -> publish(topic, entries))).isEqualTo(refusal);
        assertThat(aws.bodies(queue)).isEmpty();
    }

    private static PublishBatchResponse publish(String topic, List<PublishBatchRequestEntry> entries) {
        return aws.sns.publishBatch(request -> request.topicArn(topic).publishBatchRequestEntries(entries));
    }

    private static PublishBatchRequestEntry entry(String id, String message) {
        return PublishBatchRequestEntry.builder().id(id).message(message).build();
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }
}
