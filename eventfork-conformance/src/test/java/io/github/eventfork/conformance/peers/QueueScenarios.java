package io.github.eventfork.conformance.peers;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** SQS as consumers meet it: queues, receipts, visibility, batches, dead letters, order. */
final class QueueScenarios {

    private static final Map<QueueAttributeName, String> FIFO = Map.of(QueueAttributeName.FIFO_QUEUE, "true");
    private static final Map<QueueAttributeName, String> SHORT = Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1");

    private QueueScenarios() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("queues", QueueScenarios::queues),
                new Scenario("queue attributes", QueueScenarios::attributes),
                new Scenario("queue tags", QueueScenarios::tags),
                new Scenario("what is received", QueueScenarios::received),
                new Scenario("sends that are refused", QueueScenarios::sendsRefused),
                new Scenario("receives that are refused", QueueScenarios::receivesRefused),
                new Scenario("receipts of a message that is deleted", QueueScenarios::deleted),
                new Scenario("receipts that have expired", QueueScenarios::expired),
                new Scenario("visibility", QueueScenarios::visibility),
                new Scenario("batches", QueueScenarios::batches),
                new Scenario("a batch of which some fail", QueueScenarios::partial),
                new Scenario("dead letters", QueueScenarios::deadLetters),
                new Scenario("order in a FIFO queue", QueueScenarios::fifo),
                new Scenario("FIFO sends that are refused", QueueScenarios::fifoRefused),
                new Scenario("FIFO receipts that have expired", QueueScenarios::fifoExpired),
                new Scenario("moving dead letters back", QueueScenarios::moving));
    }

    private static void queues(Session aws) {
        String url = aws.queue("orders");
        aws.call("the same again", () -> aws.sqs().createQueue(r -> r.queueName(aws.name("orders"))));
        aws.call(
                "again with another attribute",
                () -> aws.sqs().createQueue(r -> r.queueName(aws.name("orders")).attributes(SHORT)));
        aws.call("get its URL", () -> aws.sqs().getQueueUrl(r -> r.queueName(aws.name("orders"))));
        aws.call("list by prefix", () -> aws.sqs().listQueues(r -> r.queueNamePrefix(aws.name("orders"))));
        aws.call("a name with a dot", () -> aws.sqs().createQueue(r -> r.queueName(aws.name("a.b"))));
        aws.call("a name of 81 characters", () -> aws.sqs().createQueue(r -> r.queueName(aws.name("x".repeat(72)))));
        aws.call(
                "FIFO without .fifo",
                () -> aws.sqs().createQueue(r -> r.queueName(aws.name("b")).attributes(FIFO)));
        aws.call(".fifo without FIFO", () -> aws.sqs().createQueue(r -> r.queueName(aws.name("b.fifo"))));
        aws.call("get the URL of none", () -> aws.sqs().getQueueUrl(r -> r.queueName(aws.name("none"))));
        aws.call("receive from none", () -> aws.sqs().receiveMessage(r -> r.queueUrl(url + "-none")));
        aws.call(
                "send to none",
                () -> aws.sqs().sendMessage(r -> r.queueUrl(url + "-none").messageBody("m")));
        aws.call("delete", () -> aws.sqs().deleteQueue(r -> r.queueUrl(url)));
        aws.call(
                "send after that",
                () -> aws.sqs().sendMessage(r -> r.queueUrl(url).messageBody("m")));
    }

    private static void attributes(Session aws) {
        String url = aws.queue("orders");
        aws.call(
                "all of a new queue",
                () -> aws.sqs().getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL)));
        aws.call(
                "one that is none",
                () -> aws.sqs().getQueueAttributes(r -> r.queueUrl(url).attributeNamesWithStrings("Colour")));
        set(aws, url, QueueAttributeName.VISIBILITY_TIMEOUT, "43200");
        set(aws, url, QueueAttributeName.VISIBILITY_TIMEOUT, "43201");
        set(aws, url, QueueAttributeName.VISIBILITY_TIMEOUT, "long");
        set(aws, url, QueueAttributeName.DELAY_SECONDS, "901");
        set(aws, url, QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "21");
        set(aws, url, QueueAttributeName.MESSAGE_RETENTION_PERIOD, "59");
        set(aws, url, QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1048577");
        set(aws, url, QueueAttributeName.REDRIVE_POLICY, "no JSON");
        set(aws, url, QueueAttributeName.REDRIVE_POLICY, "{\"maxReceiveCount\":3}");
        aws.call(
                "of a queue that is not there",
                () -> aws.sqs()
                        .getQueueAttributes(r -> r.queueUrl(url + "-not").attributeNames(QueueAttributeName.ALL)));
        aws.call(
                "one at creation that is none",
                () -> aws.sqs()
                        .createQueue(r -> r.queueName(aws.name("b")).attributesWithStrings(Map.of("Colour", "blue"))));
    }

    private static void set(Session aws, String url, QueueAttributeName name, String value) {
        aws.call(
                "set " + name + " to " + value,
                () -> aws.sqs().setQueueAttributes(r -> r.queueUrl(url).attributes(Map.of(name, value))));
    }

    private static void tags(Session aws) {
        String url = aws.queue("orders");
        aws.call("tag", () -> aws.sqs().tagQueue(r -> r.queueUrl(url).tags(Map.of("team", "growth", "b", ""))));
        aws.call("untag", () -> aws.sqs().untagQueue(r -> r.queueUrl(url).tagKeys("b", "none")));
        aws.call("list", () -> aws.sqs().listQueueTags(r -> r.queueUrl(url)));
        aws.call("of a queue that is not there", () -> aws.sqs().listQueueTags(r -> r.queueUrl(url + "-not")));
    }

    private static MessageAttributeValue attribute(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }

    @SuppressWarnings("deprecation") // SQS takes the older names of a request still
    private static void received(Session aws) {
        String url = aws.queue("orders");
        aws.call("receive nothing", () -> aws.sqs().receiveMessage(r -> r.queueUrl(url)));
        aws.call(
                "send",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url)
                                .messageBody("{\"a\":\"é\"}")
                                .messageGroupId("tenant-1")
                                .messageAttributes(Map.of(
                                        "event", attribute("String", "signup"), "n", attribute("Number", "1.50")))
                                .messageSystemAttributes(Map.of(
                                        MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                                        MessageSystemAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
                                                .build()))));
        aws.receive("asking for all", url, 1);
        aws.call(
                "send to see little",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url)
                                .messageBody("m")
                                .messageAttributes(Map.of(
                                        "event", attribute("String", "signup"), "bar.a", attribute("String", "x")))));
        Message little = Session.first(aws.must(
                        "asking for nothing",
                        () -> aws.sqs().receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(5)))
                .messages());
        back(aws, url, little, "back");
        Message some = Session.first(aws.must(
                        "asking for some",
                        () -> aws.sqs()
                                .receiveMessage(r -> r.queueUrl(url)
                                        .waitTimeSeconds(5)
                                        .messageAttributeNames("bar.*")
                                        .messageSystemAttributeNamesWithStrings("ApproximateReceiveCount")))
                .messages());
        back(aws, url, some, "back once more");
        aws.call(
                "asking as it was done before",
                () -> aws.sqs()
                        .receiveMessage(r -> r.queueUrl(url)
                                .waitTimeSeconds(5)
                                .attributeNamesWithStrings("ApproximateReceiveCount", "SentTimestamp")));
        aws.call("purge", () -> aws.sqs().purgeQueue(r -> r.queueUrl(url)));
    }

    private static void back(Session aws, String url, Message message, String step) {
        aws.call(
                step,
                () -> aws.sqs()
                        .changeMessageVisibility(r -> r.queueUrl(url)
                                .receiptHandle(message.receiptHandle())
                                .visibilityTimeout(0)));
    }

    private static void sendsRefused(Session aws) {
        String url = aws.queue("orders");
        send(aws, url, "an empty body", "");
        send(aws, url, "a control character", "a\u0001b");
        send(aws, url, "tab and line feed", "a\t\nb");
        send(aws, url, "1 MiB", "m".repeat(1_048_576));
        send(aws, url, "1 MiB and a byte", "m".repeat(1_048_577));
        send(aws, url, "half as many of two bytes each", "é".repeat(524_289));
        aws.call(
                "a delay of 901 s",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url).messageBody("m").delaySeconds(901)));
        aws.call(
                "a deduplication id",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url).messageBody("m").messageDeduplicationId("d")));
        aws.call(
                "an attribute of a type that is none",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url)
                                .messageBody("m")
                                .messageAttributes(Map.of("a", attribute("Text", "x")))));
        aws.call(
                "an empty attribute",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url)
                                .messageBody("m")
                                .messageAttributes(Map.of("a", attribute("String", "")))));
        aws.call(
                "eleven attributes",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url)
                                .messageBody("m")
                                .messageAttributes(IntStream.rangeClosed(1, 11)
                                        .boxed()
                                        .collect(Collectors.toMap(i -> "a" + i, i -> attribute("String", "x"))))));
    }

    private static void send(Session aws, String url, String step, String body) {
        aws.call(step, () -> aws.sqs().sendMessage(r -> r.queueUrl(url).messageBody(body)));
    }

    private static void receivesRefused(Session aws) {
        String url = aws.queue("orders");
        aws.call(
                "none at most",
                () -> aws.sqs().receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(0)));
        aws.call(
                "11 at most",
                () -> aws.sqs().receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(11)));
        aws.call(
                "waiting 21 s",
                () -> aws.sqs().receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(21)));
        aws.call(
                "hidden for 43201 s",
                () -> aws.sqs().receiveMessage(r -> r.queueUrl(url).visibilityTimeout(43_201)));
        aws.call(
                "an attribute that is none",
                () -> aws.sqs().receiveMessage(r -> r.queueUrl(url).messageSystemAttributeNamesWithStrings("Colour")));
    }

    private static void deleted(Session aws) {
        String url = aws.queue("orders");
        send(aws, url, "send", "m");
        String receipt = aws.one("receive", url).receiptHandle();
        delete(aws, url, "delete", receipt);
        delete(aws, url, "delete again", receipt);
        hide(aws, url, "hide what is deleted", receipt, 10);
        delete(aws, url, "delete with a receipt that is none", "receipt");
        hide(aws, url, "hide with a receipt that is none", "receipt", 10);
    }

    private static void delete(Session aws, String url, String step, String receipt) {
        aws.call(step, () -> aws.sqs().deleteMessage(r -> r.queueUrl(url).receiptHandle(receipt)));
    }

    private static void hide(Session aws, String url, String step, String receipt, int seconds) {
        aws.call(
                step,
                () -> aws.sqs()
                        .changeMessageVisibility(
                                r -> r.queueUrl(url).receiptHandle(receipt).visibilityTimeout(seconds)));
    }

    private static void expired(Session aws) {
        String url = aws.queue("orders", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "30"));
        send(aws, url, "send", "m");
        String first = aws.one("receive", url).receiptHandle();
        hide(aws, url, "let it expire", first, 0);
        hide(aws, url, "hide after expiry", first, 30);
        hide(aws, url, "let it expire again", first, 0);
        String second = aws.one("receive again", url).receiptHandle();
        aws.fact("the receipts differ", !first.equals(second));
        delete(aws, url, "delete with the older receipt", first);
        hide(aws, url, "let the newer expire", second, 0);
        delete(aws, url, "delete after expiry", second);
        aws.bodies("what is left", url);
    }

    private static void visibility(Session aws) {
        String url = aws.queue("orders", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "30"));
        send(aws, url, "send", "m");
        String receipt = aws.one("receive", url).receiptHandle();
        hide(aws, url, "for 43201 s", receipt, 43_201);
        hide(aws, url, "for -1 s", receipt, -1);
        hide(aws, url, "for 43200 s in all", receipt, 43_200);
        hide(aws, url, "for 0 s", receipt, 0);
        aws.receive("it is back", url, 1);
        aws.call(
                "counts",
                () -> aws.sqs()
                        .getQueueAttributes(r -> r.queueUrl(url)
                                .attributeNames(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)));
        aws.call(
                "a delayed one",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url).messageBody("late").delaySeconds(600)));
        aws.bodies("the delayed one is not there", url);
    }

    private static SendMessageBatchRequestEntry entry(String id, String body) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
    }

    private static void sendAll(Session aws, String url, String step, List<SendMessageBatchRequestEntry> entries) {
        aws.call(step, () -> aws.sqs().sendMessageBatch(r -> r.queueUrl(url).entries(entries)));
    }

    private static void batches(Session aws) {
        String url = aws.queue("orders");
        sendAll(aws, url, "send none", List.of());
        sendAll(
                aws,
                url,
                "send 11",
                IntStream.range(0, 11).mapToObj(i -> entry("e" + i, "m")).toList());
        sendAll(aws, url, "an id twice", List.of(entry("a", "m"), entry("a", "n")));
        sendAll(aws, url, "an id with a space", List.of(entry("a b", "m")));
        sendAll(aws, url, "an id of 81 characters", List.of(entry("a".repeat(81), "m")));
        sendAll(aws, url, "an empty id", List.of(entry("", "m")));
        sendAll(
                aws,
                url,
                "1 MiB in two and a byte",
                List.of(entry("a", "m".repeat(600_000)), entry("b", "m".repeat(448_577))));
        aws.call(
                "delete none",
                () -> aws.sqs().deleteMessageBatch(r -> r.queueUrl(url).entries(List.of())));
        aws.call(
                "hide none",
                () -> aws.sqs()
                        .changeMessageVisibilityBatch(r -> r.queueUrl(url).entries(List.of())));
        aws.call(
                "delete an id twice",
                () -> aws.sqs()
                        .deleteMessageBatch(r -> r.queueUrl(url).entries(deletion("a", "r"), deletion("a", "s"))));
        aws.call(
                "of a queue that is not there",
                () -> aws.sqs().deleteMessageBatch(r -> r.queueUrl(url + "-not").entries(deletion("a", "r"))));
    }

    private static DeleteMessageBatchRequestEntry deletion(String id, String receipt) {
        return DeleteMessageBatchRequestEntry.builder()
                .id(id)
                .receiptHandle(receipt)
                .build();
    }

    private static ChangeMessageVisibilityBatchRequestEntry change(String id, String receipt, int seconds) {
        return ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(id)
                .receiptHandle(receipt)
                .visibilityTimeout(seconds)
                .build();
    }

    private static void partial(Session aws) {
        String url = aws.queue("orders");
        sendAll(aws, url, "send one that may not be", List.of(entry("a", "a"), entry("b", ""), entry("c", "c\u0001")));
        sendAll(aws, url, "send two", List.of(entry("a", "m-1"), entry("b", "m-2")));
        List<Message> messages = aws.receive("receive", url, 3);
        String receipt = Session.first(messages).receiptHandle();
        aws.call(
                "hide one of two",
                () -> aws.sqs()
                        .changeMessageVisibilityBatch(
                                r -> r.queueUrl(url).entries(change("a", receipt, 30), change("b", "none", 30))));
        aws.call(
                "hide one too long",
                () -> aws.sqs()
                        .changeMessageVisibilityBatch(r -> r.queueUrl(url).entries(change("a", receipt, 43_201))));
        aws.call(
                "delete one of two",
                () -> aws.sqs()
                        .deleteMessageBatch(
                                r -> r.queueUrl(url).entries(deletion("a", receipt), deletion("b", "none"))));
        aws.call(
                "hide what is deleted",
                () -> aws.sqs()
                        .changeMessageVisibilityBatch(r -> r.queueUrl(url).entries(change("a", receipt, 30))));
    }

    private static void deadLetters(Session aws) {
        String deadUrl = aws.queue("orders-dead");
        String dead = aws.arn(deadUrl);
        String url = aws.queue(
                "orders",
                Map.of(
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"" + dead + "\",\"maxReceiveCount\":2}"));
        send(aws, url, "send", "m");
        String id = "";
        for (int i = 1; i <= 2; i++) {
            Message message = aws.one("receive " + i, url);
            back(aws, url, message, "back " + i);
            id = message.messageId();
        }
        aws.bodies("receive it no more", url);
        List<Message> letters = aws.receive("the dead letter", deadUrl, 1);
        aws.fact("it has the id that it had", Session.first(letters).messageId().equals(id));
        aws.call("its sources", () -> aws.sqs().listDeadLetterSourceQueues(r -> r.queueUrl(deadUrl)));
        aws.call(
                "attributes",
                () -> aws.sqs()
                        .getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.REDRIVE_POLICY)));
        aws.call(
                "a dead-letter queue that is not there",
                () -> aws.sqs()
                        .createQueue(r -> r.queueName(aws.name("others"))
                                .attributes(Map.of(
                                        QueueAttributeName.REDRIVE_POLICY,
                                        "{\"deadLetterTargetArn\":\"" + dead + "-not\",\"maxReceiveCount\":2}"))));
        aws.call(
                "a count of 0",
                () -> aws.sqs()
                        .setQueueAttributes(r -> r.queueUrl(url)
                                .attributes(Map.of(
                                        QueueAttributeName.REDRIVE_POLICY,
                                        "{\"deadLetterTargetArn\":\"" + dead + "\",\"maxReceiveCount\":0}"))));
    }

    private static void sendInOrder(Session aws, String url, String step, String group, String body) {
        aws.call(
                step,
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url)
                                .messageBody(body)
                                .messageGroupId(group)
                                .messageDeduplicationId(body)));
    }

    private static void fifo(Session aws) {
        String url = aws.queue("orders.fifo", FIFO);
        sendInOrder(aws, url, "the first of g", "g", "g-1");
        sendInOrder(aws, url, "the second of g", "g", "g-2");
        sendInOrder(aws, url, "the second of g again", "g", "g-2");
        sendInOrder(aws, url, "the first of h", "h", "h-1");
        Message first = Session.first(aws.must(
                        "receive one",
                        () -> aws.sqs()
                                .receiveMessage(r -> r.queueUrl(url)
                                        .waitTimeSeconds(5)
                                        .maxNumberOfMessages(1)
                                        .messageSystemAttributeNamesWithStrings("All")))
                .messages());
        List<String> others = aws.bodies("its group is blocked", url);
        aws.fact("so many of others", others.size());
        delete(aws, url, "delete the first", first.receiptHandle());
        aws.receive("the next of its group", url, 1);
        aws.call(
                "a delay of its own",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url)
                                .messageBody("m")
                                .messageGroupId("g")
                                .messageDeduplicationId("late")
                                .delaySeconds(5)));
    }

    private static void fifoRefused(Session aws) {
        String url = aws.queue("orders.fifo", FIFO);
        aws.call(
                "no group",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url).messageBody("m").messageDeduplicationId("d")));
        aws.call(
                "no deduplication id",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url).messageBody("m").messageGroupId("g")));
        aws.call(
                "a group with a space",
                () -> aws.sqs()
                        .sendMessage(r -> r.queueUrl(url)
                                .messageBody("m")
                                .messageGroupId("g g")
                                .messageDeduplicationId("d")));
        aws.call(
                "no group in one of a batch",
                () -> aws.sqs()
                        .sendMessageBatch(r -> r.queueUrl(url)
                                .entries(entry("a", "m").toBuilder()
                                        .messageDeduplicationId("d")
                                        .build())));
    }

    private static void fifoExpired(Session aws) {
        String url = aws.queue("orders.fifo", FIFO);
        sendInOrder(aws, url, "send", "g", "m");
        String first = aws.one("receive", url).receiptHandle();
        hide(aws, url, "let it expire", first, 0);
        aws.receive("receive again", url, 1);
        delete(aws, url, "delete with the older receipt", first);
    }

    private static void moving(Session aws) {
        String deadUrl = aws.queue("orders-dead");
        String dead = aws.arn(deadUrl);
        String url = aws.queue("orders");
        String source = aws.arn(url);
        aws.call(
                "from a queue that is nobody's dead-letter queue",
                () -> aws.sqs().startMessageMoveTask(r -> r.sourceArn(source)));
        aws.call(
                "from a queue that is not there",
                () -> aws.sqs().startMessageMoveTask(r -> r.sourceArn(dead + "-not")));
        aws.call("list none", () -> aws.sqs().listMessageMoveTasks(r -> r.sourceArn(dead)));
    }
}
