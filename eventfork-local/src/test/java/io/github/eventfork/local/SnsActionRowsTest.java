package io.github.eventfork.local;

import static io.github.eventfork.local.Row.notHere;
import static io.github.eventfork.local.Row.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.local.LocalClients.Queue;
import io.github.eventfork.local.SnsForm.Answer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The query API of SNS as forms and XML: each row a fact of its
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_Operations.html">API model</a> or recorded from AWS.
 */
class SnsActionRowsTest {
    private static final String NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";
    private static final String METADATA = "ResponseMetadata(RequestId)";
    private static final String RAW_KEY = "Attributes.entry.1.key";
    private static final String RAW_VALUE = "Attributes.entry.1.value";

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
        return Stream.of(forms(), actions(), attributes(), repeated(), publishing(), fifo())
                .flatMap(rows -> rows);
    }

    private static Stream<Named<Row>> forms() {
        return Stream.of(
                row("success: XResponse(XResult, ResponseMetadata(RequestId)) in SNS's namespace", () -> {
                    Answer answer = post("CreateTopic", "Name", LocalClients.name("topic"));
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.shape())
                            .isEqualTo("CreateTopicResponse(CreateTopicResult(TopicArn)," + METADATA + ")");
                    assertThat(answer.root().getAttribute("xmlns")).isEqualTo(NAMESPACE);
                    assertThat(UUID.fromString(answer.text("RequestId"))).hasToString(answer.text("RequestId"));
                }),
                row("error: ErrorResponse(Error(Type, Code, Message), RequestId), Sender for 4xx", () -> {
                    Answer answer = post("GetTopicAttributes", "TopicArn", nowhere());
                    assertThat(answer.status()).isEqualTo(404);
                    assertThat(answer.shape()).isEqualTo("ErrorResponse(Error(Type,Code,Message),RequestId)");
                    assertThat(answer.root().getAttribute("xmlns")).isEqualTo(NAMESPACE);
                    assertThat(answer.text("Type")).isEqualTo("Sender");
                }),
                notHere("error: Receiver for 5xx", "HttpFrontTest provokes one"),
                row(
                        "no XResult: DeleteTopic",
                        () -> assertThat(post("DeleteTopic", "TopicArn", nowhere())
                                        .shape())
                                .isEqualTo("DeleteTopicResponse(" + METADATA + ")")),
                row(
                        "no XResult: SetTopicAttributes",
                        () -> assertThat(post(
                                                "SetTopicAttributes",
                                                "TopicArn",
                                                aws.topic(),
                                                "AttributeName",
                                                "DisplayName",
                                                "AttributeValue",
                                                "d")
                                        .shape())
                                .isEqualTo("SetTopicAttributesResponse(" + METADATA + ")")),
                row(
                        "no XResult: Unsubscribe",
                        () -> assertThat(post("Unsubscribe", "SubscriptionArn", subscription())
                                        .shape())
                                .isEqualTo("UnsubscribeResponse(" + METADATA + ")")),
                row(
                        "no XResult: SetSubscriptionAttributes",
                        () -> assertThat(post(
                                                "SetSubscriptionAttributes",
                                                "SubscriptionArn",
                                                subscription(),
                                                "AttributeName",
                                                "RawMessageDelivery",
                                                "AttributeValue",
                                                "true")
                                        .shape())
                                .isEqualTo("SetSubscriptionAttributesResponse(" + METADATA + ")")),
                row(
                        "an empty XResult: TagResource",
                        () -> assertThat(post(
                                                "TagResource",
                                                "ResourceArn",
                                                aws.topic(),
                                                "Tags.member.1.Key",
                                                "k",
                                                "Tags.member.1.Value",
                                                "v")
                                        .shape())
                                .isEqualTo("TagResourceResponse(TagResourceResult," + METADATA + ")")),
                row(
                        "an empty XResult: UntagResource",
                        () -> assertThat(post("UntagResource", "ResourceArn", aws.topic(), "TagKeys.member.1", "k")
                                        .shape())
                                .isEqualTo("UntagResourceResponse(UntagResourceResult," + METADATA + ")")));
    }

    private static Stream<Named<Row>> actions() {
        return Stream.of(
                row("CreateTopic: Name, Attributes.entry.N.key/.value, Tags.member.N.Key/.Value -> TopicArn", () -> {
                    String name = LocalClients.name("topic");
                    String arn = post(
                                    "CreateTopic",
                                    "Name",
                                    name,
                                    RAW_KEY,
                                    "DisplayName",
                                    RAW_VALUE,
                                    "d",
                                    "Tags.member.1.Key",
                                    "k",
                                    "Tags.member.1.Value",
                                    "v")
                            .text("TopicArn");
                    assertThat(arn).isEqualTo("arn:aws:sns:us-east-1:000000000000:" + name);
                    assertThat(topicAttributes(arn)).containsEntry("DisplayName", "d");
                    assertThat(tags(arn)).containsExactly(tag("k", "v"));
                }),
                row(
                        "CreateTopic: a DataProtectionPolicy is taken",
                        () -> assertThat(post(
                                                "CreateTopic",
                                                "Name",
                                                LocalClients.name("topic"),
                                                "DataProtectionPolicy",
                                                "{}")
                                        .status())
                                .isEqualTo(200)),
                row("DeleteTopic: an absent topic is 200", () -> {
                    String topic = aws.topic();
                    assertThat(post("DeleteTopic", "TopicArn", topic).status()).isEqualTo(200);
                    assertThat(post("DeleteTopic", "TopicArn", topic).status()).isEqualTo(200);
                    assertThat(post("GetTopicAttributes", "TopicArn", topic).status())
                            .isEqualTo(404);
                }),
                row("ListTopics: NextToken -> Topics/member/TopicArn, NextToken; 100 a page", () -> {
                    IntStream.range(0, 101).forEach(index -> aws.topic());
                    Answer first = post("ListTopics");
                    assertThat(first.texts("member")).hasSize(100);
                    Answer second = post("ListTopics", "NextToken", first.text("NextToken"));
                    assertThat(second.texts("member")).isNotEmpty().doesNotContainAnyElementsOf(first.texts("member"));
                    assertThat(second.shape())
                            .startsWith("ListTopicsResponse(ListTopicsResult(Topics(member(TopicArn)");
                }),
                row(
                        "GetTopicAttributes: TopicArn -> Attributes/entry/(key, value)",
                        () -> assertThat(post("GetTopicAttributes", "TopicArn", aws.topic())
                                        .shape())
                                .startsWith(
                                        "GetTopicAttributesResponse(GetTopicAttributesResult(Attributes(entry(key,value),")),
                row("SetTopicAttributes: TopicArn, AttributeName, AttributeValue", () -> {
                    String topic = aws.topic();
                    post(
                            "SetTopicAttributes",
                            "TopicArn",
                            topic,
                            "AttributeName",
                            "DisplayName",
                            "AttributeValue",
                            "d");
                    assertThat(topicAttributes(topic)).containsEntry("DisplayName", "d");
                }),
                row(
                        "Subscribe: TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn -> SubscriptionArn",
                        () -> {
                            String topic = aws.topic();
                            Answer answer = post(
                                    "Subscribe",
                                    "TopicArn",
                                    topic,
                                    "Protocol",
                                    "sqs",
                                    "Endpoint",
                                    aws.queue().arn(),
                                    "ReturnSubscriptionArn",
                                    "true",
                                    RAW_KEY,
                                    "RawMessageDelivery",
                                    RAW_VALUE,
                                    "true");
                            assertThat(answer.shape())
                                    .isEqualTo("SubscribeResponse(SubscribeResult(SubscriptionArn)," + METADATA + ")");
                            assertThat(subscriptionAttributes(answer.text("SubscriptionArn")))
                                    .containsEntry("RawMessageDelivery", "true");
                        }),
                notHere("Subscribe: \"pending confirmation\"", "a queue of the same account is confirmed at once"),
                row("Unsubscribe: an absent subscription is 200", () -> {
                    String arn = subscription();
                    assertThat(post("Unsubscribe", "SubscriptionArn", arn).status())
                            .isEqualTo(200);
                    assertThat(post("Unsubscribe", "SubscriptionArn", arn).status())
                            .isEqualTo(200);
                }),
                row("ListSubscriptions: members of five fields, NextToken; 100 a page", () -> {
                    String topic = aws.topic();
                    IntStream.range(0, 101)
                            .forEach(index ->
                                    aws.subscribe(topic, "arn:aws:sqs:us-east-1:000000000000:q" + index, Map.of()));
                    Answer first = post("ListSubscriptions");
                    assertThat(first.texts("member")).hasSize(100);
                    assertThat(first.texts("NextToken")).hasSize(1);
                    assertThat(first.shape())
                            .startsWith("ListSubscriptionsResponse(ListSubscriptionsResult(Subscriptions("
                                    + "member(SubscriptionArn,Owner,Protocol,Endpoint,TopicArn)");
                    // and ListSubscriptionsByTopic, likewise
                    Answer ofTopic = post("ListSubscriptionsByTopic", "TopicArn", topic);
                    assertThat(ofTopic.texts("member")).hasSize(100);
                    assertThat(post(
                                            "ListSubscriptionsByTopic",
                                            "TopicArn",
                                            topic,
                                            "NextToken",
                                            ofTopic.text("NextToken"))
                                    .texts("member"))
                            .hasSize(1);
                }),
                row("ListSubscriptionsByTopic: TopicArn -> the subscriptions of that topic", () -> {
                    String topic = aws.topic();
                    String arn = aws.subscribe(topic, aws.queue().arn(), Map.of());
                    aws.subscribe(aws.topic(), aws.queue().arn(), Map.of());
                    Answer answer = post("ListSubscriptionsByTopic", "TopicArn", topic);
                    assertThat(answer.text("SubscriptionArn")).isEqualTo(arn);
                    assertThat(answer.shape())
                            .isEqualTo("ListSubscriptionsByTopicResponse(ListSubscriptionsByTopicResult(Subscriptions("
                                    + "member(SubscriptionArn,Owner,Protocol,Endpoint,TopicArn)))," + METADATA + ")");
                }),
                row(
                        "GetSubscriptionAttributes: SubscriptionArn -> Attributes/entry/(key, value)",
                        () -> assertThat(post("GetSubscriptionAttributes", "SubscriptionArn", subscription())
                                        .shape())
                                .startsWith(
                                        "GetSubscriptionAttributesResponse(GetSubscriptionAttributesResult(Attributes("
                                                + "entry(key,value),")),
                row("SetSubscriptionAttributes: SubscriptionArn, AttributeName, AttributeValue", () -> {
                    String arn = subscription();
                    post(
                            "SetSubscriptionAttributes",
                            "SubscriptionArn",
                            arn,
                            "AttributeName",
                            "FilterPolicy",
                            "AttributeValue",
                            "{\"k\":[\"v\"]}");
                    assertThat(subscriptionAttributes(arn)).containsEntry("FilterPolicy", "{\"k\":[\"v\"]}");
                }),
                notHere(
                        "ConfirmSubscription: a right token -> SubscriptionArn",
                        "no subscription is ever pending, so no token is right; wrong ones are in SnsErrorRowsTest"),
                row("Publish: TopicArn, Message -> MessageId", () -> {
                    Answer answer = post("Publish", "TopicArn", aws.topic(), "Message", "x");
                    assertThat(answer.shape()).isEqualTo("PublishResponse(PublishResult(MessageId)," + METADATA + ")");
                }),
                row(
                        "Publish: TargetArn may name the topic",
                        () -> assertThat(post("Publish", "TargetArn", aws.topic(), "Message", "x")
                                        .texts("MessageId"))
                                .hasSize(1)),
                row("Publish: MessageAttributes.entry.N.Name, .Value.DataType, .StringValue, .BinaryValue", () -> {
                    String topic = aws.topic();
                    Queue queue = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));
                    post(
                            "Publish",
                            "TopicArn",
                            topic,
                            "Message",
                            "x",
                            "Subject",
                            "s",
                            "MessageAttributes.entry.1.Name",
                            "s",
                            "MessageAttributes.entry.1.Value.DataType",
                            "String",
                            "MessageAttributes.entry.1.Value.StringValue",
                            "v",
                            "MessageAttributes.entry.2.Name",
                            "b",
                            "MessageAttributes.entry.2.Value.DataType",
                            "Binary",
                            "MessageAttributes.entry.2.Value.BinaryValue",
                            "AgME");
                    var attributes = aws.received(queue).get(0).messageAttributes();
                    assertThat(attributes.get("s").stringValue()).isEqualTo("v");
                    assertThat(attributes.get("b").binaryValue().asByteArray()).containsExactly(2, 3, 4);
                }),
                row(
                        "Publish: MessageGroupId, MessageDeduplicationId -> MessageId, SequenceNumber",
                        () -> assertThat(post(
                                                "Publish",
                                                "TopicArn",
                                                aws.fifoTopic(Map.of()),
                                                "Message",
                                                "x",
                                                "MessageGroupId",
                                                "g",
                                                "MessageDeduplicationId",
                                                "d")
                                        .shape())
                                .isEqualTo(
                                        "PublishResponse(PublishResult(MessageId,SequenceNumber)," + METADATA + ")")),
                row("PublishBatch: entries -> Successful/member/(Id, MessageId), Failed/member/(Id, Code, ..)", () -> {
                    Answer answer = post(
                            "PublishBatch",
                            "TopicArn",
                            aws.topic(),
                            "PublishBatchRequestEntries.member.1.Id",
                            "good",
                            "PublishBatchRequestEntries.member.1.Message",
                            "x",
                            "PublishBatchRequestEntries.member.2.Id",
                            "bad",
                            "PublishBatchRequestEntries.member.2.Message",
                            "");
                    assertThat(answer.shape())
                            .isEqualTo("PublishBatchResponse(PublishBatchResult(Successful(member(Id,MessageId)),"
                                    + "Failed(member(Id,Code,Message,SenderFault)))," + METADATA + ")");
                    assertThat(answer.texts("Id")).containsExactly("good", "bad");
                }),
                row(
                        "PublishBatch: SequenceNumber of a FIFO topic",
                        () -> assertThat(post(
                                                "PublishBatch",
                                                "TopicArn",
                                                aws.fifoTopic(Map.of("ContentBasedDeduplication", "true")),
                                                "PublishBatchRequestEntries.member.1.Id",
                                                "e",
                                                "PublishBatchRequestEntries.member.1.Message",
                                                "x",
                                                "PublishBatchRequestEntries.member.1.MessageGroupId",
                                                "g")
                                        .shape())
                                .contains("Successful(member(Id,MessageId,SequenceNumber)),Failed)")),
                row("TagResource: a key that is there gets the new value", () -> {
                    String topic = aws.topic();
                    aws.sns.tagResource(request -> request.resourceArn(topic).tags(tag("k1", "v1"), tag("k2", "v2")));
                    aws.sns.tagResource(request -> request.resourceArn(topic).tags(tag("k2", "v2b")));
                    assertThat(tags(topic)).containsExactly(tag("k1", "v1"), tag("k2", "v2b"));
                }),
                row("UntagResource: ResourceArn, TagKeys.member.N; an absent key is no error", () -> {
                    String topic = aws.topic();
                    aws.sns.tagResource(request -> request.resourceArn(topic).tags(tag("k1", "v1"), tag("k2", "v2")));
                    aws.sns.untagResource(request -> request.resourceArn(topic).tagKeys("k1", "k9"));
                    assertThat(tags(topic)).containsExactly(tag("k2", "v2"));
                }),
                row("ListTagsForResource: ResourceArn -> Tags/member/(Key, Value)", () -> {
                    String topic = aws.topic();
                    aws.sns.tagResource(request -> request.resourceArn(topic).tags(tag("k", "v")));
                    assertThat(post("ListTagsForResource", "ResourceArn", topic).shape())
                            .isEqualTo("ListTagsForResourceResponse(ListTagsForResourceResult(Tags(member(Key,Value))),"
                                    + METADATA + ")");
                }));
    }

    private static Stream<Named<Row>> attributes() {
        return Stream.of(
                row(
                        "a standard topic shows these attributes",
                        () -> assertThat(topicAttributes(aws.topic()))
                                .containsOnlyKeys(
                                        "TopicArn",
                                        "Owner",
                                        "Policy",
                                        "DisplayName",
                                        "EffectiveDeliveryPolicy",
                                        "SubscriptionsConfirmed",
                                        "SubscriptionsPending",
                                        "SubscriptionsDeleted")),
                row("a FIFO topic shows FifoTopic and ContentBasedDeduplication too", () -> {
                    assertThat(topicAttributes(aws.fifoTopic(Map.of())))
                            .containsOnlyKeys(
                                    "TopicArn",
                                    "Owner",
                                    "Policy",
                                    "DisplayName",
                                    "EffectiveDeliveryPolicy",
                                    "SubscriptionsConfirmed",
                                    "SubscriptionsPending",
                                    "SubscriptionsDeleted",
                                    "FifoTopic",
                                    "ContentBasedDeduplication")
                            .containsEntry("FifoTopic", "true")
                            .containsEntry("ContentBasedDeduplication", "false");
                    assertThat(topicAttributes(aws.fifoTopic(Map.of("FifoThroughputScope", "MessageGroup"))))
                            .containsEntry("FifoThroughputScope", "MessageGroup");
                }),
                row(
                        "what is set is shown: SignatureVersion, KmsMasterKeyId, TracingConfig, DeliveryPolicy, size",
                        () -> {
                            Map<String, String> set = Map.of(
                                    "SignatureVersion", "2",
                                    "KmsMasterKeyId", "alias/own",
                                    "TracingConfig", "Active",
                                    "DeliveryPolicy", "{\"http\":{}}",
                                    "MaximumMessageSize", "2048");
                            String topic = aws.sns
                                    .createTopic(request -> request.name(LocalClients.name("topic"))
                                            .attributes(set))
                                    .topicArn();
                            assertThat(topicAttributes(topic)).containsAllEntriesOf(set);
                        }),
                row("an empty DeliveryPolicy removes it", () -> {
                    String topic = aws.topic();
                    for (String policy : List.of("{\"http\":{}}", "")) {
                        aws.sns.setTopicAttributes(request -> request.topicArn(topic)
                                .attributeName("DeliveryPolicy")
                                .attributeValue(policy));
                    }
                    assertThat(topicAttributes(topic)).doesNotContainKey("DeliveryPolicy");
                }),
                row("Policy and EffectiveDeliveryPolicy are JSON", () -> {
                    Map<String, String> attributes = topicAttributes(aws.topic());
                    var json = new ObjectMapper();
                    assertThat(json.readTree(attributes.get("Policy"))
                                    .path("Id")
                                    .textValue())
                            .isEqualTo("__default_policy_ID");
                    assertThat(json.readTree(attributes.get("EffectiveDeliveryPolicy"))
                                    .at("/http/defaultRequestPolicy/headerContentType")
                                    .textValue())
                            .isEqualTo("text/plain; charset=UTF-8");
                }),
                row(
                        "a subscription shows these attributes",
                        () -> assertThat(subscriptionAttributes(subscription()))
                                .containsOnlyKeys(
                                        "SubscriptionArn",
                                        "TopicArn",
                                        "Owner",
                                        "Protocol",
                                        "Endpoint",
                                        "ConfirmationWasAuthenticated",
                                        "PendingConfirmation",
                                        "RawMessageDelivery",
                                        "SubscriptionPrincipal")),
                row("when set: FilterPolicy, FilterPolicyScope, RedrivePolicy, DeliveryPolicy", () -> {
                    String redrive = "{\"deadLetterTargetArn\":\"" + aws.queue().arn() + "\"}";
                    String arn = aws.subscribe(
                            aws.topic(),
                            aws.queue().arn(),
                            Map.of(
                                    "FilterPolicy", "{\"k\":[\"v\"]}",
                                    "RedrivePolicy", redrive,
                                    "DeliveryPolicy", "{\"healthyRetryPolicy\":{}}"));
                    assertThat(subscriptionAttributes(arn))
                            .containsEntry("FilterPolicy", "{\"k\":[\"v\"]}")
                            .containsEntry("FilterPolicyScope", "MessageAttributes")
                            .containsEntry("RedrivePolicy", redrive)
                            .containsEntry("DeliveryPolicy", "{\"healthyRetryPolicy\":{}}");
                }),
                row(
                        "a queue of the same account is confirmed at once",
                        () -> assertThat(subscriptionAttributes(subscription()))
                                .containsEntry("PendingConfirmation", "false")
                                .containsEntry("ConfirmationWasAuthenticated", "true")),
                row("the ARN of a subscription is that of its topic, a colon and a UUID", () -> {
                    String topic = aws.topic();
                    String arn = aws.subscribe(topic, aws.queue().arn(), Map.of());
                    assertThat(arn).startsWith(topic + ":");
                    assertThat(UUID.fromString(arn.substring(topic.length() + 1)))
                            .isNotNull();
                }),
                row(
                        "a queue that does not exist may be subscribed",
                        () -> assertThat(aws.subscribe(
                                        aws.topic(), "arn:aws:sqs:us-east-1:000000000000:unknown", Map.of()))
                                .isNotEmpty()));
    }

    private static Stream<Named<Row>> repeated() {
        return Stream.of(
                row("CreateTopic again with the same, with some or with no attributes: the same ARN", () -> {
                    String name = LocalClients.name("topic");
                    Map<String, String> two = Map.of("DisplayName", "d", "SignatureVersion", "2");
                    String arn = create(name, two);
                    for (Map<String, String> again :
                            List.of(two, Map.of("DisplayName", "d"), Map.<String, String>of())) {
                        assertThat(create(name, again)).isEqualTo(arn);
                    }
                    assertThat(create(name, Map.of("FifoTopic", "false"))).isEqualTo(arn);
                }),
                row("CreateTopic again of a FIFO topic: the same ARN", () -> {
                    String name = LocalClients.name("topic") + ".fifo";
                    Map<String, String> set = Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true");
                    String arn = create(name, set);
                    assertThat(create(name, set)).isEqualTo(arn);
                    assertThat(create(name, Map.of("FifoTopic", "true"))).isEqualTo(arn);
                }),
                row("CreateTopic again with the same, with some or with no tags: the same ARN", () -> {
                    String name = LocalClients.name("topic");
                    List<Tag> two = List.of(tag("a", "1"), tag("b", "2"));
                    String arn = aws.sns
                            .createTopic(request -> request.name(name).tags(two))
                            .topicArn();
                    for (List<Tag> again : List.of(two, List.of(tag("a", "1")), List.<Tag>of())) {
                        assertThat(aws.sns
                                        .createTopic(
                                                request -> request.name(name).tags(again))
                                        .topicArn())
                                .isEqualTo(arn);
                    }
                }),
                row("CreateTopic after DeleteTopic may have other tags", () -> {
                    String name = LocalClients.name("topic");
                    String arn = aws.sns
                            .createTopic(request -> request.name(name).tags(tag("k", "v")))
                            .topicArn();
                    aws.sns.deleteTopic(request -> request.topicArn(arn));
                    aws.sns.createTopic(request -> request.name(name).tags(tag("k", "w")));
                    assertThat(tags(arn)).containsExactly(tag("k", "w"));
                }),
                row("Subscribe again with the same, with default or with no attributes: the same ARN", () -> {
                    String topic = aws.topic();
                    String queue = aws.queue().arn();
                    String arn = aws.subscribe(topic, queue, Map.of("RawMessageDelivery", "True"));
                    for (Map<String, String> again : List.of(
                            Map.of("RawMessageDelivery", "true"),
                            Map.of("RawMessageDelivery", "true", "FilterPolicyScope", "MessageAttributes"),
                            Map.of("FilterPolicyScope", "MessageAttributes"),
                            Map.<String, String>of())) {
                        assertThat(aws.subscribe(topic, queue, again)).isEqualTo(arn);
                    }
                }),
                row(
                        "a topic name of 256 letters is taken",
                        () -> assertThat(create("n".repeat(256), Map.of())).endsWith("nnn")),
                row(
                        "a FIFO topic name of 256 letters, .fifo included, is taken",
                        () -> assertThat(create("n".repeat(251) + ".fifo", Map.of("FifoTopic", "true")))
                                .endsWith("n.fifo")));
    }

    private static Stream<Named<Row>> publishing() {
        return Stream.of(
                row("size: 262,144 bytes of message and attributes by default", () -> {
                    Answer answer = post("Publish", "TopicArn", aws.topic(), "Message", "x".repeat(262_144));
                    assertThat(answer.status()).isEqualTo(200);
                }),
                row("size: MaximumMessageSize up to 1,048,576 is one that SQS takes", () -> {
                    String topic = aws.topic();
                    aws.sns.setTopicAttributes(request -> request.topicArn(topic)
                            .attributeName("MaximumMessageSize")
                            .attributeValue("1048576"));
                    Queue queue = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));
                    aws.publish(topic, message -> message.message("x".repeat(1_048_576)));
                    assertThat(aws.bodies(queue))
                            .singleElement()
                            .satisfies(body -> assertThat(body).hasSize(1_048_576));
                }),
                notHere(
                        "size: above 256 KiB a topic has 100 subscriptions at most",
                        "what AWS answers to one more is not known, so it is not refused"),
                row(
                        "MessageStructure json: SQS gets the text of key sqs",
                        () -> assertThat(perProtocol("{\"default\":\"d\",\"sqs\":\"s\",\"email\":\"e\"}"))
                                .isEqualTo("s")),
                row(
                        "MessageStructure json: else that of default",
                        () -> assertThat(perProtocol("{\"default\":\"d\",\"email\":\"e\"}"))
                                .isEqualTo("d")),
                row(
                        "MessageStructure json: a key whose value is no text is ignored",
                        () -> assertThat(perProtocol("{\"default\":\"d\",\"sqs\":{\"field\":\"value\"}}"))
                                .isEqualTo("d")),
                row("MessageStructure json: body policies see the text for SQS", () -> {
                    String topic = aws.topic();
                    Queue queue = aws.subscribed(
                            topic,
                            Map.of(
                                    "FilterPolicy", "{\"a\":[1]}",
                                    "FilterPolicyScope", "MessageBody",
                                    "RawMessageDelivery", "true"));
                    aws.publish(
                            topic,
                            message -> message.messageStructure("json")
                                    .message("{\"default\":\"{\\\"a\\\":2}\",\"sqs\":\"{\\\"a\\\":1}\"}"));
                    assertThat(aws.bodies(queue)).containsExactly("{\"a\":1}");
                }),
                row("a Subject of 99 letters is taken", () -> {
                    Answer answer = post("Publish", "TopicArn", aws.topic(), "Message", "x", "Subject", "é".repeat(99));
                    assertThat(answer.status()).isEqualTo(200);
                }),
                row("MessageGroupId on a standard topic reaches standard queues as system attribute", () -> {
                    String topic = aws.topic();
                    Queue queue = aws.subscribed(topic, Map.of());
                    aws.publish(topic, message -> message.message("x").messageGroupId("tenant"));
                    assertThat(aws.received(queue).get(0).attributes())
                            .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "tenant")
                            .doesNotContainKey(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID);
                }),
                row(
                        "an Id of 80 letters, hyphens and underscores is taken",
                        () -> assertThat(post(
                                                "PublishBatch",
                                                "TopicArn",
                                                aws.topic(),
                                                "PublishBatchRequestEntries.member.1.Id",
                                                "a-_0".repeat(20),
                                                "PublishBatchRequestEntries.member.1.Message",
                                                "x")
                                        .text("Id"))
                                .hasSize(80)));
    }

    private static Stream<Named<Row>> fifo() {
        return Stream.of(
                row("a standard queue on a FIFO topic works, without group and deduplication id", () -> {
                    String topic = aws.fifoTopic(Map.of());
                    Queue queue = aws.subscribed(topic, Map.of());
                    aws.publish(
                            topic,
                            message -> message.message("x").messageGroupId("g").messageDeduplicationId("d"));
                    assertThat(aws.received(queue).get(0).attributes())
                            .doesNotContainKeys(
                                    MessageSystemAttributeName.MESSAGE_GROUP_ID,
                                    MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID);
                }),
                row("deduplication: a second message of the same id is accepted and not delivered", () -> {
                    String topic = aws.fifoTopic(Map.of());
                    Queue queue = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));
                    for (String text : List.of("one", "two")) {
                        aws.publish(
                                topic,
                                message -> message.message(text)
                                        .messageGroupId("g")
                                        .messageDeduplicationId("d"));
                    }
                    assertThat(aws.bodies(queue)).containsExactly("one");
                }),
                row("deduplication: by content, across the groups of a topic", () -> {
                    String topic = aws.fifoTopic(Map.of("ContentBasedDeduplication", "true"));
                    Queue queue = aws.fifoQueue();
                    aws.subscribe(topic, queue.arn(), Map.of());
                    for (String group : List.of("g-1", "g-2")) {
                        aws.publish(topic, message -> message.message("Test").messageGroupId(group));
                    }
                    List<Message> got = aws.drained(queue);
                    assertThat(got)
                            .singleElement()
                            .satisfies(message -> assertThat(message.attributes())
                                    .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "g-1"));
                }),
                row("deduplication: per group, if FifoThroughputScope is MessageGroup", () -> {
                    String topic = aws.fifoTopic(
                            Map.of("ContentBasedDeduplication", "true", "FifoThroughputScope", "MessageGroup"));
                    Queue queue = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));
                    for (String group : List.of("g-1", "g-2", "g-1")) {
                        aws.publish(topic, message -> message.message("x").messageGroupId(group));
                    }
                    assertThat(aws.bodies(queue)).hasSize(2);
                }),
                notHere("deduplication: for 5 minutes", "DeduplicationWindowTest moves the clock"),
                row("a standard dead-letter queue behind a standard queue on a FIFO topic is taken", () -> {
                    String redrive = "{\"deadLetterTargetArn\":\"" + aws.queue().arn() + "\"}";
                    assertThat(aws.subscribe(
                                    aws.fifoTopic(Map.of()), aws.queue().arn(), Map.of("RedrivePolicy", redrive)))
                            .isNotEmpty();
                }));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_query_api_is_that_of_sns(Row row) throws Exception {
        row.check();
    }

    private static Answer post(String action, String... namesAndValues) {
        return SnsForm.post(aws.local.endpoint(), action, namesAndValues);
    }

    private static String nowhere() {
        return "arn:aws:sns:us-east-1:000000000000:" + LocalClients.name("nowhere");
    }

    private static String subscription() {
        return aws.subscribe(aws.topic(), aws.queue().arn(), Map.of());
    }

    private static String create(String name, Map<String, String> attributes) {
        return aws.sns
                .createTopic(request -> request.name(name).attributes(attributes))
                .topicArn();
    }

    private static String perProtocol(String texts) {
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));
        aws.publish(topic, message -> message.message(texts).messageStructure("json"));
        return aws.bodies(queue).get(0);
    }

    private static Map<String, String> topicAttributes(String topic) {
        return aws.sns.getTopicAttributes(request -> request.topicArn(topic)).attributes();
    }

    private static Map<String, String> subscriptionAttributes(String arn) {
        return aws.sns
                .getSubscriptionAttributes(request -> request.subscriptionArn(arn))
                .attributes();
    }

    private static List<Tag> tags(String topic) {
        return aws.sns
                .listTagsForResource(request -> request.resourceArn(topic))
                .tags();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
