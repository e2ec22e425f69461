package io.github.eventfork.conformance.peers;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.Tag;

/** Topics: names, attributes, tags, and what is asked of topics that are not there. */
final class TopicScenarios {

    private static final String NO_TOPIC = "arn:aws:sns:us-east-1:000000000000:no-such-topic";

    private TopicScenarios() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("topic names", TopicScenarios::names),
                new Scenario("topics that exist already", TopicScenarios::twice),
                new Scenario("topic attributes", TopicScenarios::attributes),
                new Scenario("FIFO topic attributes", TopicScenarios::fifoAttributes),
                new Scenario("topics that are not there", TopicScenarios::missing),
                new Scenario("topic tags", TopicScenarios::tags));
    }

    private static void names(Session aws) {
        aws.call("letters, digits, - and _", () -> aws.sns().createTopic(r -> r.name(aws.name("Up_low-09"))));
        aws.call("a dot", () -> aws.sns().createTopic(r -> r.name(aws.name("a.b"))));
        aws.call("a space", () -> aws.sns().createTopic(r -> r.name(aws.name("a b"))));
        aws.call("empty", () -> aws.sns().createTopic(r -> r.name("")));
        aws.call("256 characters", () -> aws.sns().createTopic(r -> r.name(aws.name("x".repeat(247)))));
        aws.call("257 characters", () -> aws.sns().createTopic(r -> r.name(aws.name("x".repeat(248)))));
        aws.call(".fifo without FifoTopic", () -> aws.sns().createTopic(r -> r.name(aws.name("a.fifo"))));
        aws.call(
                ".fifo with FifoTopic",
                () -> aws.sns().createTopic(r -> r.name(aws.name("b.fifo")).attributes(Map.of("FifoTopic", "true"))));
        aws.call(
                "FifoTopic without .fifo",
                () -> aws.sns().createTopic(r -> r.name(aws.name("c")).attributes(Map.of("FifoTopic", "true"))));
        aws.call(
                "FifoTopic false and .fifo",
                () -> aws.sns().createTopic(r -> r.name(aws.name("d.fifo")).attributes(Map.of("FifoTopic", "false"))));
    }

    private static void twice(Session aws) {
        String name = aws.name("events");
        Tag team = tag("team", "growth");
        String arn = aws.must(
                        "first",
                        () -> aws.sns()
                                .createTopic(r -> r.name(name)
                                        .attributes(Map.of("DisplayName", "Events"))
                                        .tags(team)))
                .topicArn();
        aws.call(
                "the same again",
                () -> aws.sns()
                        .createTopic(r -> r.name(name)
                                .attributes(Map.of("DisplayName", "Events"))
                                .tags(team)));
        aws.call("with nothing but its name", () -> aws.sns().createTopic(r -> r.name(name)));
        aws.call(
                "with another display name",
                () -> aws.sns().createTopic(r -> r.name(name).attributes(Map.of("DisplayName", "Others"))));
        aws.call(
                "with another tag",
                () -> aws.sns().createTopic(r -> r.name(name).tags(tag("team", "billing"))));
        aws.call("delete", () -> aws.sns().deleteTopic(r -> r.topicArn(arn)));
        aws.call("delete again", () -> aws.sns().deleteTopic(r -> r.topicArn(arn)));
        aws.call(
                "with another display name after that",
                () -> aws.sns().createTopic(r -> r.name(name).attributes(Map.of("DisplayName", "Others"))));
    }

    private static void attributes(Session aws) {
        String arn = aws.topic("events");
        aws.call("of a new topic", () -> aws.sns().getTopicAttributes(r -> r.topicArn(arn)));
        set(aws, arn, "DisplayName", "Events");
        set(aws, arn, "SignatureVersion", "2");
        set(aws, arn, "SignatureVersion", "3");
        set(aws, arn, "TracingConfig", "Active");
        set(aws, arn, "MaximumMessageSize", "1048576");
        set(aws, arn, "MaximumMessageSize", "1023");
        set(aws, arn, "FifoTopic", "true");
        set(aws, arn, "ContentBasedDeduplication", "true");
        set(aws, arn, "Policy", "no JSON");
        set(aws, arn, "Colour", "blue");
        aws.call("after these", () -> aws.sns().getTopicAttributes(r -> r.topicArn(arn)));
        aws.call(
                "an unknown one at creation",
                () -> aws.sns().createTopic(r -> r.name(aws.name("others")).attributes(Map.of("Colour", "blue"))));
    }

    private static void set(Session aws, String arn, String name, String value) {
        aws.call(
                "set " + name + " to " + value,
                () -> aws.sns()
                        .setTopicAttributes(
                                r -> r.topicArn(arn).attributeName(name).attributeValue(value)));
    }

    private static void fifoAttributes(Session aws) {
        String arn = aws.topic("events.fifo", Map.of("FifoTopic", "true"));
        aws.call("of a new topic", () -> aws.sns().getTopicAttributes(r -> r.topicArn(arn)));
        set(aws, arn, "ContentBasedDeduplication", "true");
        set(aws, arn, "FifoThroughputScope", "MessageGroup");
        aws.call("after these", () -> aws.sns().getTopicAttributes(r -> r.topicArn(arn)));
    }

    private static void missing(Session aws) {
        String there = aws.topic("there");
        String gone = there + "-not";
        aws.call("get attributes", () -> aws.sns().getTopicAttributes(r -> r.topicArn(gone)));
        aws.call(
                "set an attribute",
                () -> aws.sns()
                        .setTopicAttributes(r ->
                                r.topicArn(gone).attributeName("DisplayName").attributeValue("x")));
        aws.call("publish", () -> aws.sns().publish(r -> r.topicArn(gone).message("m")));
        aws.call(
                "publish a batch",
                () -> aws.sns()
                        .publishBatch(r -> r.topicArn(gone)
                                .publishBatchRequestEntries(PublishBatchRequestEntry.builder()
                                        .id("a")
                                        .message("m")
                                        .build())));
        aws.call("list its subscriptions", () -> aws.sns().listSubscriptionsByTopic(r -> r.topicArn(gone)));
        aws.call("delete it", () -> aws.sns().deleteTopic(r -> r.topicArn(gone)));
        aws.call("no ARN at all", () -> aws.sns().getTopicAttributes(r -> r.topicArn("topic")));
        aws.call(
                "publish to no ARN at all",
                () -> aws.sns().publish(r -> r.topicArn("topic").message("m")));
        aws.call(
                "an ARN of five parts",
                () -> aws.sns().getTopicAttributes(r -> r.topicArn("arn:aws:sns:us-east-1:000000000000")));
        aws.call(
                "another Region",
                () -> aws.sns().getTopicAttributes(r -> r.topicArn(there.replace("us-east-1", "eu-west-1"))));
        aws.call("another account", () -> aws.sns().getTopicAttributes(r -> r.topicArn(NO_TOPIC)));
        aws.call("publish to nothing", () -> aws.sns().publish(r -> r.message("m")));
    }

    private static void tags(Session aws) {
        String arn = aws.topic("events");
        aws.call("tag", () -> aws.sns().tagResource(r -> r.resourceArn(arn).tags(tag("team", "growth"), tag("b", ""))));
        aws.call("list", () -> aws.sns().listTagsForResource(r -> r.resourceArn(arn)));
        aws.call(
                "tag over it",
                () -> aws.sns().tagResource(r -> r.resourceArn(arn).tags(tag("team", "billing"))));
        aws.call(
                "untag one",
                () -> aws.sns().untagResource(r -> r.resourceArn(arn).tagKeys("b")));
        aws.call(
                "untag one that is not there",
                () -> aws.sns().untagResource(r -> r.resourceArn(arn).tagKeys("c")));
        aws.call("list after that", () -> aws.sns().listTagsForResource(r -> r.resourceArn(arn)));
        aws.call(
                "the same key twice",
                () -> aws.sns().tagResource(r -> r.resourceArn(arn).tags(tag("k", "1"), tag("k", "2"))));
        aws.call(
                "51 tags",
                () -> aws.sns()
                        .tagResource(r -> r.resourceArn(arn)
                                .tags(IntStream.rangeClosed(1, 51)
                                        .mapToObj(i -> tag("t" + i, "v"))
                                        .toList())));
        aws.call(
                "tag what is not there",
                () -> aws.sns().tagResource(r -> r.resourceArn(arn + "-not").tags(tag("team", "growth"))));
        aws.call("list what is not there", () -> aws.sns().listTagsForResource(r -> r.resourceArn(arn + "-not")));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
