package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.local.LocalClients.Queue;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class SpyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final LocalClients AWS = new LocalClients();
    private static final Spy SPY = AWS.local.spy();

    @AfterAll
    static void close() {
        AWS.close();
    }

    @Test
    void one_may_wait_for_ever_for_what_comes() {
        AWS.publish(AWS.topic(), request -> request.message("ada"));

        SPY.await(ChronoUnit.FOREVER.getDuration(), spy -> !spy.published().isEmpty());

        assertThat(SPY.published()).isNotEmpty();
    }

    @Test
    void what_is_published_is_told_with_what_each_subscription_said() {
        // given one queue that wants signups, one that wants large ones, and one that wants anything
        String topic = AWS.topic();
        Queue signups = AWS.subscribed(topic, Map.of("FilterPolicy", "{\"event\":[\"signup\"]}"));
        Queue large = AWS.subscribed(topic, Map.of("FilterPolicy", "{\"size\":[{\"numeric\":[\">\",3]}]}"));
        Queue all = AWS.subscribed(topic, Map.of());

        // when the size is no number, though it looks like one
        Instant before = Instant.now().minusMillis(1);
        String id = AWS.publish(
                topic,
                request -> request.message("ada")
                        .subject("hello")
                        .messageAttributes(Map.of("event", sns("String", "signup"), "size", sns("String", "5"))));

        // then
        Published published = published(id);
        assertThat(published.topicArn()).isEqualTo(topic);
        assertThat(published.message()).isEqualTo("ada");
        assertThat(published.subject()).contains("hello");
        assertThat(published.attributes())
                .isEqualTo(Map.of("event", Attribute.text("signup"), "size", Attribute.text("5")));
        assertThat(published.publishedAt()).isBetween(before, Instant.now());
        assertThat(decision(published, signups).taken()).isTrue();
        assertThat(decision(published, all).taken()).isTrue();
        assertThat(decision(published, large).taken()).isFalse();
        assertThat(decision(published, large).refusedBy()).contains("size");
        assertThat(published.decisions())
                .allMatch(decision -> decision.undelivered().isEmpty());
        assertThat(published.decisionOf("no-such-queue")).isEmpty();
    }

    @Test
    void what_nobody_subscribed_to_is_told_too() {
        String id = AWS.publish(AWS.topic(), request -> request.message("nobody listens"));

        assertThat(published(id).decisions()).isEmpty();
    }

    @Test
    void a_copy_that_could_not_be_delivered_says_why() {
        // given
        String topic = AWS.topic();
        Queue gone = AWS.subscribed(topic, Map.of());
        Queue there = AWS.subscribed(topic, Map.of());
        AWS.sqs.deleteQueue(request -> request.queueUrl(gone.url()));

        // when
        String id = AWS.publish(topic, request -> request.message("m"));

        // then
        assertThat(decision(published(id), gone).taken()).isTrue();
        assertThat(decision(published(id), gone).undelivered())
                .hasValueSatisfying(reason -> assertThat(reason).isEqualTo("QueueDoesNotExist"));
        assertThat(decision(published(id), there).undelivered()).isEmpty();
    }

    @Test
    void what_is_told_to_be_published_stands_in_its_queue() {
        // given a message whose copy is not sent yet
        Topics topics = new Topics();
        Subscriptions subscriptions = new Subscriptions(topics);
        Topic topic = new Topic(Account.LOCAL.topicArn("t"), Map.of(), Map.of());
        topics.create(topic, Map.of());
        subscriptions.subscribe(topic.arn(), "arn:aws:sqs:us-east-1:000000000000:q", Map.of());
        PublishedLog log = new PublishedLog(10, new Changes());
        List<Integer> toldBefore = new ArrayList<>();
        CopySender sender = copies -> {
            toldBefore.add(log.all().size());
            return List.of();
        };

        // when
        SnsMessage message = message("id", "text");
        new FanOut(subscriptions, new EnvelopeWriter(Account.LOCAL, URI.create("http://localhost")), sender, log)
                .deliver(topic, List.of(message));

        // then
        assertThat(toldBefore).containsExactly(0);
        assertThat(log.all()).extracting(Published::messageId).containsExactly("id");
    }

    @Test
    void of_long_messages_fewer_are_kept() {
        // given messages of which 32 are 64 MB in memory, of two bytes a character
        Topic topic = new Topic(Account.LOCAL.topicArn("t"), Map.of(), Map.of());
        PublishedLog log = new PublishedLog(100, new Changes());
        String text = "x".repeat(PublishedLog.MOST_CHARS / 32);

        // when
        for (int i = 0; i < 40; i++) {
            log.published(topic, message("id" + i, text), List.of());
        }

        // then
        assertThat(log.all())
                .hasSize(32)
                .first()
                .extracting(Published::messageId)
                .isEqualTo("id8");
    }

    private static SnsMessage message(String id, String text) {
        return new SnsMessage(
                id,
                text,
                false,
                Optional.empty(),
                new MessageAttributes(List.of(), "{}"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH);
    }

    @Test
    void only_the_last_ones_are_kept() {
        try (LocalAws local = LocalAws.builder().publishedKept(2).start();
                SnsClient sns = LocalClients.sns(local)) {
            String topic = sns.createTopic(request -> request.name("kept")).topicArn();

            for (String text : List.of("1", "2", "3")) {
                sns.publish(request -> request.topicArn(topic).message(text));
            }

            assertThat(local.spy().published()).extracting(Published::message).containsExactly("2", "3");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalAws.builder().publishedKept(-1))
                .withMessage("published messages kept must be 0 or more, was -1");
    }

    @Test
    void a_queue_is_seen_without_receiving_from_it() {
        // given
        Queue queue = AWS.queue();
        Instant before = Instant.now().minusMillis(1);
        String id = AWS.sqs
                .sendMessage(request -> request.queueUrl(queue.url())
                        .messageBody("body")
                        .messageGroupId("tenant")
                        .messageAttributes(Map.of(
                                "text", sqs("String", "t"),
                                "number", sqs("Number.int", "7"),
                                "bytes",
                                        software.amazon.awssdk.services.sqs.model.MessageAttributeValue.builder()
                                                .dataType("Binary")
                                                .binaryValue(SdkBytes.fromUtf8String("raw"))
                                                .build())))
                .messageId();

        // when it is looked at twice
        List<Standing> first = SPY.queue(name(queue));
        List<Standing> second = SPY.queue(name(queue));

        // then nothing has happened to it
        assertThat(second).isEqualTo(first);
        Instant sentAt = first.get(0).sentAt();
        assertThat(sentAt).isBetween(before, Instant.now());
        assertThat(first)
                .containsExactly(new Standing(
                        id,
                        "body",
                        Map.of(
                                "text", Attribute.text("t"),
                                "number", new Attribute("Number.int", "7"),
                                "bytes",
                                        new Attribute(
                                                "Binary", Base64.getEncoder().encodeToString("raw".getBytes(UTF_8)))),
                        Optional.of("tenant"),
                        0,
                        sentAt,
                        Optional.empty(),
                        Optional.empty()));
        assertThat(first.get(0).visible()).isTrue();
    }

    @Test
    void what_is_received_is_hidden_and_counted_until_it_is_given_back_or_deleted() {
        // given
        Queue queue = AWS.queue();
        send(queue, "m");

        // when received, then it is hidden
        Instant before = Instant.now();
        Message message = receive(queue).get(0);
        assertThat(only(queue).receiveCount()).isEqualTo(1);
        assertThat(only(queue).visible()).isFalse();
        assertThat(only(queue).hiddenUntil().orElseThrow())
                .isBetween(before.plusSeconds(29), Instant.now().plusSeconds(30));

        // when given back, then it is visible
        AWS.sqs.changeMessageVisibility(request -> request.queueUrl(queue.url())
                .receiptHandle(message.receiptHandle())
                .visibilityTimeout(0));
        assertThat(only(queue).visible()).isTrue();
        assertThat(only(queue).receiveCount()).isEqualTo(1);

        // when deleted, then it is gone
        Message again = receive(queue).get(0);
        AWS.sqs.deleteMessage(request -> request.queueUrl(queue.url()).receiptHandle(again.receiptHandle()));
        assertThat(SPY.queue(name(queue))).isEmpty();
    }

    @Test
    void a_delayed_message_is_hidden_though_nobody_received_it() {
        Queue queue = AWS.queue();

        AWS.sqs.sendMessage(
                request -> request.queueUrl(queue.url()).messageBody("later").delaySeconds(600));

        assertThat(only(queue).receiveCount()).isZero();
        assertThat(only(queue).hiddenUntil()).isPresent();
    }

    @Test
    void what_is_moved_to_the_dead_letter_queue_stands_there_and_nowhere_else() {
        // given two queues with a dead-letter queue, whose message was received as often as may be
        Queue dead = AWS.queue();
        Queue shortPolled = withDeadLetters(dead);
        Queue longPolled = withDeadLetters(dead);
        for (Queue queue : List.of(shortPolled, longPolled)) {
            send(queue, "m");
            release(queue);
        }

        // when it is asked for once more, by a short and a long poll
        assertThat(receive(shortPolled)).isEmpty();
        assertThat(AWS.sqs
                        .receiveMessage(
                                request -> request.queueUrl(longPolled.url()).waitTimeSeconds(1))
                        .messages())
                .isEmpty();

        // then
        SPY.await(PATIENCE, spy -> spy.queue(name(dead)).size() == 2);
        assertThat(SPY.queue(name(shortPolled))).isEmpty();
        assertThat(SPY.queue(name(longPolled))).isEmpty();
        assertThat(SPY.queue(name(dead)))
                .extracting(Standing::movedFrom, Standing::receiveCount)
                .containsExactlyInAnyOrder(
                        tuple(Optional.of(name(shortPolled)), 1), tuple(Optional.of(name(longPolled)), 1));
    }

    @Test
    void what_is_redriven_stands_in_its_queue_again() {
        // given
        Queue dead = AWS.queue();
        Queue queue = withDeadLetters(dead);
        send(queue, "m");
        release(queue);
        assertThat(receive(queue)).isEmpty();
        SPY.await(PATIENCE, spy -> spy.queue(name(dead)).size() == 1);

        // when
        AWS.sqs.startMessageMoveTask(request -> request.sourceArn(dead.arn()));

        // then
        SPY.await(PATIENCE, spy -> spy.queue(name(queue)).size() == 1);
        SPY.awaitEmpty(name(dead), PATIENCE);
    }

    @Test
    void a_purged_queue_is_empty() {
        Queue queue = AWS.queue();
        send(queue, "m");

        AWS.sqs.purgeQueue(request -> request.queueUrl(queue.url()));

        SPY.awaitEmpty(name(queue), PATIENCE);
    }

    @Test
    void what_is_purged_is_remembered_no_longer_though_nobody_looks() throws Exception {
        // given a queue with three messages
        KnownMessages known = new KnownMessages();
        try (EmbeddedSqs sqs =
                EmbeddedSqs.start(URI.create("http://127.0.0.1:1"), Account.LOCAL, known, new Changes())) {
            ElasticMq elasticMq = new ElasticMq(sqs);
            SqsService forgetting = new ForgettingSqs(known, new QueueView(known, sqs.queues()), elasticMq);
            ask(forgetting, "CreateQueue", Map.of("QueueName", "q"));
            for (int i = 0; i < 3; i++) {
                ask(forgetting, "SendMessage", Map.of("QueueUrl", "http://a/000000000000/q", "MessageBody", "b"));
            }
            assertThat(known.of("q")).hasSize(3);

            // when
            ask(forgetting, "PurgeQueue", Map.of("QueueUrl", "http://a/000000000000/q"));

            // then
            assertThat(known.of("q")).isEmpty();
        }
    }

    private static void ask(SqsService sqs, String action, Map<String, String> parameters) throws IOException {
        ObjectNode all = SqsEndpoint.JSON.createObjectNode();
        parameters.forEach(all::put);
        assertThat(sqs.answer(new SqsCall(action, all, Map.of())).succeeded()).isTrue();
    }

    @Test
    void who_waits_does_not_look_after_every_call() {
        // given one who looks all the time, and another who changes things all the time
        AtomicInteger looks = new AtomicInteger();
        Queue queue = AWS.queue();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> SPY.await(PATIENCE, spy -> {
            looks.incrementAndGet();
            return spy.queue(name(queue)).size() == 100;
        }));
        long begun = System.nanoTime();

        // when
        for (int i = 0; i < 100; i++) {
            send(queue, "m");
        }

        // then
        assertThat(waiting).succeedsWithin(PATIENCE);
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        assertThat(looks.get()).isLessThanOrEqualTo((int) (millis / 20) + 2);
    }

    @Test
    void a_queue_that_is_no_more_is_refused_and_one_made_anew_is_empty() {
        // given
        Queue other = AWS.queue();
        Queue queue = AWS.queue();
        send(queue, "m");

        // when deleted
        AWS.sqs.deleteQueue(request -> request.queueUrl(queue.url()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPY.queue(name(queue)))
                .withMessageStartingWith("there is no queue '" + name(queue) + "'; there are [")
                .withMessageContaining(name(other));

        // when made anew
        AWS.sqs.createQueue(request -> request.queueName(name(queue)));
        assertThat(SPY.queue(name(queue))).isEmpty();
    }

    @Test
    void messages_of_fifo_queues_are_seen_in_their_order() {
        String name = LocalClients.name("queue") + ".fifo";
        String url = AWS.sqs
                .createQueue(request -> request.queueName(name)
                        .attributes(Map.of(
                                QueueAttributeName.FIFO_QUEUE, "true",
                                QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true")))
                .queueUrl();
        for (String body : List.of("1", "2", "3", "2")) {
            AWS.sqs.sendMessage(
                    request -> request.queueUrl(url).messageBody(body).messageGroupId("g"));
        }

        assertThat(SPY.queue(name))
                .extracting(Standing::body, Standing::groupId)
                .containsExactly(
                        tuple("1", Optional.of("g")), tuple("2", Optional.of("g")), tuple("3", Optional.of("g")));
    }

    @Test
    void waiting_ends_when_another_thread_publishes() throws InterruptedException {
        try (LocalAws local = LocalAws.start();
                SnsClient sns = LocalClients.sns(local)) {
            String topic = sns.createTopic(request -> request.name("t")).topicArn();
            CountDownLatch asked = new CountDownLatch(1);

            // given one who has looked in vain
            CompletableFuture<List<Published>> waiting = CompletableFuture.supplyAsync(() -> {
                local.spy().await(PATIENCE, spy -> {
                    asked.countDown();
                    return !spy.published().isEmpty();
                });
                return local.spy().awaitPublished(1, PATIENCE);
            });
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(waiting).isNotDone();

            // when
            sns.publish(request -> request.topicArn(topic).message("m"));

            // then
            assertThat(waiting)
                    .succeedsWithin(PATIENCE)
                    .satisfies(all ->
                            assertThat(all).extracting(Published::message).containsExactly("m"));
        }
    }

    @Test
    void waiting_ends_when_a_hidden_message_is_visible_again() {
        // given
        Queue queue = AWS.queue();
        AWS.sqs.sendMessage(
                request -> request.queueUrl(queue.url()).messageBody("soon").delaySeconds(1));
        List<Boolean> seen = new ArrayList<>();

        // when nothing else happens
        SPY.await(PATIENCE, spy -> {
            seen.add(only(queue).visible());
            return seen.get(seen.size() - 1);
        });

        // then it was not looked at more often than something could have happened
        assertThat(seen).startsWith(false).endsWith(true).hasSizeLessThan(20);
    }

    @Test
    void a_message_that_turns_visible_while_it_is_looked_at_is_not_overlooked() {
        // given
        Queue queue = AWS.queue();
        AWS.sqs.sendMessage(
                request -> request.queueUrl(queue.url()).messageBody("soon").delaySeconds(1));

        // when each look lasts until the message can be seen, and tells what was before
        SPY.await(PATIENCE, spy -> {
            boolean visible = only(queue).visible();
            await().until(() -> only(queue).visible());
            return visible;
        });

        // then it did not last until the patience was over
        assertThat(only(queue).visible()).isTrue();
    }

    @Test
    void waiting_in_vain_says_what_stood_where_but_not_what_is_in_it() {
        try (LocalClients aws = new LocalClients()) {
            // given
            Queue queue = aws.queue();
            for (int i = 0; i < 12; i++) {
                aws.sqs.sendMessage(request -> request.queueUrl(queue.url()).messageBody("secret"));
            }
            Message received = aws.sqs
                    .receiveMessage(request -> request.queueUrl(queue.url()))
                    .messages()
                    .get(0);
            Queue empty = aws.queue();

            // then
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> aws.local.spy().awaitEmpty(name(queue), Duration.ofMillis(50)))
                    .withMessageStartingWith("It was not so within PT0.05S. 0 messages were published.\n")
                    .withMessageContaining("Queue '" + name(queue) + "': 12 messages.\n")
                    .withMessageContaining("  " + received.messageId() + ": received 1 times, hidden until 2")
                    .withMessageContaining(": received 0 times, visible\n")
                    .withMessageContaining("  and 2 more")
                    .withMessageContaining("Queue '" + name(empty) + "': empty.")
                    .satisfies(error -> assertThat(error.getMessage()).doesNotContain("secret"));
        }
    }

    @Test
    void who_is_interrupted_while_waiting_still_is() {
        Thread.currentThread().interrupt();

        assertThatIllegalStateException()
                .isThrownBy(() -> SPY.await(PATIENCE, spy -> false))
                .withMessageStartingWith("interrupted while waiting.");

        assertThat(Thread.interrupted()).isTrue();
    }

    private static Published published(String messageId) {
        return SPY.published().stream()
                .filter(published -> published.messageId().equals(messageId))
                .findFirst()
                .orElseThrow();
    }

    private static Published.Decision decision(Published published, Queue queue) {
        return published.decisionOf(name(queue)).orElseThrow();
    }

    private static MessageAttributeValue sns(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }

    private static software.amazon.awssdk.services.sqs.model.MessageAttributeValue sqs(String type, String value) {
        return software.amazon.awssdk.services.sqs.model.MessageAttributeValue.builder()
                .dataType(type)
                .stringValue(value)
                .build();
    }

    private static Queue withDeadLetters(Queue dead) {
        String name = LocalClients.name("queue");
        String policy = "{\"deadLetterTargetArn\":\"" + dead.arn() + "\",\"maxReceiveCount\":1}";
        String url = AWS.sqs
                .createQueue(request ->
                        request.queueName(name).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)))
                .queueUrl();
        return new Queue(url, "arn:aws:sqs:us-east-1:000000000000:" + name);
    }

    private static void send(Queue queue, String body) {
        AWS.sqs.sendMessage(request -> request.queueUrl(queue.url()).messageBody(body));
    }

    private static List<Message> receive(Queue queue) {
        return AWS.sqs
                .receiveMessage(request -> request.queueUrl(queue.url()).maxNumberOfMessages(10))
                .messages();
    }

    /** Receives the only message and gives it back. */
    private static void release(Queue queue) {
        String receipt = receive(queue).get(0).receiptHandle();
        AWS.sqs.changeMessageVisibility(
                request -> request.queueUrl(queue.url()).receiptHandle(receipt).visibilityTimeout(0));
    }

    private static Standing only(Queue queue) {
        List<Standing> standing = SPY.queue(name(queue));
        assertThat(standing).hasSize(1);
        return standing.get(0);
    }

    private static String name(Queue queue) {
        return queue.url().substring(queue.url().lastIndexOf('/') + 1);
    }
}
