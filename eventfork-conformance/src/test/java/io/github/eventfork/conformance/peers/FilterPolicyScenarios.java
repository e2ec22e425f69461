package io.github.eventfork.conformance.peers;

import static io.github.eventfork.conformance.peers.Session.attribute;
import static io.github.eventfork.conformance.peers.Session.string;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/** Filter policies: which are accepted, and which messages each lets through. */
final class FilterPolicyScenarios {

    private FilterPolicyScenarios() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("policies by attributes", aws -> acceptance(aws, "MessageAttributes", byAttributes())),
                new Scenario("policies by body", aws -> acceptance(aws, "MessageBody", byBody())),
                new Scenario("refusals when subscribing", FilterPolicyScenarios::refusedWhenSubscribing),
                new Scenario("what attributes let through", FilterPolicyScenarios::attributesLetThrough),
                new Scenario("what bodies let through", FilterPolicyScenarios::bodiesLetThrough));
    }

    private static List<String> byAttributes() {
        return List.of(
                "{\"a\":[\"x\"]}",
                "{\"a\":[100]}",
                "{\"a\":[true,false,null]}",
                "{\"a\":[{\"prefix\":\"x\"}]}",
                "{\"a\":[{\"suffix\":\"x\"}]}",
                "{\"a\":[{\"suffix\":1}]}",
                "{\"a\":[{\"equals-ignore-case\":\"X\"}]}",
                "{\"a\":[{\"anything-but\":[\"x\",\"y\"]}]}",
                "{\"a\":[{\"anything-but\":{\"prefix\":\"x\"}}]}",
                "{\"a\":[{\"anything-but\":{\"suffix\":\"x\"}}]}",
                "{\"a\":[{\"exists\":true}]}",
                "{\"a\":[{\"exists\":\"yes\"}]}",
                "{\"a\":[{\"numeric\":[\">\",0,\"<=\",10]}]}",
                "{\"a\":[{\"numeric\":[\">\",10,\"<\",0]}]}",
                "{\"a\":[{\"numeric\":[\">\",\"0\"]}]}",
                "{\"a\":[{\"numeric\":[\"!\",0]}]}",
                "{\"a\":[{\"numeric\":[\">\",0,\"<\",1,\"<\",2]}]}",
                "{\"a\":[{\"cidr\":\"10.0.0.0/24\"}]}",
                "{\"a\":[{\"cidr\":\"10.0.0.0\"}]}",
                "{\"a\":[{\"wildcard\":\"x*\"}]}",
                "{\"a\":[{\"near\":\"x\"}]}",
                "{\"a\":[{\"prefix\":\"x\",\"suffix\":\"y\"}]}",
                "{\"a\":[]}",
                "{\"a\":\"x\"}",
                "{\"a\":[[\"x\"]]}",
                "{\"a\":{\"b\":[\"x\"]}}",
                "{\"$or\":[{\"a\":[\"x\"]},{\"b\":[\"y\"]}]}",
                keys(5),
                keys(6),
                "[]");
    }

    private static List<String> byBody() {
        return List.of(
                "{\"a\":{\"b\":[\"x\"]}}",
                "{\"a\":{\"b\":{\"c\":[{\"exists\":false}]}}}",
                "{\"a\":{}}",
                keys(6),
                product(3, 7, 7),
                product(3, 5, 10));
    }

    private static String keys(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "\"k" + i + "\":[\"x\"]")
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** So many values for each of three keys. */
    private static String product(int first, int second, int third) {
        return "{\"a\":" + values(first) + ",\"b\":" + values(second) + ",\"c\":" + values(third) + "}";
    }

    private static String values(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"v" + i + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static void acceptance(Session aws, String scope, List<String> policies) {
        String topic = aws.topic("events");
        String arn = aws.subscribe(
                "subscribe",
                topic,
                aws.queue("orders"),
                Map.of("FilterPolicyScope", scope, "FilterPolicy", "{\"a\":[\"x\"]}"));
        for (String policy : policies) {
            aws.call(
                    "set " + policy,
                    () -> aws.sns()
                            .setSubscriptionAttributes(r -> r.subscriptionArn(arn)
                                    .attributeName("FilterPolicy")
                                    .attributeValue(policy)));
        }
    }

    private static void refusedWhenSubscribing(Session aws) {
        String topic = aws.topic("events");
        String queue = aws.arn(aws.queue("orders"));
        for (String policy : List.of("{\"a\":[]}", keys(6), "{\"a\":{\"b\":[\"x\"]}}", "{\"a\":[{\"near\":\"x\"}]}")) {
            aws.call(
                    "with " + policy,
                    () -> aws.sns()
                            .subscribe(r -> r.topicArn(topic)
                                    .protocol("sqs")
                                    .endpoint(queue)
                                    .attributes(Map.of("FilterPolicy", policy))));
        }
    }

    private static void attributesLetThrough(Session aws) {
        String topic = aws.topic("events");
        Map<String, String> queues = new LinkedHashMap<>();
        for (String policy : List.of(
                "{\"event\":[\"signup\"]}",
                "{\"event\":[\"signup\",\"login\"],\"plan\":[{\"exists\":false}]}",
                "{\"event\":[{\"anything-but\":\"signup\"}]}",
                "{\"event\":[{\"prefix\":\"sign\"}]}",
                "{\"event\":[{\"suffix\":\"in\"}]}",
                "{\"event\":[{\"equals-ignore-case\":\"SIGNUP\"}]}",
                "{\"age\":[{\"numeric\":[\">=\",18,\"<\",65]}]}",
                "{\"age\":[18]}",
                "{\"age\":[\"18\"]}",
                "{\"sports\":[\"rugby\"]}",
                "{\"sports\":[{\"anything-but\":[\"rugby\"]}]}",
                "{\"sports\":[{\"prefix\":\"rug\"}]}",
                "{\"ip\":[{\"cidr\":\"10.0.0.0/24\"}]}",
                "{\"$or\":[{\"event\":[\"login\"]},{\"age\":[18]}]}")) {
            String queue = aws.queue("q" + queues.size());
            queues.put(policy, queue);
            aws.call(
                    "subscribe with " + policy,
                    () -> aws.sns()
                            .subscribe(r -> r.topicArn(topic)
                                    .protocol("sqs")
                                    .endpoint(aws.arn(queue))
                                    .attributes(raw("FilterPolicy", policy))));
        }
        publish(aws, topic, "no attributes", Map.of());
        publish(aws, topic, "signup", Map.of("event", string("signup")));
        publish(aws, topic, "SIGNUP", Map.of("event", string("SIGNUP")));
        publish(aws, topic, "login of a plan", Map.of("event", string("login"), "plan", string("pro")));
        publish(aws, topic, "age 18", Map.of("age", attribute("Number", "18")));
        publish(aws, topic, "age 18.0", Map.of("age", attribute("Number", "18.0")));
        publish(aws, topic, "age 65", Map.of("age", attribute("Number", "65")));
        publish(aws, topic, "age 18 as text", Map.of("age", string("18")));
        publish(aws, topic, "two sports", Map.of("sports", attribute("String.Array", "[\"rugby\",\"baseball\"]")));
        publish(aws, topic, "an address", Map.of("ip", string("10.0.0.7")));
        publish(aws, topic, "another address", Map.of("ip", string("10.0.1.7")));
        queues.forEach((policy, queue) -> aws.bodies("let through by " + policy, queue));
    }

    private static void publish(
            Session aws, String topic, String message, Map<String, MessageAttributeValue> attributes) {
        aws.call(
                "publish " + message,
                () -> aws.sns().publish(r -> r.topicArn(topic).message(message).messageAttributes(attributes)));
    }

    private static void bodiesLetThrough(Session aws) {
        String topic = aws.topic("events");
        Map<String, String> queues = new LinkedHashMap<>();
        for (String policy : List.of(
                "{\"event\":[\"signup\"]}",
                "{\"user\":{\"plan\":[{\"anything-but\":[\"free\"]}]}}",
                "{\"user\":{\"age\":[{\"numeric\":[\">=\",18]}]}}",
                "{\"items\":{\"sku\":[\"a\"],\"count\":[2]}}",
                "{\"user.plan\":[\"pro\"]}",
                "{\"gone\":[{\"exists\":false}]}",
                "{\"nothing\":[null]}")) {
            String queue = aws.queue("q" + queues.size());
            queues.put(policy, queue);
            aws.call(
                    "subscribe with " + policy,
                    () -> aws.sns()
                            .subscribe(r -> r.topicArn(topic)
                                    .protocol("sqs")
                                    .endpoint(aws.arn(queue))
                                    .attributes(raw("FilterPolicyScope", "MessageBody", "FilterPolicy", policy))));
        }
        for (String body : List.of(
                "{\"event\":\"signup\"}",
                "{\"event\":[\"login\",\"signup\"]}",
                "{\"user\":{\"plan\":\"free\",\"age\":18}}",
                "{\"user\":{\"plan\":\"pro\",\"age\":17.5}}",
                "{\"items\":[{\"sku\":\"a\",\"count\":1},{\"sku\":\"b\",\"count\":2}]}",
                "{\"items\":[{\"sku\":\"a\",\"count\":2}]}",
                "{\"nothing\":null}",
                "signup",
                "[1]",
                "\"signup\"")) {
            publish(aws, topic, body, Map.of("event", string("signup")));
        }
        queues.forEach((policy, queue) -> aws.bodies("let through by " + policy, queue));
    }

    /** Raw delivery and these, in this order: moto sets one after the other, up to the first that it refuses. */
    private static Map<String, String> raw(String... attributes) {
        Map<String, String> ordered = new LinkedHashMap<>(Map.of("RawMessageDelivery", "true"));
        for (int i = 0; i < attributes.length; i += 2) {
            ordered.put(attributes[i], attributes[i + 1]);
        }
        return ordered;
    }
}
