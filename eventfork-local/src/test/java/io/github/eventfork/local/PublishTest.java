package io.github.eventfork.local;

import static io.github.eventfork.local.LocalClients.invalidParameter;
import static io.github.eventfork.local.LocalClients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.local.LocalClients.Queue;
import io.github.eventfork.local.LocalClients.Refusal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class PublishTest {
    private static final Map<String, String> RAW = Map.of("RawMessageDelivery", "true");
    private static final ObjectMapper JSON = new ObjectMapper();

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
    void a_message_reaches_the_queues_of_its_topic_and_no_other() {
        // given a topic with two queues, and another topic with one
        String topic = aws.topic();
        Queue first = aws.subscribed(topic, RAW);
        Queue second = aws.subscribed(topic, RAW);
        Queue other = aws.subscribed(aws.topic(), RAW);

        // when
        aws.publish(topic, message -> message.message("hello"));

        // then, at once
        assertThat(aws.bodies(first)).containsExactly("hello");
        assertThat(aws.bodies(second)).containsExactly("hello");
        assertThat(aws.bodies(other)).isEmpty();
    }

    @Test
    void an_attribute_policy_takes_only_its_events() {
        // given
        String topic = aws.topic();
        Queue signups = aws.subscribed(topic, Map.of("FilterPolicy", "{\"event\":[\"signup\"]}"));
        Queue both = aws.subscribed(topic, Map.of("FilterPolicy", "{\"event\":[\"signup\",\"login\"]}"));

        // when
        aws.publish(topic, message -> message.message("1").messageAttributes(Map.of("event", text("signup"))));
        aws.publish(topic, message -> message.message("2").messageAttributes(Map.of("event", text("login"))));
        aws.publish(topic, message -> message.message("3").messageAttributes(Map.of("event", text("logout"))));
        aws.publish(topic, message -> message.message("4"));

        // then
        assertThat(messages(signups)).containsExactly("1");
        assertThat(messages(both)).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void a_body_policy_takes_only_json_objects_that_fit() {
        // given
        String topic = aws.topic();
        Queue queue = aws.subscribed(
                topic,
                Map.of(
                        "FilterPolicy", "{\"user\":{\"plan\":[\"pro\"]}}",
                        "FilterPolicyScope", "MessageBody",
                        "RawMessageDelivery", "true"));

        // when
        for (String body :
                List.of("{\"user\":{\"plan\":\"pro\"}}", "{\"user\":{\"plan\":\"free\"}}", "no json", "[]")) {
            aws.publish(topic, message -> message.message(body));
        }

        // then
        assertThat(aws.bodies(queue)).containsExactly("{\"user\":{\"plan\":\"pro\"}}");
    }

    @Test
    void numbers_and_arrays_are_compared_by_value_and_by_element() {
        // given
        String topic = aws.topic();
        Queue large = aws.subscribed(
                topic,
                Map.of("FilterPolicy", "{\"price\":[{\"numeric\":[\">=\",100]}]}", "RawMessageDelivery", "true"));
        Queue golf =
                aws.subscribed(topic, Map.of("FilterPolicy", "{\"sport\":[\"golf\"]}", "RawMessageDelivery", "true"));

        // when
        aws.publish(topic, message -> message.message("a").messageAttributes(Map.of("price", typed("Number", "1e2"))));
        aws.publish(topic, message -> message.message("b").messageAttributes(Map.of("price", typed("Number", "99.9"))));
        aws.publish(topic, message -> message.message("c").messageAttributes(Map.of("price", text("100"))));
        aws.publish(
                topic,
                message -> message.message("d")
                        .messageAttributes(Map.of("sport", typed("String.Array", "[\"rugby\",\"golf\"]"))));

        // then
        assertThat(aws.bodies(large)).containsExactly("a");
        assertThat(aws.bodies(golf)).containsExactly("d");
    }

    @Test
    void the_envelope_has_every_key_in_the_order_of_sns() throws Exception {
        // given
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, Map.of());
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>();
        attributes.put("n", typed("Number", "1.50"));
        attributes.put(
                "b",
                MessageAttributeValue.builder()
                        .dataType("Binary")
                        .binaryValue(SdkBytes.fromByteArray(new byte[] {2, 3, 4}))
                        .build());
        attributes.put("l", typed("String.Array", "[\"a\",1,null]"));

        // when
        String id = aws.publish(
                topic,
                message -> message.message("{\"id\":\"é\\n\"}").subject("s").messageAttributes(attributes));

        // then
        String body = aws.bodies(queue).get(0);
        assertThat(body).startsWith("{\n  \"Type\" : \"Notification\",\n  \"MessageId\" : \"" + id + "\",\n");
        JsonNode envelope = JSON.readTree(body);
        assertThat(envelope.fieldNames())
                .toIterable()
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
                        "MessageAttributes");
        assertThat(envelope.path("TopicArn").textValue()).isEqualTo(topic);
        assertThat(envelope.path("Subject").textValue()).isEqualTo("s");
        assertThat(envelope.path("Message").textValue()).isEqualTo("{\"id\":\"é\\n\"}");
        assertThat(envelope.path("Timestamp").textValue())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(Instant.parse(envelope.path("Timestamp").textValue()))
                .isBetween(Instant.now().minus(Duration.ofMinutes(1)), Instant.now());
        assertThat(envelope.path("SignatureVersion").textValue()).isEqualTo("1");
        assertThat(envelope.path("Signature").textValue()).isBase64().hasSize(344);
        assertThat(envelope.path("SigningCertURL").textValue())
                .matches("https://sns\\.us-east-1\\.amazonaws\\.com/.*\\.pem");
        assertThat(envelope.path("MessageAttributes"))
                .isEqualTo(JSON.readTree(
                        "{\"n\":{\"Type\":\"Number\",\"Value\":\"1.50\"},\"b\":{\"Type\":\"Binary\",\"Value\":\"AgME\"},"
                                + "\"l\":{\"Type\":\"String.Array\",\"Value\":\"[\\\"a\\\",1,null]\"}}"));
    }

    @Test
    void the_unsubscribe_url_of_an_envelope_works() throws Exception {
        // given
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, Map.of());
        aws.publish(topic, message -> message.message("x"));
        String url =
                JSON.readTree(aws.bodies(queue).get(0)).path("UnsubscribeURL").textValue();

        // when
        HttpResponse<Void> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding());

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(aws.sns
                        .listSubscriptionsByTopic(request -> request.topicArn(topic))
                        .subscriptions())
                .isEmpty();
    }

    @Test
    void raw_delivery_gives_the_message_alone_and_its_attributes_to_sqs() {
        // given
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, RAW);

        // when
        aws.publish(
                topic,
                message -> message.message("{\"a\":1}")
                        .subject("lost")
                        .messageAttributes(Map.of("event", text("signup"), "n", typed("Number", "1.50"))));

        // then
        Message message = aws.received(queue).get(0);
        assertThat(message.body()).isEqualTo("{\"a\":1}");
        assertThat(message.messageAttributes().get("event").stringValue()).isEqualTo("signup");
        assertThat(message.messageAttributes().get("n").dataType()).isEqualTo("Number");
        assertThat(message.messageAttributes().get("n").stringValue()).isEqualTo("1.50");
        assertThat(message.messageAttributes()).hasSize(2);
    }

    @Test
    void more_than_ten_attributes_are_dropped_raw_and_kept_wrapped() {
        // given
        String topic = aws.topic();
        Queue raw = aws.subscribed(topic, RAW);
        Queue wrapped = aws.subscribed(topic, Map.of());
        Map<String, MessageAttributeValue> eleven = new LinkedHashMap<>();
        IntStream.range(0, 11).forEach(index -> eleven.put("k" + index, text("v")));

        // when
        aws.publish(topic, message -> message.message("x").messageAttributes(eleven));

        // then
        assertThat(aws.bodies(raw)).isEmpty();
        assertThat(aws.bodies(wrapped)).hasSize(1);
    }

    @Test
    void group_and_trace_reach_the_queue_as_system_attributes() {
        // given
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, Map.of());
        String trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

        // when
        aws.publish(
                topic,
                message -> message.message("x")
                        .messageGroupId("tenant-7")
                        .overrideConfiguration(http -> http.putHeader("X-Amzn-Trace-Id", trace)));

        // then
        assertThat(aws.received(queue).get(0).attributes())
                .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "tenant-7")
                .containsEntry(MessageSystemAttributeName.AWS_TRACE_HEADER, trace);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain & simple=true; 100% +1",
                "<tag attr=\"'\">&amp;</tag> ]]>",
                "é ü ß 日本語 עברית \u200f",
                "\uD83D\uDE00 \uD83D\uDC69\u200D\uD83D\uDE80",
                "line\nbreak\ttab\r\nend ",
                "\\u0000 \\\" \\\\ {\"a\":\"\\n\"}",
                " leading and trailing "
            })
    void a_text_comes_through_exactly_raw_and_wrapped(String text) {
        // given
        String topic = aws.topic();
        Queue raw = aws.subscribed(topic, RAW);
        Queue wrapped = aws.subscribed(topic, Map.of());

        // when
        aws.publish(topic, message -> message.message(text).messageAttributes(Map.of("k", text(text))));

        // then
        Message message = aws.received(raw).get(0);
        assertThat(message.body()).isEqualTo(text);
        assertThat(message.messageAttributes().get("k").stringValue()).isEqualTo(text);
        assertThat(messages(wrapped)).containsExactly(text);
    }

    @Test
    void a_message_per_protocol_gives_sqs_its_own_text_or_the_default() {
        // given
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, RAW);

        // when
        aws.publish(topic, message -> message.messageStructure("json").message("{\"default\":\"d\",\"sqs\":\"s\"}"));
        aws.publish(topic, message -> message.messageStructure("json").message("{\"default\":\"d\",\"email\":\"e\"}"));

        // then
        assertThat(aws.bodies(queue)).containsExactlyInAnyOrder("s", "d");
    }

    @Test
    void a_queue_that_is_gone_takes_nothing_away_from_the_others() {
        // given
        String topic = aws.topic();
        Queue gone = aws.subscribed(topic, RAW);
        Queue there = aws.subscribed(topic, RAW);
        aws.sqs.deleteQueue(request -> request.queueUrl(gone.url()));

        // when
        aws.publish(topic, message -> message.message("x"));

        // then
        assertThat(aws.bodies(there)).containsExactly("x");
    }

    @Test
    void a_message_and_its_attributes_may_have_256_kib() {
        // given a queue, and an attribute of 1 + 6 + 1 bytes
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, RAW);
        Map<String, MessageAttributeValue> attributes = Map.of("k", text("v"));
        String most = "é".repeat((262_144 - 8) / 2);

        // when
        aws.publish(topic, message -> message.message(most).messageAttributes(attributes));

        // then it is there; one byte more is refused
        assertThat(aws.bodies(queue)).containsExactly(most);
        assertThat(refusal(() -> aws.publish(
                        topic, message -> message.message(most + "x").messageAttributes(attributes))))
                .isEqualTo(invalidParameter("Message too long"));
    }

    static Stream<Arguments> refusedMessages() {
        return Stream.of(
                refused(message -> message.message(""), invalidParameter("Empty message")),
                refused(message -> message.message("x").subject(""), invalidParameter("Subject")),
                refused(message -> message.message("x").subject("a\nb"), invalidParameter("Subject")),
                refused(message -> message.message("x").subject("s".repeat(100)), invalidParameter("Subject")),
                refused(
                        message -> message.message("{\"sqs\":\"x\"}").messageStructure("json"),
                        invalidParameter("Message Structure - No default entry in JSON message body")),
                refused(
                        message -> message.message("{").messageStructure("json"),
                        invalidParameter("Message Structure - JSON message body failed to parse")),
                refused(
                        message -> message.message("x").messageDeduplicationId("d"),
                        invalidParameter("MessageDeduplicationId Reason: The request includes MessageDeduplicationId"
                                + " parameter that is not valid for this topic type")),
                refused(message -> message.message("x").messageGroupId("a b"), invalidParameter("MessageGroupId")),
                refusedAttribute(
                        "a",
                        typed("String", ""),
                        "The message attribute 'a' must contain non-empty message attribute value for message attribute"
                                + " type 'String'."),
                refusedAttribute(
                        "a",
                        typed("Text", "x"),
                        "The message attribute 'a' has an invalid message attribute type, the set of supported type"
                                + " prefixes is Binary, Number, and String."),
                refusedAttribute(
                        "a",
                        typed("Binary", "x"),
                        "The message attribute 'a' with type 'Binary' must use field 'Binary'."),
                refusedAttribute("a", typed("Number", "many"), "Could not cast message attribute 'a' value to number."),
                refusedAttribute(
                        "a",
                        typed("String.Array", "many"),
                        "The message attribute 'a' with type 'String.Array' must be a JSON array."),
                refusedAttribute(
                        ".a", text("x"), "Invalid message attribute name starting with character '.' was found."),
                refusedAttribute(
                        "a.", text("x"), "Invalid message attribute name ending with character '.' was found."),
                refusedAttribute("a..b", text("x"), "Message attribute name can not have successive '.' character."),
                refusedAttribute(
                        "a b",
                        text("x"),
                        "Invalid non-alphanumeric character '#x20' was found in the message attribute name. Can only"
                                + " include alphanumeric characters, hyphens, underscores, or dots."),
                refusedAttribute(
                        "a".repeat(257), text("x"), "Length of message attribute name must be less than 256 bytes."),
                refused(
                        message -> message.message("x")
                                .messageAttributes(Map.of(
                                        "a",
                                        MessageAttributeValue.builder()
                                                .stringValue("x")
                                                .build())),
                        new Refusal(
                                400,
                                "ValidationError",
                                "1 validation error detected: Value null at 'messageAttributes.a.member.dataType' failed"
                                        + " to satisfy constraint: Member must not be null")));
    }

    @ParameterizedTest
    @MethodSource("refusedMessages")
    void what_sns_refuses_is_refused_and_reaches_no_queue(Consumer<PublishRequest.Builder> message, Refusal refusal) {
        // given
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, RAW);

        // then
        assertThat(refusal(() -> aws.publish(topic, message))).isEqualTo(refusal);
        assertThat(aws.bodies(queue)).isEmpty();
    }

    @Test
    void only_topics_that_exist_here_can_be_published_to() {
        Refusal notFound = new Refusal(404, "NotFound", "Topic does not exist");
        assertThat(publishingTo("arn:aws:sns:us-east-1:000000000000:nowhere")).isEqualTo(notFound);
        assertThat(publishingTo("topic"))
                .isEqualTo(invalidParameter("TopicArn Reason: An ARN must have at least 6 elements, not 1"));
        assertThat(publishingTo("arn:aws:sns:eu-west-1:000000000000:topic")).isEqualTo(invalidParameter("TopicArn"));
        assertThat(refusal(() -> aws.sns.publish(message -> message.message("x"))))
                .isEqualTo(invalidParameter("TopicArn or TargetArn Reason: no value for required parameter"));
    }

    private static Refusal publishingTo(String arn) {
        return refusal(() -> aws.publish(arn, message -> message.message("x")));
    }

    private static Arguments refused(Consumer<PublishRequest.Builder> message, Refusal refusal) {
        return Arguments.of(message, refusal);
    }

    private static Arguments refusedAttribute(String name, MessageAttributeValue value, String text) {
        return refused(
                message -> message.message("x").messageAttributes(Map.of(name, value)),
                new Refusal(400, "ParameterValueInvalid", text));
    }

    private static List<String> messages(Queue queue) {
        return aws.bodies(queue).stream().map(PublishTest::message).toList();
    }

    private static String message(String envelope) {
        try {
            return JSON.readTree(envelope).path("Message").textValue();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static MessageAttributeValue text(String value) {
        return typed("String", value);
    }

    private static MessageAttributeValue typed(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}
