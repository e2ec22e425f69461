package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.local.LocalClients.Queue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class FifoTopicTest {
    private static final Map<String, String> RAW = Map.of("RawMessageDelivery", "true");
    private static final Map<String, String> BY_CONTENT = Map.of("ContentBasedDeduplication", "true");
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
    void a_duplicate_is_answered_like_the_message_it_repeats_and_delivered_once() {
        // given a FIFO queue, and a standard one, which does not deduplicate itself
        String topic = aws.fifoTopic(Map.of());
        Queue fifo = fifoQueueOf(topic);
        Queue standard = aws.subscribed(topic, RAW);

        // when
        PublishResponse first = publish(topic, "g", "d", "one");
        PublishResponse second = publish(topic, "g", "d", "two");

        // then
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.sequenceNumber()).isEqualTo(first.sequenceNumber());
        assertThat(bodies(fifo)).containsExactly("one");
        assertThat(aws.bodies(standard)).containsExactly("one");
    }

    @Test
    void a_duplicate_within_a_batch_is_delivered_once() {
        // given
        String topic = aws.fifoTopic(BY_CONTENT);
        Queue queue = aws.subscribed(topic, RAW);

        // when
        List<PublishBatchResultEntry> results = aws.sns
                .publishBatch(request -> request.topicArn(topic)
                        .publishBatchRequestEntries(entry("a", "g", "x"), entry("b", "h", "y"), entry("c", "h", "x")))
                .successful();

        // then
        assertThat(results).extracting(PublishBatchResultEntry::id).containsExactly("a", "b", "c");
        assertThat(results.get(2).messageId()).isEqualTo(results.get(0).messageId());
        assertThat(results.get(2).sequenceNumber()).isEqualTo(results.get(0).sequenceNumber());
        assertThat(aws.bodies(queue)).containsExactlyInAnyOrder("x", "y");
    }

    @Test
    void the_scope_of_deduplication_is_the_topic_unless_it_is_the_group() {
        // given
        String perTopic = aws.fifoTopic(BY_CONTENT);
        String perGroup =
                aws.fifoTopic(Map.of("ContentBasedDeduplication", "true", "FifoThroughputScope", "MessageGroup"));
        Queue ofTopic = aws.subscribed(perTopic, RAW);
        Queue ofGroup = aws.subscribed(perGroup, RAW);

        // when
        for (String topic : List.of(perTopic, perGroup)) {
            for (String group : List.of("g", "h", "g")) {
                aws.publish(topic, message -> message.message("x").messageGroupId(group));
            }
        }

        // then
        assertThat(aws.bodies(ofTopic)).containsExactly("x");
        assertThat(aws.bodies(ofGroup)).containsExactly("x", "x");
    }

    @Test
    void a_topic_that_is_made_anew_remembers_no_message() {
        // given
        String topic = aws.fifoTopic(Map.of());
        publish(topic, "g", "d", "x");

        // when
        aws.sns.deleteTopic(request -> request.topicArn(topic));
        aws.sns.createTopic(request ->
                request.name(topic.substring(topic.lastIndexOf(':') + 1)).attributes(Map.of("FifoTopic", "true")));
        Queue queue = aws.subscribed(topic, RAW);
        publish(topic, "g", "d", "x");

        // then
        assertThat(aws.bodies(queue)).containsExactly("x");
    }

    @Test
    void a_batch_stands_in_the_queue_in_its_order() {
        // given
        String topic = aws.fifoTopic(Map.of());
        Queue queue = fifoQueueOf(topic);

        // when ten batches of ten are published
        for (int batch = 0; batch < 10; batch++) {
            int first = 10 * batch;
            aws.sns.publishBatch(request -> request.topicArn(topic)
                    .publishBatchRequestEntries(IntStream.range(first, first + 10)
                            .mapToObj(number -> entry("e" + number, "g", String.valueOf(number)).toBuilder()
                                    .messageDeduplicationId("d" + number)
                                    .build())
                            .toList()));
        }

        // then
        assertThat(bodies(queue))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(String::valueOf).toList());
    }

    @Test
    void racing_publishers_stand_in_each_queue_in_the_order_of_their_sequence_numbers() throws Exception {
        // given two FIFO queues
        String topic = aws.fifoTopic(BY_CONTENT);
        List<Queue> queues = List.of(aws.fifoQueue(), aws.fifoQueue());
        queues.forEach(queue -> aws.subscribe(topic, queue.arn(), Map.of()));

        // when four publish to two groups at once
        ExecutorService publishers = Executors.newFixedThreadPool(4);
        CompletableFuture.allOf(IntStream.range(0, 4)
                        .mapToObj(publisher -> CompletableFuture.runAsync(
                                () -> IntStream.range(0, 25)
                                        .forEach(number -> aws.publish(
                                                topic,
                                                message -> message.message(publisher + "/" + number)
                                                        .messageGroupId("g" + number % 2))),
                                publishers))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        publishers.shutdown();

        // then
        for (Queue queue : queues) {
            Map<String, List<String>> numbersByGroup = new LinkedHashMap<>();
            for (Message message : aws.drained(queue)) {
                JsonNode envelope = JSON.readTree(message.body());
                numbersByGroup
                        .computeIfAbsent(
                                message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID),
                                group -> new ArrayList<>())
                        .add(envelope.path("SequenceNumber").textValue());
            }
            assertThat(numbersByGroup).containsOnlyKeys("g0", "g1");
            assertThat(numbersByGroup.values())
                    .allSatisfy(numbers -> assertThat(numbers).isSorted().doesNotHaveDuplicates());
            assertThat(numbersByGroup.values().stream().mapToInt(List::size).sum())
                    .isEqualTo(100);
        }
    }

    @Test
    void one_publishers_order_holds_in_a_group() {
        // given
        String topic = aws.fifoTopic(BY_CONTENT);
        Queue queue = fifoQueueOf(topic);

        // when
        List<PublishResponse> answers = IntStream.range(0, 30)
                .mapToObj(number -> aws.sns.publish(request ->
                        request.topicArn(topic).message(String.valueOf(number)).messageGroupId("g")))
                .toList();

        // then
        assertThat(answers)
                .extracting(PublishResponse::sequenceNumber)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(bodies(queue))
                .containsExactlyElementsOf(
                        IntStream.range(0, 30).mapToObj(String::valueOf).toList());
    }

    private static Queue fifoQueueOf(String topic) {
        Queue queue = aws.fifoQueue();
        aws.subscribe(topic, queue.arn(), RAW);
        return queue;
    }

    private static List<String> bodies(Queue queue) {
        return aws.drained(queue).stream().map(Message::body).toList();
    }

    private static PublishResponse publish(String topic, String group, String deduplicationId, String text) {
        return aws.sns.publish(request ->
                request.topicArn(topic).message(text).messageGroupId(group).messageDeduplicationId(deduplicationId));
    }

    private static PublishBatchRequestEntry entry(String id, String group, String text) {
        return PublishBatchRequestEntry.builder()
                .id(id)
                .message(text)
                .messageGroupId(group)
                .build();
    }
}
