package io.github.eventfork.local;

import static io.github.eventfork.local.Row.notHere;
import static io.github.eventfork.local.Row.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.LocalClients.Refusal;
import io.github.eventfork.local.SnsForm.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What SNS answers to wrong requests: codes of its API model, texts as they were recorded from AWS. */
class SnsErrorRowsTest {
    private static final String ACCOUNT = "us-east-1:000000000000:";
    private static final String TOKEN = "51b2ff3edb475b7d91550e0ab6edf0c1".repeat(9);

    @SuppressWarnings("NullAway.Init")
    private static LocalClients aws;

    private static String topic = "";
    private static String fifo = "";
    private static String queue = "";
    private static String fifoQueue = "";
    private static String subscription = "";
    private static String fifoSubscription = "";

    @BeforeAll
    static void start() {
        aws = new LocalClients();
        topic = aws.topic();
        fifo = aws.fifoTopic(Map.of());
        queue = aws.queue().arn();
        fifoQueue = aws.fifoQueue().arn();
        subscription = aws.subscribe(topic, queue, Map.of());
        fifoSubscription = aws.subscribe(fifo, fifoQueue, Map.of());
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    static Stream<Named<Row>> rows() {
        return Stream.of(
                        notFound(),
                        arns(),
                        topics(),
                        subscribing(),
                        subscriptionAttributes(),
                        confirming(),
                        tags(),
                        messages(),
                        messageAttributes(),
                        batches(),
                        fifo(),
                        others())
                .flatMap(rows -> rows);
    }

    private static Stream<Named<Row>> notFound() {
        String nowhere = topic + "-gone";
        String none = topic + ":00000000-0000-0000-0000-000000000000";
        return Stream.of(
                noTopic("GetTopicAttributes", "TopicArn", nowhere),
                noTopic(
                        "SetTopicAttributes",
                        "TopicArn",
                        nowhere,
                        "AttributeName",
                        "DisplayName",
                        "AttributeValue",
                        "d"),
                noTopic("Publish", "TopicArn", nowhere, "Message", "x"),
                noTopic(
                        "PublishBatch",
                        "TopicArn",
                        nowhere,
                        "PublishBatchRequestEntries.member.1.Id",
                        "e",
                        "PublishBatchRequestEntries.member.1.Message",
                        "x"),
                noTopic("Subscribe", "TopicArn", nowhere, "Protocol", "sqs", "Endpoint", queue),
                noTopic("ListSubscriptionsByTopic", "TopicArn", nowhere),
                refused(
                        404,
                        "NotFound",
                        "Subscription does not exist",
                        "GetSubscriptionAttributes",
                        "SubscriptionArn",
                        none),
                refused(
                        404,
                        "NotFound",
                        "Subscription does not exist",
                        "SetSubscriptionAttributes",
                        "SubscriptionArn",
                        none,
                        "AttributeName",
                        "RawMessageDelivery",
                        "AttributeValue",
                        "true"));
    }

    private static Stream<Named<Row>> arns() {
        String shape = " Reason: An ARN must have at least 6 elements, not ";
        return Stream.of(
                invalid("TopicArn" + shape + "1", "GetTopicAttributes", "TopicArn", "topic"),
                invalid("TopicArn" + shape + "1", "Publish", "Message", "x", "TopicArn", ""),
                invalid("TopicArn" + shape + "2", "Publish", "Message", "x", "TopicArn", "topic:1"),
                invalid(
                        "TopicArn" + shape + "5",
                        "Subscribe",
                        "Protocol",
                        "sqs",
                        "TopicArn",
                        "arn:aws:sns:us-east-1:t"),
                invalid("TopicArn", "Publish", "Message", "x", "TopicArn", "arn:aws:sns:eu-west-1:000000000000:t"),
                invalid("TopicArn", "DeleteTopic", "TopicArn", "arn:aws:sns:eu-west-1:000000000000:t"),
                invalid("TopicArn or TargetArn Reason: no value for required parameter", "Publish", "Message", "x"),
                invalid(
                        "TargetArn Reason: No endpoint found for the target arn specified",
                        "Publish",
                        "Message",
                        "x",
                        "TargetArn",
                        "arn:aws:sns:" + ACCOUNT + "endpoint/APNS/abc/0f7d5971"),
                invalid(
                        "PhoneNumber Reason: NAA+15551234567 is not valid to publish to",
                        "Publish",
                        "Message",
                        "x",
                        "PhoneNumber",
                        "NAA+15551234567"),
                invalid("SubscriptionArn" + shape + "1", "Unsubscribe", "SubscriptionArn", "subscription"),
                invalid("SubscriptionArn" + shape + "5", "Unsubscribe", "SubscriptionArn", "arn:aws:sns:us-east-1:x"),
                invalid("SubscriptionId", "Unsubscribe", "SubscriptionArn", "arn:aws:sns:" + ACCOUNT + "x"),
                invalid("SubscriptionArn Reason: no value for required parameter", "Unsubscribe"));
    }

    private static Stream<Named<Row>> topics() {
        String name = LocalClients.name("topic");
        aws.sns.createTopic(request -> request.name(name).attributes(Map.of("DisplayName", "Value1")));
        List<Named<Row>> rows = new ArrayList<>();
        for (String bad :
                List.of("", "n".repeat(257), "test.fifo", "a:b", "a;b", "a!b", "a@b", "a|b", "a^b", "a%b", "a b")) {
            rows.add(invalid("Topic Name", "CreateTopic", "Name", bad));
        }
        rows.addAll(List.of(
                invalid("Topic Name", "CreateTopic", with("FifoTopic", "true", "Name", "test")),
                invalid("Topic Name", "CreateTopic", with("FifoTopic", "true", "Name", "n".repeat(252) + ".fifo")),
                invalid("Topic Name", "CreateTopic", with("FifoTopic", "true", "Name", name)),
                invalid(
                        "Attributes Reason: Topic already exists with different attributes",
                        "CreateTopic",
                        with("DisplayName", "Value2", "Name", name)),
                invalid(
                        "Attributes Reason: Topic already exists with different attributes",
                        "CreateTopic",
                        with("SignatureVersion", "2", "Name", name)),
                invalid(
                        "Tags Reason: Topic already exists with different tags",
                        "CreateTopic",
                        "Name",
                        name,
                        "Tags.member.1.Key",
                        "key1",
                        "Tags.member.1.Value",
                        "value1"),
                invalid("Attributes Reason: AttributeName", "CreateTopic", with("Nonsense", "x", "Name", "n")),
                invalid("AttributeName", "SetTopicAttributes", set("FifoTopic", "false", "TopicArn", topic)),
                invalid("AttributeName", "SetTopicAttributes", set("FifoTopic", "true", "TopicArn", fifo)),
                invalid("AttributeName", "SetTopicAttributes", set("Nonsense", "x", "TopicArn", topic)),
                invalid(
                        "AttributeName",
                        "SetTopicAttributes",
                        set("ContentBasedDeduplication", "true", "TopicArn", topic)),
                invalid(
                        "FifoThroughputScope",
                        "SetTopicAttributes",
                        set("FifoThroughputScope", "Queue", "TopicArn", fifo)),
                invalid(
                        "MaximumMessageSize",
                        "SetTopicAttributes",
                        set("MaximumMessageSize", "1023", "TopicArn", topic)),
                invalid(
                        "MaximumMessageSize",
                        "SetTopicAttributes",
                        set("MaximumMessageSize", "1048577", "TopicArn", topic))));
        return rows.stream();
    }

    private static Stream<Named<Row>> subscribing() {
        String again = aws.queue().arn();
        aws.subscribe(topic, again, Map.of("RawMessageDelivery", "true"));
        List<Named<Row>> rows = new ArrayList<>();
        for (String protocol : List.of(
                "test-protocol", "http", "https", "email", "email-json", "sms", "application", "lambda", "firehose")) {
            rows.add(invalid(
                    "Amazon SNS does not support this protocol string: " + protocol,
                    "Subscribe",
                    "TopicArn",
                    topic,
                    "Protocol",
                    protocol,
                    "Endpoint",
                    "x"));
        }
        for (String endpoint : List.of(
                "unknown",
                "https://sqs.us-east-1.amazonaws.com/000000000000/q",
                "arn:aws:sqs:us-east-1:111122223333:q",
                "arn:aws:sqs:eu-west-1:000000000000:q")) {
            rows.add(invalid(
                    "SQS endpoint ARN", "Subscribe", "TopicArn", topic, "Protocol", "sqs", "Endpoint", endpoint));
        }
        rows.add(invalid(
                "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
                "Subscribe",
                "TopicArn",
                topic,
                "Protocol",
                "sqs",
                "Endpoint",
                fifoQueue));
        rows.add(invalid(
                "Attributes Reason: Subscription already exists with different attributes",
                "Subscribe",
                with("RawMessageDelivery", "false", "TopicArn", topic, "Protocol", "sqs", "Endpoint", again)));
        return rows.stream();
    }

    private static Stream<Named<Row>> subscriptionAttributes() {
        String broken =
                "failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start"
                        + " field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1,"
                        + " column: 2]";
        return Stream.of(
                invalid(
                        "AttributeName",
                        "SetSubscriptionAttributes",
                        set("FakeAttribute", "x", "SubscriptionArn", subscription)),
                invalid(
                        "RawMessageDelivery: Invalid value []. Must be true or false.",
                        "SetSubscriptionAttributes",
                        set("RawMessageDelivery", "", "SubscriptionArn", subscription)),
                invalid(
                        "FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes",
                        "SetSubscriptionAttributes",
                        set("FilterPolicyScope", "RandomValue", "SubscriptionArn", subscription)),
                invalid(
                        "RedrivePolicy: deadLetterTargetArn is an invalid arn",
                        "SetSubscriptionAttributes",
                        set("RedrivePolicy", redrive("fake-arn"), "SubscriptionArn", subscription)),
                invalid(
                        "RedrivePolicy: " + broken,
                        "SetSubscriptionAttributes",
                        set("RedrivePolicy", "{invalidjson}", "SubscriptionArn", subscription)),
                invalid(
                        "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.",
                        "SetSubscriptionAttributes",
                        set("RedrivePolicy", redrive(queue), "SubscriptionArn", fifoSubscription)),
                invalid(
                        "RedrivePolicy: deadLetterTargetArn is an invalid arn",
                        "SetSubscriptionAttributes",
                        set("RedrivePolicy", redrive(fifoQueue), "SubscriptionArn", subscription)),
                invalid(
                        "RedrivePolicy: deadLetterTargetArn is an invalid arn",
                        "SetSubscriptionAttributes",
                        set(
                                "RedrivePolicy",
                                redrive("arn:aws:sqs:eu-west-1:000000000000:q"),
                                "SubscriptionArn",
                                subscription)),
                invalid(
                        "AttributeName",
                        "SetSubscriptionAttributes",
                        set("ReplayPolicy", "{}", "SubscriptionArn", fifoSubscription)));
    }

    private static Stream<Named<Row>> confirming() {
        return Stream.of(
                invalid("Token", "ConfirmSubscription", "TopicArn", topic + "i", "Token", TOKEN),
                invalid("Token", "ConfirmSubscription", "TopicArn", topic, "Token", TOKEN),
                refused(
                        400,
                        "InvalidParameter",
                        "Invalid token",
                        "ConfirmSubscription",
                        "TopicArn",
                        topic,
                        "Token",
                        "randomtoken",
                        "AuthenticateOnUnsubscribe",
                        "true"),
                invalid(
                        "Topic",
                        "ConfirmSubscription",
                        "TopicArn",
                        "arn:aws:sns:eu-west-1:000000000000:t",
                        "Token",
                        TOKEN));
    }

    private static Stream<Named<Row>> tags() {
        List<String> many = new ArrayList<>(List.of("ResourceArn", topic));
        IntStream.rangeClosed(1, 51)
                .forEach(number -> many.addAll(List.of(
                        "Tags.member." + number + ".Key", "k" + number, "Tags.member." + number + ".Value", "v")));
        return Stream.of(
                invalid(
                        "Duplicated keys are not allowed.",
                        "TagResource",
                        "ResourceArn",
                        topic,
                        "Tags.member.1.Key",
                        "k2",
                        "Tags.member.1.Value",
                        "v2",
                        "Tags.member.2.Key",
                        "k2",
                        "Tags.member.2.Value",
                        "v2"),
                refused(
                        400,
                        "TagLimitExceeded",
                        "Could not complete request: tag quota of per resource exceeded",
                        "TagResource",
                        many.toArray(String[]::new)),
                noResource("TagResource", "Tags.member.1.Key", "k", "Tags.member.1.Value", "v"),
                noResource("UntagResource", "TagKeys.member.1", "k"),
                noResource("ListTagsForResource"));
    }

    private static Stream<Named<Row>> messages() {
        String tooLong = "Message too long";
        String json = "Message Structure - ";
        return Stream.of(
                invalid("Empty message", "Publish", "TopicArn", topic, "Message", ""),
                invalid("Subject", "Publish", "TopicArn", topic, "Message", "x", "Subject", ""),
                invalid("Subject", "Publish", "TopicArn", topic, "Message", "x", "Subject", "s".repeat(100)),
                invalid("Subject", "Publish", "TopicArn", topic, "Message", "x", "Subject", "a\nb"),
                invalid("Subject", "Publish", "TopicArn", topic, "Message", "x", "Subject", "a\u0007b"),
                invalid(tooLong, "Publish", "TopicArn", topic, "Message", "x".repeat(262_145)),
                invalid(
                        tooLong,
                        "Publish",
                        attribute("attr1", "Number", "String", "1", "TopicArn", topic, "Message", "x".repeat(262_133))),
                invalid(
                        json + "No default entry in JSON message body",
                        "Publish",
                        "TopicArn",
                        topic,
                        "Message",
                        "{\"sqs\":\"test sqs\"}",
                        "MessageStructure",
                        "json"),
                invalid(
                        json + "JSON message body failed to parse",
                        "Publish",
                        "TopicArn",
                        topic,
                        "Message",
                        "{\"default\":",
                        "MessageStructure",
                        "json"),
                invalid(
                        json + "No default entry in JSON message body",
                        "Publish",
                        "TopicArn",
                        topic,
                        "Message",
                        "{\"default\":1}",
                        "MessageStructure",
                        "json"));
    }

    private static Stream<Named<Row>> messageAttributes() {
        String about = "The message attribute 'attr1' ";
        return Stream.of(
                        List.of(
                                about
                                        + "must contain non-empty message attribute value for message attribute type 'String'.",
                                "attr1",
                                "String",
                                "String",
                                ""),
                        List.of(
                                about
                                        + "must contain non-empty message attribute value for message attribute type 'Binary'.",
                                "attr1",
                                "Binary",
                                "Binary",
                                ""),
                        List.of(
                                about + "with type 'String' must use field 'String'.",
                                "attr1",
                                "String",
                                "Binary",
                                "MTIz"),
                        List.of(
                                about + "with type 'Number' must use field 'String'.",
                                "attr1",
                                "Number",
                                "Binary",
                                "MTIz"),
                        List.of(
                                about + "with type 'Binary' must use field 'Binary'.",
                                "attr1",
                                "Binary",
                                "String",
                                "123"),
                        List.of(
                                about + "has an invalid message attribute type, the set of supported type prefixes is"
                                        + " Binary, Number, and String.",
                                "attr1",
                                "InvalidType",
                                "String",
                                "123"),
                        List.of(
                                about + "has an invalid message attribute type, the set of supported type prefixes is"
                                        + " Binary, Number, and String.",
                                "attr1",
                                "String.",
                                "String",
                                "123"),
                        List.of(
                                about + "has an invalid message attribute type, the set of supported type prefixes is"
                                        + " Binary, Number, and String.",
                                "attr1",
                                "Stringprefixed",
                                "String",
                                "123"),
                        List.of(
                                "Length of message attribute name must be less than 256 bytes.",
                                "a".repeat(257),
                                "String",
                                "String",
                                "123"),
                        List.of(
                                "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only"
                                        + " include alphanumeric characters, hyphens, underscores, or dots.",
                                "a^*?",
                                "String",
                                "String",
                                "123"),
                        List.of(
                                "Invalid message attribute name starting with character '.' was found.",
                                ".abc",
                                "String",
                                "String",
                                "123"),
                        List.of(
                                "Invalid message attribute name ending with character '.' was found.",
                                "abc.",
                                "String",
                                "String",
                                "123"),
                        List.of(
                                "Message attribute name can not have successive '.' character.",
                                "a..bc",
                                "String",
                                "String",
                                "123"))
                .flatMap(row -> Stream.of(
                        refused(
                                400,
                                "ParameterValueInvalid",
                                row.get(0),
                                "Publish",
                                attribute(
                                        row.get(1),
                                        row.get(2),
                                        row.get(3),
                                        row.get(4),
                                        "TopicArn",
                                        topic,
                                        "Message",
                                        "x")),
                        refused(
                                400,
                                "ParameterValueInvalid",
                                row.get(0),
                                "PublishBatch",
                                batch(attribute(row.get(1), row.get(2), row.get(3), row.get(4), "Message", "x")))));
    }

    private static Stream<Named<Row>> batches() {
        String constraint =
                "messageAttributes.attr1.member.dataType' failed to satisfy constraint: Member must not be null";
        String detected = "1 validation error detected: Value null at '";
        return Stream.of(
                refused(
                        400,
                        "ValidationError",
                        detected + constraint,
                        "Publish",
                        "TopicArn",
                        topic,
                        "Message",
                        "x",
                        "MessageAttributes.entry.1.Name",
                        "attr1",
                        "MessageAttributes.entry.1.Value.StringValue",
                        "value"),
                refused(
                        400,
                        "ValidationError",
                        detected + "publishBatchRequestEntries.1.member." + constraint,
                        "PublishBatch",
                        batch(
                                "Message",
                                "x",
                                "MessageAttributes.entry.1.Name",
                                "attr1",
                                "MessageAttributes.entry.1.Value.StringValue",
                                "value")),
                refused(
                        400,
                        "EmptyBatchRequest",
                        "The batch request doesn't contain any entries.",
                        "PublishBatch",
                        "TopicArn",
                        topic),
                refused(
                        400,
                        "TooManyEntriesInBatchRequest",
                        "The batch request contains more entries than permissible.",
                        "PublishBatch",
                        entries(
                                topic,
                                IntStream.range(0, 11)
                                        .mapToObj(index -> "Id_" + index)
                                        .toArray(String[]::new))),
                refused(
                        400,
                        "BatchEntryIdsNotDistinct",
                        "Two or more batch entries in the request have the same Id.",
                        "PublishBatch",
                        entries(topic, "1", "1")),
                refused(
                        400,
                        "InvalidBatchEntryId",
                        "The Id of a batch entry in the batch request contains an impermissible character: message.id",
                        "PublishBatch",
                        entries(topic, "message.id")),
                refused(
                        400,
                        "InvalidBatchEntryId",
                        "The Id of a batch entry in the batch request is too long: " + "a".repeat(81),
                        "PublishBatch",
                        entries(topic, "a".repeat(81))),
                refused(
                        400,
                        "BatchRequestTooLong",
                        "The length of all the messages put together is more than the limit.",
                        "PublishBatch",
                        "TopicArn",
                        topic,
                        "PublishBatchRequestEntries.member.1.Id",
                        "1",
                        "PublishBatchRequestEntries.member.1.Message",
                        "a".repeat(131_072),
                        "PublishBatchRequestEntries.member.2.Id",
                        "2",
                        "PublishBatchRequestEntries.member.2.Message",
                        "b".repeat(131_073)),
                refused(
                        400,
                        "InvalidParameter",
                        "Invalid parameter: Message Structure - No default entry in JSON message body",
                        "PublishBatch",
                        batch("Message", "{\"sqs\":\"test sqs\"}", "MessageStructure", "json")));
    }

    private static Stream<Named<Row>> fifo() {
        String group = "The MessageGroupId parameter is required for FIFO topics";
        String id = "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided"
                + " explicitly";
        return Stream.of(
                invalid(group, "Publish", "TopicArn", fifo, "Message", "test"),
                invalid(id, "Publish", "TopicArn", fifo, "Message", "test", "MessageGroupId", "g"),
                invalid(group, "PublishBatch", entries(fifo, "1")),
                invalid(
                        id,
                        "PublishBatch",
                        "TopicArn",
                        fifo,
                        "PublishBatchRequestEntries.member.1.Id",
                        "1",
                        "PublishBatchRequestEntries.member.1.Message",
                        "test",
                        "PublishBatchRequestEntries.member.1.MessageGroupId",
                        "g"),
                invalid(
                        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not"
                                + " valid for this topic type",
                        "Publish",
                        "TopicArn",
                        topic,
                        "Message",
                        "test",
                        "MessageDeduplicationId",
                        "d"),
                invalid("MessageGroupId", "Publish", "TopicArn", topic, "Message", "x", "MessageGroupId", "a b"),
                invalid(
                        "MessageGroupId",
                        "Publish",
                        "TopicArn",
                        topic,
                        "Message",
                        "x",
                        "MessageGroupId",
                        "g".repeat(129)),
                invalid(
                        "MessageDeduplicationId",
                        "Publish",
                        "TopicArn",
                        fifo,
                        "Message",
                        "x",
                        "MessageGroupId",
                        "g",
                        "MessageDeduplicationId",
                        "é"));
    }

    private static Stream<Named<Row>> others() {
        return Stream.of(
                row("403 FilterPolicyLimitExceeded: more than 200 policies of a topic", () -> {
                    String full = aws.topic();
                    Map<String, String> policy = Map.of("FilterPolicy", "{\"k\":[\"v\"]}");
                    IntStream.range(0, 200).forEach(index -> aws.subscribe(full, queueArn(index), policy));
                    aws.subscribe(full, queueArn(200), Map.of());
                    assertThat(LocalClients.refusal(() -> aws.subscribe(full, queueArn(201), policy)))
                            .isEqualTo(new Refusal(403, "FilterPolicyLimitExceeded", "Filter policy limit exceeded"));
                }),
                refused(
                        400,
                        "InvalidAction",
                        "The action AddPermission is not valid for this endpoint.",
                        "AddPermission",
                        "TopicArn",
                        topic),
                notHere("403 AuthorizationError", "nobody is refused anything: any credentials do"),
                notHere("403 TopicLimitExceeded", "100,000 topics are not counted"),
                notHere("403 SubscriptionLimitExceeded", "12.5 million subscriptions are not counted"),
                notHere("429 Throttled", "calls are not throttled"),
                notHere("500 InternalError", "it has no cause from outside; HttpFrontTest provokes one"),
                notHere("400 KMSDisabled and the other errors of KMS", "a key is shown as it was set, and not used"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_wrong_request_is_refused_in_the_words_of_sns(Row row) throws Exception {
        row.check();
    }

    private static Named<Row> invalid(String text, String action, String... parameters) {
        return refused(400, "InvalidParameter", "Invalid parameter: " + text, action, parameters);
    }

    private static Named<Row> noTopic(String action, String... parameters) {
        return refused(404, "NotFound", "Topic does not exist", action, parameters);
    }

    private static Named<Row> noResource(String action, String... parameters) {
        List<String> all = new ArrayList<>(List.of(parameters));
        all.addAll(List.of("ResourceArn", topic + "-gone"));
        return refused(404, "ResourceNotFound", "Resource does not exist", action, all.toArray(String[]::new));
    }

    private static Named<Row> refused(int status, String code, String text, String action, String... parameters) {
        String fact = status + " " + code + ": " + text + " <- " + action + String.join("|", parameters);
        return row(fact.substring(0, Math.min(fact.length(), 300)), () -> {
            Answer answer = SnsForm.post(aws.local.endpoint(), action, parameters);
            assertThat(new Refusal(answer.status(), answer.text("Code"), answer.text("Message")))
                    .isEqualTo(new Refusal(status, code, text));
            assertThat(answer.text("Type")).isEqualTo("Sender");
        });
    }

    /** An attribute of CreateTopic or Subscribe, beside other parameters. */
    private static String[] with(String attribute, String value, String... others) {
        return joined(List.of("Attributes.entry.1.key", attribute, "Attributes.entry.1.value", value), others);
    }

    /** An attribute of SetTopicAttributes or SetSubscriptionAttributes, beside other parameters. */
    private static String[] set(String attribute, String value, String... others) {
        return joined(List.of("AttributeName", attribute, "AttributeValue", value), others);
    }

    /** A message attribute, beside other parameters. */
    private static String[] attribute(String name, String type, String field, String value, String... others) {
        return joined(
                List.of(
                        "MessageAttributes.entry.1.Name",
                        name,
                        "MessageAttributes.entry.1.Value.DataType",
                        type,
                        "MessageAttributes.entry.1.Value." + field + "Value",
                        value),
                others);
    }

    /** A batch of the entry with these parameters, and of one that is right. */
    private static String[] batch(String... entry) {
        List<String> all = new ArrayList<>(List.of(entries(topic, "1", "3")));
        // the message of the first comes with the entry
        all.subList(4, 6).clear();
        for (int index = 0; index < entry.length; index += 2) {
            all.addAll(List.of("PublishBatchRequestEntries.member.1." + entry[index], entry[index + 1]));
        }
        return all.toArray(String[]::new);
    }

    /** Entries with these ids and a plain message. */
    private static String[] entries(String topicArn, String... ids) {
        List<String> all = new ArrayList<>(List.of("TopicArn", topicArn));
        for (int index = 0; index < ids.length; index++) {
            String entry = "PublishBatchRequestEntries.member." + (index + 1) + ".";
            all.addAll(List.of(entry + "Id", ids[index], entry + "Message", "test"));
        }
        return all.toArray(String[]::new);
    }

    private static String[] joined(List<String> first, String[] others) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    private static String redrive(String arn) {
        return "{\"deadLetterTargetArn\":\"" + arn + "\"}";
    }

    private static String queueArn(int number) {
        return "arn:aws:sqs:us-east-1:000000000000:q" + number;
    }
}
