package io.github.eventfork.conformance.peers;

import static io.github.eventfork.conformance.peers.Session.attribute;
import static io.github.eventfork.conformance.peers.Session.string;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Publishing: what arrives, wrapped and raw, singly and in batches, in order; and what is refused. */
final class PublishScenarios {

    private static final Map<String, String> RAW = Map.of("RawMessageDelivery", "true");
    private static final Map<QueueAttributeName, String> FIFO = Map.of(QueueAttributeName.FIFO_QUEUE, "true");
    private static final Map<String, MessageAttributeValue> ARRAY =
            Map.of("tags", attribute("String.Array", "[\"a\",1,null]"));

    private PublishScenarios() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("an envelope", PublishScenarios::wrapped),
                new Scenario("raw delivery", PublishScenarios::raw),
                new Scenario("raw delivery of 11 attributes", PublishScenarios::elevenAttributes),
                new Scenario("messages that are refused", PublishScenarios::refused),
                new Scenario("message attributes that are refused", PublishScenarios::attributesRefused),
                new Scenario("a text for each protocol", PublishScenarios::structure),
                new Scenario("a batch", PublishScenarios::batch),
                new Scenario("batches that are refused", PublishScenarios::batchesRefused),
                new Scenario("a FIFO topic", PublishScenarios::fifo),
                new Scenario("a FIFO topic that deduplicates by content", PublishScenarios::byContent),
                new Scenario("ids of FIFO that are refused", PublishScenarios::fifoRefused),
                new Scenario("a message group on a standard topic", PublishScenarios::group),
                new Scenario("queues that are gone", PublishScenarios::queueGone));
    }

    private static Map<String, MessageAttributeValue> attributes() {
        Map<String, MessageAttributeValue> attributes = new TreeMap<>();
        attributes.put("event", string("signup"));
        attributes.put("count", attribute("Number", "1.50"));
        attributes.put("kind", attribute("String.kind", "x"));
        attributes.put(
                "bytes",
                MessageAttributeValue.builder()
                        .dataType("Binary")
                        .binaryValue(SdkBytes.fromByteArray(new byte[] {2, 3, 4}))
                        .build());
        return attributes;
    }

    private static void wrapped(Session aws) throws JsonProcessingException {
        String topic = aws.topic("events");
        String queue = aws.queue("orders");
        aws.subscribe("subscribe", topic, queue, Map.of());
        String id = aws.must(
                        "publish all",
                        () -> aws.sns()
                                .publish(r -> r.topicArn(topic)
                                        .subject("a \"subject\"")
                                        .message("{\"id\":\"é\\n\"}")
                                        .messageAttributes(attributes())))
                .messageId();
        List<Message> all = aws.receive("all that arrives", queue, 1);
        for (Message message : all) {
            ObjectMapper json = new ObjectMapper();
            JsonNode envelope = json.readTree(message.body());
            aws.fact("the envelope's keys, in order", String.join(", ", (Iterable<String>) envelope::fieldNames));
            aws.fact(
                    "it has the id that was answered",
                    envelope.path("MessageId").asText().equals(id));
            aws.fact(
                    "another id than the message in the queue",
                    !message.messageId().equals(id));
        }
        aws.call(
                "publish little", () -> aws.sns().publish(r -> r.topicArn(topic).message("m")));
        aws.receive("little that arrives", queue, 1);
        aws.call(
                "publish to it as a target",
                () -> aws.sns().publish(r -> r.targetArn(topic).message("m")));
        aws.receive("what arrives from it as a target", queue, 1);
    }

    private static void raw(Session aws) {
        String topic = aws.topic("events");
        String queue = aws.queue("orders");
        aws.subscribe("subscribe", topic, queue, RAW);
        aws.call(
                "publish all",
                () -> aws.sns()
                        .publish(r -> r.topicArn(topic)
                                .subject("a subject")
                                .message("{\"id\":\"é\\n\"}")
                                .messageAttributes(attributes())));
        aws.receive("all that arrives", queue, 1);
        aws.call(
                "publish an array",
                () -> aws.sns().publish(r -> r.topicArn(topic).message("array").messageAttributes(ARRAY)));
        aws.receive("with an array arrives", queue, 1);
    }

    private static void elevenAttributes(Session aws) {
        String topic = aws.topic("events");
        String queue = aws.queue("orders");
        aws.subscribe("subscribe", topic, queue, RAW);
        Map<String, MessageAttributeValue> eleven = new TreeMap<>();
        IntStream.rangeClosed(1, 11).forEach(i -> eleven.put("a" + i, string("x")));
        aws.call(
                "publish 11 attributes",
                () -> aws.sns().publish(r -> r.topicArn(topic).message("eleven").messageAttributes(eleven)));
        aws.bodies("with 11 attributes arrives", queue);
    }

    private static void refused(Session aws) {
        String topic = aws.topic("events");
        publish(aws, "an empty message", topic, "", null);
        publish(aws, "an empty subject", topic, "m", "");
        publish(aws, "a subject of 99 characters", topic, "m", "s".repeat(99));
        publish(aws, "a subject of 101 characters", topic, "m", "s".repeat(101));
        publish(aws, "a subject of two lines", topic, "m", "a\nb");
        publish(aws, "a subject that starts with a space", topic, "m", " a");
        publish(aws, "a message of 256 KiB", topic, "m".repeat(262_144), null);
        publish(aws, "a message of 256 KiB and a byte", topic, "m".repeat(262_145), null);
        publish(aws, "half as many of two bytes each", topic, "é".repeat(131_073), null);
        aws.call(
                "256 KiB with its attribute",
                () -> aws.sns()
                        .publish(r -> r.topicArn(topic)
                                .message("m".repeat(262_140))
                                .messageAttributes(Map.of("event", string("signup")))));
    }

    private static void publish(Session aws, String step, String topic, String message, @Nullable String subject) {
        aws.call(
                step,
                () -> aws.sns().publish(r -> r.topicArn(topic).message(message).subject(subject)));
    }

    private static void attributesRefused(Session aws) {
        String topic = aws.topic("events");
        publishWith(aws, topic, "an empty string", "a", attribute("String", ""));
        publishWith(
                aws,
                topic,
                "no value",
                "a",
                MessageAttributeValue.builder().dataType("String").build());
        publishWith(
                aws,
                topic,
                "no type",
                "a",
                MessageAttributeValue.builder().stringValue("x").build());
        publishWith(aws, topic, "a type that is none", "a", attribute("Text", "x"));
        publishWith(aws, topic, "a number that is none", "a", attribute("Number", "many"));
        publishWith(aws, topic, "an array that is none", "a", attribute("String.Array", "x"));
        publishWith(aws, topic, "a name with a space", "a b", string("x"));
        publishWith(aws, topic, "a name that starts with a dot", ".a", string("x"));
        publishWith(aws, topic, "a name that starts with AWS.", "AWS.a", string("x"));
    }

    private static void publishWith(Session aws, String topic, String step, String name, MessageAttributeValue value) {
        aws.call(
                step,
                () -> aws.sns().publish(r -> r.topicArn(topic).message("m").messageAttributes(Map.of(name, value))));
    }

    private static void structure(Session aws) {
        String topic = aws.topic("events");
        String queue = aws.queue("orders");
        aws.subscribe("subscribe", topic, queue, RAW);
        structured(aws, topic, "one for SQS", "{\"default\":\"d\",\"sqs\":\"for sqs\"}", "json");
        structured(aws, topic, "none for SQS", "{\"default\":\"d\",\"http\":\"h\"}", "json");
        structured(aws, topic, "no default", "{\"sqs\":\"s\"}", "json");
        structured(aws, topic, "a default that is no text", "{\"default\":{}}", "json");
        structured(aws, topic, "no JSON", "d", "json");
        structured(aws, topic, "a structure that is none", "{\"default\":\"d\"}", "xml");
        aws.bodies("what arrives", queue);
    }

    private static void structured(Session aws, String topic, String step, String message, String structure) {
        aws.call(
                step,
                () -> aws.sns().publish(r -> r.topicArn(topic).message(message).messageStructure(structure)));
    }

    private static PublishBatchRequestEntry entry(String id) {
        return PublishBatchRequestEntry.builder().id(id).message("m-" + id).build();
    }

    private static void batch(Session aws, String step, String topic, List<PublishBatchRequestEntry> entries) {
        aws.call(step, () -> aws.sns().publishBatch(r -> r.topicArn(topic).publishBatchRequestEntries(entries)));
    }

    private static void batch(Session aws) {
        String topic = aws.topic("events");
        String queue = aws.queue("orders");
        aws.subscribe("subscribe", topic, queue, RAW);
        batch(
                aws,
                "three",
                topic,
                List.of(
                        entry("a"),
                        entry("b").toBuilder().messageAttributes(attributes()).build(),
                        entry("c").toBuilder().subject("s").build()));
        aws.receive("what arrives", queue, 3);
        batch(
                aws,
                "ten",
                topic,
                IntStream.range(0, 10).mapToObj(i -> entry("e" + i)).toList());
        aws.bodies("what arrives of ten", queue);
    }

    private static void batchesRefused(Session aws) {
        String topic = aws.topic("events");
        String queue = aws.queue("orders");
        aws.subscribe("subscribe", topic, queue, RAW);
        batch(
                aws,
                "eleven",
                topic,
                IntStream.range(0, 11).mapToObj(i -> entry("e" + i)).toList());
        batch(aws, "an id twice", topic, List.of(entry("a"), entry("a")));
        batch(aws, "an id with a space", topic, List.of(entry("a b")));
        batch(aws, "an id of 81 characters", topic, List.of(entry("a".repeat(81))));
        batch(
                aws,
                "256 KiB in two and a byte",
                topic,
                List.of(
                        entry("a").toBuilder().message("m".repeat(200_000)).build(),
                        entry("b").toBuilder().message("m".repeat(62_145)).build()));
        batch(
                aws,
                "an empty message in one",
                topic,
                List.of(entry("a"), entry("b").toBuilder().message("").build()));
        batch(
                aws,
                "a bad attribute in one",
                topic,
                List.of(
                        entry("a"),
                        entry("b").toBuilder()
                                .messageAttributes(Map.of("a", attribute("Text", "x")))
                                .build()));
        batch(
                aws,
                "no default in one",
                topic,
                List.of(
                        entry("a"),
                        entry("b").toBuilder()
                                .messageStructure("json")
                                .message("{}")
                                .build()));
        batch(
                aws,
                "a deduplication id in one",
                topic,
                List.of(
                        entry("a"),
                        entry("b").toBuilder().messageDeduplicationId("d").build()));
        aws.bodies("what arrives", queue);
    }

    private static void fifo(Session aws) {
        String topic = aws.topic("events.fifo", Map.of("FifoTopic", "true"));
        String wrapped = aws.queue("wrapped.fifo", FIFO);
        String raw = aws.queue("raw.fifo", FIFO);
        String standard = aws.queue("standard");
        aws.subscribe("subscribe a FIFO queue", topic, wrapped, Map.of());
        aws.subscribe("subscribe a FIFO queue, raw", topic, raw, RAW);
        aws.subscribe("subscribe a standard queue", topic, standard, RAW);
        ordered(aws, "publish the first", topic, "m-1", "d-1");
        ordered(aws, "publish the second", topic, "m-2", "d-2");
        ordered(aws, "publish the second again", topic, "m-2 again", "d-2");
        aws.call(
                "publish a batch",
                () -> aws.sns()
                        .publishBatch(r -> r.topicArn(topic)
                                .publishBatchRequestEntries(List.of(entry("c").toBuilder()
                                        .messageGroupId("g")
                                        .messageDeduplicationId("d-3")
                                        .build()))));
        aws.receive("wrapped", wrapped, 3);
        aws.receive("raw", raw, 3);
        aws.receive("on the standard queue", standard, 3);
    }

    private static void ordered(Session aws, String step, String topic, String message, String deduplication) {
        aws.call(
                step,
                () -> aws.sns()
                        .publish(r -> r.topicArn(topic)
                                .message(message)
                                .messageGroupId("g")
                                .messageDeduplicationId(deduplication)));
    }

    private static void byContent(Session aws) {
        String topic = aws.topic("events.fifo", Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true"));
        String queue = aws.queue("orders.fifo", FIFO);
        aws.subscribe("subscribe", topic, queue, RAW);
        for (int i = 1; i <= 2; i++) {
            aws.call(
                    "publish for time " + i,
                    () -> aws.sns().publish(r -> r.topicArn(topic).message("m").messageGroupId("g")));
        }
        aws.call(
                "publish it in another group",
                () -> aws.sns().publish(r -> r.topicArn(topic).message("m").messageGroupId("h")));
        aws.call(
                "publish something else",
                () -> aws.sns().publish(r -> r.topicArn(topic).message("n").messageGroupId("g")));
        aws.receive("what arrives", queue, 2);
    }

    private static void fifoRefused(Session aws) {
        String topic = aws.topic("events.fifo", Map.of("FifoTopic", "true"));
        String standard = aws.topic("events");
        aws.call(
                "no group",
                () -> aws.sns().publish(r -> r.topicArn(topic).message("m").messageDeduplicationId("d")));
        aws.call(
                "no deduplication id",
                () -> aws.sns().publish(r -> r.topicArn(topic).message("m").messageGroupId("g")));
        aws.call(
                "no group in a batch",
                () -> aws.sns()
                        .publishBatch(r -> r.topicArn(topic)
                                .publishBatchRequestEntries(List.of(entry("a").toBuilder()
                                        .messageDeduplicationId("d")
                                        .build()))));
        aws.call(
                "a group of 129 characters",
                () -> aws.sns()
                        .publish(r -> r.topicArn(topic)
                                .message("m")
                                .messageDeduplicationId("d")
                                .messageGroupId("g".repeat(129))));
        aws.call(
                "a group with a space",
                () -> aws.sns()
                        .publish(r -> r.topicArn(topic)
                                .message("m")
                                .messageDeduplicationId("d")
                                .messageGroupId("g g")));
        aws.call(
                "a deduplication id on a standard topic",
                () -> aws.sns().publish(r -> r.topicArn(standard).message("m").messageDeduplicationId("d")));
    }

    private static void group(Session aws) {
        String topic = aws.topic("events");
        String queue = aws.queue("orders");
        aws.subscribe("subscribe", topic, queue, RAW);
        aws.call(
                "publish",
                () -> aws.sns().publish(r -> r.topicArn(topic).message("m").messageGroupId("tenant-1")));
        aws.receive("what arrives", queue, 1);
    }

    private static void queueGone(Session aws) {
        String topic = aws.topic("events");
        String gone = aws.queue("gone");
        String there = aws.queue("there");
        aws.subscribe("subscribe one", topic, gone, RAW);
        aws.subscribe("subscribe the other", topic, there, RAW);
        aws.call("delete one", () -> aws.sqs().deleteQueue(r -> r.queueUrl(gone)));
        aws.call("publish", () -> aws.sns().publish(r -> r.topicArn(topic).message("m")));
        aws.bodies("what arrives in the other", there);
    }
}
