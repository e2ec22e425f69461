package io.github.eventfork.conformance.peers;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Subscriptions: what may be subscribed to what, with which attributes, and how it ends. */
final class SubscriptionScenarios {

    private SubscriptionScenarios() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("the life of a subscription", SubscriptionScenarios::life),
                new Scenario("subscriptions that are refused", SubscriptionScenarios::refused),
                new Scenario("subscription attributes", SubscriptionScenarios::attributes),
                new Scenario("subscription dead-letter queues", SubscriptionScenarios::redrive),
                new Scenario("FIFO and standard, subscribed to each other", SubscriptionScenarios::kinds),
                new Scenario("confirming a subscription", SubscriptionScenarios::confirm));
    }

    private static void life(Session aws) {
        String topic = aws.topic("events");
        String queue = aws.arn(aws.queue("orders"));
        aws.call("of a new topic", () -> aws.sns().listSubscriptionsByTopic(r -> r.topicArn(topic)));
        String arn = aws.must(
                        "subscribe",
                        () -> aws.sns()
                                .subscribe(
                                        r -> r.topicArn(topic).protocol("sqs").endpoint(queue)))
                .subscriptionArn();
        aws.call(
                "the same again",
                () -> aws.sns().subscribe(r -> r.topicArn(topic).protocol("sqs").endpoint(queue)));
        aws.call("attributes", () -> aws.sns().getSubscriptionAttributes(r -> r.subscriptionArn(arn)));
        aws.call(
                "again with other attributes",
                () -> aws.sns()
                        .subscribe(r -> r.topicArn(topic)
                                .protocol("sqs")
                                .endpoint(queue)
                                .attributes(Map.of("RawMessageDelivery", "true"))));
        aws.call("list", () -> aws.sns().listSubscriptionsByTopic(r -> r.topicArn(topic)));
        aws.call("the topic counts it", () -> aws.sns().getTopicAttributes(r -> r.topicArn(topic)));
        aws.call("unsubscribe", () -> aws.sns().unsubscribe(r -> r.subscriptionArn(arn)));
        aws.call("unsubscribe again", () -> aws.sns().unsubscribe(r -> r.subscriptionArn(arn)));
        aws.call("attributes after that", () -> aws.sns().getSubscriptionAttributes(r -> r.subscriptionArn(arn)));
        aws.call("list after that", () -> aws.sns().listSubscriptionsByTopic(r -> r.topicArn(topic)));
        String second = aws.subscribe("subscribe anew", topic, aws.queue("orders-2"), Map.of());
        aws.call("delete the topic", () -> aws.sns().deleteTopic(r -> r.topicArn(topic)));
        aws.call(
                "set an attribute of one whose topic is gone",
                () -> aws.sns()
                        .setSubscriptionAttributes(r -> r.subscriptionArn(second + "-not")
                                .attributeName("RawMessageDelivery")
                                .attributeValue("true")));
        aws.call("unsubscribe from no ARN at all", () -> aws.sns().unsubscribe(r -> r.subscriptionArn("nothing")));
    }

    private static void refused(Session aws) {
        String topic = aws.topic("events");
        String queue = aws.arn(aws.queue("orders"));
        aws.call(
                "a topic that is not there",
                () -> aws.sns()
                        .subscribe(
                                r -> r.topicArn(topic + "-not").protocol("sqs").endpoint(queue)));
        aws.call(
                "a protocol that is none",
                () -> aws.sns()
                        .subscribe(r -> r.topicArn(topic).protocol("pigeon").endpoint(queue)));
        aws.call(
                "an endpoint that is no ARN",
                () -> aws.sns().subscribe(r -> r.topicArn(topic).protocol("sqs").endpoint("orders")));
        aws.call(
                "a topic as endpoint",
                () -> aws.sns().subscribe(r -> r.topicArn(topic).protocol("sqs").endpoint(topic)));
        aws.call("no endpoint", () -> aws.sns().subscribe(r -> r.topicArn(topic).protocol("sqs")));
        subscribing(aws, topic, queue, "an attribute that is none", Map.of("Colour", "blue"));
        subscribing(aws, topic, queue, "raw delivery maybe", Map.of("RawMessageDelivery", "maybe"));
        subscribing(
                aws,
                topic,
                queue,
                "a scope that is none",
                Map.of("FilterPolicy", "{\"a\":[\"b\"]}", "FilterPolicyScope", "Envelope"));
        subscribing(aws, topic, queue, "a policy that is no JSON", Map.of("FilterPolicy", "{"));
        aws.call("nothing was subscribed", () -> aws.sns().listSubscriptionsByTopic(r -> r.topicArn(topic)));
        aws.call(
                "attributes of no ARN at all",
                () -> aws.sns().getSubscriptionAttributes(r -> r.subscriptionArn("subscription")));
    }

    private static void subscribing(
            Session aws, String topic, String queue, String step, Map<String, String> attributes) {
        aws.call(
                step,
                () -> aws.sns()
                        .subscribe(r -> r.topicArn(topic)
                                .protocol("sqs")
                                .endpoint(queue)
                                .attributes(attributes)));
    }

    private static void attributes(Session aws) {
        String topic = aws.topic("events");
        String arn = aws.subscribe(
                "subscribe",
                topic,
                aws.queue("orders"),
                Map.of("RawMessageDelivery", "true", "FilterPolicy", "{\"event\":[\"signup\"]}"));
        aws.call("of a new subscription", () -> aws.sns().getSubscriptionAttributes(r -> r.subscriptionArn(arn)));
        set(aws, arn, "RawMessageDelivery", "false");
        set(aws, arn, "RawMessageDelivery", "TRUE");
        set(aws, arn, "RawMessageDelivery", "maybe");
        set(aws, arn, "FilterPolicyScope", "MessageBody");
        set(aws, arn, "FilterPolicyScope", "Envelope");
        set(aws, arn, "Colour", "blue");
        set(aws, arn, "FilterPolicy", "{\"event\":[\"login\"]}");
        aws.call("after these", () -> aws.sns().getSubscriptionAttributes(r -> r.subscriptionArn(arn)));
        set(aws, arn, "FilterPolicy", "{}");
        aws.call("without a policy", () -> aws.sns().getSubscriptionAttributes(r -> r.subscriptionArn(arn)));
    }

    private static void set(Session aws, String arn, String name, String value) {
        aws.call(
                "set " + name + " to " + value,
                () -> aws.sns()
                        .setSubscriptionAttributes(
                                r -> r.subscriptionArn(arn).attributeName(name).attributeValue(value)));
    }

    private static void redrive(Session aws) {
        String topic = aws.topic("events");
        String queueUrl = aws.queue("orders");
        String deadLettersUrl = aws.queue("orders-dead");
        String deadLetters = aws.arn(deadLettersUrl);
        String arn = aws.subscribe("subscribe", topic, queueUrl, Map.of());
        set(aws, arn, "RedrivePolicy", "no JSON");
        set(aws, arn, "RedrivePolicy", "{\"deadLetterTargetArn\":\"orders-dead\"}");
        aws.call(
                "set RedrivePolicy to a queue",
                () -> aws.sns()
                        .setSubscriptionAttributes(r -> r.subscriptionArn(arn)
                                .attributeName("RedrivePolicy")
                                .attributeValue("{\"deadLetterTargetArn\":\"" + deadLetters + "\"}")));
        aws.call("attributes", () -> aws.sns().getSubscriptionAttributes(r -> r.subscriptionArn(arn)));
        aws.call("delete the queue", () -> aws.sqs().deleteQueue(r -> r.queueUrl(queueUrl)));
        aws.call("publish", () -> aws.sns().publish(r -> r.topicArn(topic).message("m")));
        aws.receive("the dead-letter queue", deadLettersUrl, 1);
    }

    private static void kinds(Session aws) {
        String standard = aws.topic("events");
        String fifo = aws.topic("events.fifo", Map.of("FifoTopic", "true"));
        String standardQueue = aws.arn(aws.queue("orders"));
        String fifoQueue = aws.arn(aws.queue("orders.fifo", Map.of(QueueAttributeName.FIFO_QUEUE, "true")));
        subscribing(aws, standard, fifoQueue, "a FIFO queue to a standard topic", Map.of());
        subscribing(aws, fifo, fifoQueue, "a FIFO queue to a FIFO topic", Map.of());
        subscribing(aws, fifo, standardQueue, "a standard queue to a FIFO topic", Map.of());
        subscribing(aws, standard, standardQueue, "a standard queue to a standard topic", Map.of());
    }

    private static void confirm(Session aws) {
        String topic = aws.topic("events");
        aws.call(
                "with a token that is none",
                () -> aws.sns().confirmSubscription(r -> r.topicArn(topic).token("token")));
        aws.call(
                "of a topic that is not there",
                () -> aws.sns()
                        .confirmSubscription(r -> r.topicArn(topic + "-not").token("token")));
    }
}
