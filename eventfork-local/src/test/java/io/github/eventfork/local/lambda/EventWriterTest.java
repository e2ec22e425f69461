package io.github.eventfork.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Events as they were seen on AWS, and as its pages show them; only receipts, account and ids are not theirs. */
class EventWriterTest {

    @Test
    void a_message_with_an_attribute_is_written_as_lambda_wrote_it() {
        Message message = Message.builder()
                .messageId("059f36b4-87a3-44ab-83d2-661975830a7d")
                .receiptHandle("AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a==")
                .body("Sample content.")
                .md5OfBody("b58e1d0a86521415d25b85b89f6ad6cd")
                .md5OfMessageAttributes("7c815262be77a62f56671125069ca888")
                .attributesWithStrings(Map.of(
                        "SenderId", "AIDAIENQZJOLO23YVJ4VO",
                        "ApproximateFirstReceiveTimestamp", "1554088217721",
                        "ApproximateReceiveCount", "1",
                        "SentTimestamp", "1554088217716"))
                .messageAttributes(Map.of(
                        "sample-attribute",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("sample-value")
                                .build()))
                .build();

        assertThat(event(message)).isEqualTo(compact("""
                {
                  "Records": [
                    {
                      "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
                      "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a==",
                      "body": "Sample content.",
                      "attributes": {
                        "ApproximateReceiveCount": "1",
                        "SentTimestamp": "1554088217716",
                        "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                        "ApproximateFirstReceiveTimestamp": "1554088217721"
                      },
                      "messageAttributes": {
                        "sample-attribute": {
                          "stringValue": "sample-value",
                          "stringListValues": [],
                          "binaryListValues": [],
                          "dataType": "String"
                        }
                      },
                      "md5OfMessageAttributes": "7c815262be77a62f56671125069ca888",
                      "md5OfBody": "b58e1d0a86521415d25b85b89f6ad6cd",
                      "eventSource": "aws:sqs",
                      "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:my-queue",
                      "awsRegion": "us-east-2"
                    }
                  ]
                }
                """));
    }

    @Test
    void a_fifo_message_is_written_as_on_the_page_of_aws() {
        Message message = Message.builder()
                .messageId("11d6ee51-4cc7-4302-9e22-7cd8afdaadf5")
                .receiptHandle("AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw==")
                .body("Test message.")
                .md5OfBody("e4e68fb7bd0e697a0ae8f1bb342846b3")
                .attributesWithStrings(Map.of(
                        "ApproximateReceiveCount", "1",
                        "SentTimestamp", "1573251510774",
                        "SequenceNumber", "18849496460467696128",
                        "MessageGroupId", "1",
                        "SenderId", "AIDAIO23YVJENQZJOL4VO",
                        "MessageDeduplicationId", "1",
                        "ApproximateFirstReceiveTimestamp", "1573251510774"))
                .build();

        assertThat(event(message)).isEqualTo(compact("""
                {
                  "Records": [
                    {
                      "messageId": "11d6ee51-4cc7-4302-9e22-7cd8afdaadf5",
                      "receiptHandle": "AQEBBX8nesZEXmkhsmZeyIE8iQAMig7qw==",
                      "body": "Test message.",
                      "attributes": {
                        "ApproximateReceiveCount": "1",
                        "SentTimestamp": "1573251510774",
                        "SequenceNumber": "18849496460467696128",
                        "MessageGroupId": "1",
                        "SenderId": "AIDAIO23YVJENQZJOL4VO",
                        "MessageDeduplicationId": "1",
                        "ApproximateFirstReceiveTimestamp": "1573251510774"
                      },
                      "messageAttributes": {},
                      "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                      "eventSource": "aws:sqs",
                      "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:my-queue",
                      "awsRegion": "us-east-2"
                    }
                  ]
                }
                """));
    }

    @Test
    void attributes_of_a_redriven_and_traced_message_stand_where_lambda_put_them() {
        Message message = plain().attributesWithStrings(Map.of(
                        "AWSTraceHeader", "Root=1-afa8dcdd-00db74c9",
                        "ApproximateReceiveCount", "2",
                        "DeadLetterQueueSourceArn", "arn:aws:sqs:us-east-2:123456789012:source",
                        "ApproximateFirstReceiveTimestamp", "1711115795116",
                        "SenderId", "AIDAIO23YVJENQZJOL4VO:my-lambda",
                        "SentTimestamp", "1711115795107"))
                .build();

        assertThat(event(message)).contains("\"attributes\":" + compact("""
                {
                  "DeadLetterQueueSourceArn": "arn:aws:sqs:us-east-2:123456789012:source",
                  "ApproximateReceiveCount": "2",
                  "AWSTraceHeader": "Root=1-afa8dcdd-00db74c9",
                  "SentTimestamp": "1711115795107",
                  "SenderId": "AIDAIO23YVJENQZJOL4VO:my-lambda",
                  "ApproximateFirstReceiveTimestamp": "1711115795116"
                }
                """) + ",\"messageAttributes\"");
    }

    @Test
    void a_binary_attribute_is_base64() {
        byte[] bytes = {3, 2, -1};
        Message message = plain().messageAttributes(Map.of(
                        "b",
                        MessageAttributeValue.builder()
                                .dataType("Binary.png")
                                .binaryValue(SdkBytes.fromByteArray(bytes))
                                .build()))
                .build();

        assertThat(event(message))
                .contains("\"messageAttributes\":{\"b\":{\"binaryValue\":\""
                        + Base64.getEncoder().encodeToString(bytes)
                        + "\",\"stringListValues\":[],\"binaryListValues\":[],\"dataType\":\"Binary.png\"}}");
    }

    @Test
    void text_is_utf8_and_only_what_json_asks_for_is_escaped() {
        assertThat(event(plain().body("\"é\\日/\n😀").build())).contains("\"body\":\"\\\"é\\\\日/\\n😀\"");
    }

    @Test
    void an_attribute_that_is_not_among_those_of_lambda_is_left_out() {
        assertThat(MessageSystemAttributeName.knownValues())
                .as("new ones of the SDK: see whether Lambda shows them")
                .hasSize(10);
        assertThat(event(plain().attributesWithStrings(Map.of("Novelty", "1")).build()))
                .contains("\"attributes\":{}");
    }

    @Test
    void records_stand_in_order_between_commas() {
        assertThat(event(
                        plain().messageId("m-1").build(),
                        plain().messageId("m-2").build()))
                .startsWith("{\"Records\":[{\"messageId\":\"m-1\"")
                .contains("},{\"messageId\":\"m-2\"")
                .endsWith("}]}");
    }

    private static Message.Builder plain() {
        return Message.builder()
                .messageId("m-1")
                .receiptHandle("r-1")
                .body("b")
                .md5OfBody("92eb5ffee6ae2fec3ad71c777531578f");
    }

    private static String event(Message... messages) {
        EventWriter writer = new EventWriter("arn:aws:sqs:us-east-2:123456789012:my-queue", "us-east-2");
        return new String(
                EventWriter.event(Arrays.stream(messages).map(writer::record).toList()), StandardCharsets.UTF_8);
    }

    /** Takes out what is white space between tokens: no string here has two spaces or begins with one. */
    private static String compact(String pretty) {
        return pretty.lines().map(String::strip).collect(Collectors.joining()).replace("\": ", "\":");
    }
}
