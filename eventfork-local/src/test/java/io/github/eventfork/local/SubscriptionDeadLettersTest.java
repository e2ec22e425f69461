package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.local.LocalClients.Queue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class SubscriptionDeadLettersTest {
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
    void what_is_for_a_queue_that_is_gone_lands_raw_as_it_would_have_been_delivered() {
        // given
        String topic = aws.topic();
        Queue dead = aws.queue();
        gone(topic, aws.queue(), dead, "true");

        // when
        aws.publish(
                topic,
                message -> message.message("x")
                        .messageGroupId("tenant")
                        .messageAttributes(Map.of(
                                "k",
                                MessageAttributeValue.builder()
                                        .dataType("Number")
                                        .stringValue("111")
                                        .build())));

        // then
        Message letter = aws.received(dead).get(0);
        assertThat(letter.body()).isEqualTo("x");
        assertThat(letter.messageAttributes().get("k").stringValue()).isEqualTo("111");
        assertThat(letter.attributes()).containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "tenant");
    }

    @Test
    void what_is_for_a_queue_that_is_gone_lands_wrapped_as_it_would_have_been_delivered() throws Exception {
        // given a second queue that is there
        String topic = aws.topic();
        Queue dead = aws.queue();
        Queue there = aws.subscribed(topic, Map.of());
        gone(topic, aws.queue(), dead, "false");

        // when
        String id = aws.publish(topic, message -> message.message("x"));

        // then
        JsonNode letter = JSON.readTree(aws.received(dead).get(0).body());
        assertThat(letter.path("MessageId").textValue()).isEqualTo(id);
        assertThat(letter.path("Message").textValue()).isEqualTo("x");
        assertThat(aws.bodies(there)).hasSize(1);
    }

    @Test
    void a_fifo_dead_letter_queue_keeps_order_group_and_deduplication_id() {
        // given
        String topic = aws.fifoTopic(Map.of());
        Queue dead = aws.fifoQueue();
        gone(topic, aws.fifoQueue(), dead, "true");

        // when
        aws.sns.publishBatch(
                request -> request.topicArn(topic).publishBatchRequestEntries(entry("1"), entry("2"), entry("3")));

        // then
        List<Message> letters = aws.drained(dead);
        assertThat(letters).extracting(Message::body).containsExactly("1", "2", "3");
        assertThat(letters.get(1).attributes())
                .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "g")
                .containsEntry(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, "d-2");
    }

    @Test
    void what_neither_queue_takes_is_dropped_and_takes_nothing_along() {
        // given
        String topic = aws.topic();
        Queue there = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));
        Queue dead = aws.queue();
        gone(topic, aws.queue(), dead, "true");
        aws.sqs.deleteQueue(request -> request.queueUrl(dead.url()));

        // when
        aws.publish(topic, message -> message.message("x"));

        // then
        assertThat(aws.bodies(there)).containsExactly("x");
    }

    @Test
    void one_message_that_sqs_refuses_takes_its_batch_not_along() {
        // given a character that SNS takes and SQS does not
        String topic = aws.topic();
        Queue queue = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));

        // when
        aws.sns.publishBatch(request ->
                request.topicArn(topic).publishBatchRequestEntries(plain("good"), plain("bad\u0001"), plain("fine")));

        // then
        assertThat(aws.bodies(queue)).containsExactlyInAnyOrder("good", "fine");
    }

    @Test
    void what_is_longer_than_its_queue_takes_goes_to_the_dead_letter_queue() {
        // given a queue that takes 1 KiB
        String topic = aws.topic();
        Queue dead = aws.queue();
        Queue small = aws.queue();
        aws.sqs.setQueueAttributes(request ->
                request.queueUrl(small.url()).attributes(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1024")));
        aws.subscribe(
                topic,
                small.arn(),
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"" + dead.arn() + "\"}"));

        // when
        String body = "x".repeat(1_025);
        aws.publish(topic, message -> message.message(body));

        // then
        assertThat(aws.bodies(small)).isEmpty();
        assertThat(aws.bodies(dead)).containsExactly(body);
    }

    @Test
    void a_batch_that_grows_past_the_size_of_sqs_by_its_envelopes_arrives_whole() {
        // given a topic of 1 MiB, and texts that escaping doubles
        String topic = aws.topic();
        aws.sns.setTopicAttributes(request ->
                request.topicArn(topic).attributeName("MaximumMessageSize").attributeValue("1048576"));
        Queue queue = aws.subscribed(topic, Map.of());
        String quotes = "\"".repeat(260_000);

        // when
        aws.sns.publishBatch(request -> request.topicArn(topic)
                .publishBatchRequestEntries(
                        plain(quotes), plain(quotes + " "), plain(quotes + "  "), plain(quotes + "   ")));

        // then
        assertThat(aws.bodies(queue)).hasSize(4);
    }

    @Test
    void a_redrive_policy_is_shown_and_removed_by_an_empty_text() {
        // given
        Queue dead = aws.queue();
        String policy = "{\"deadLetterTargetArn\":\"" + dead.arn() + "\"}";
        String arn = aws.subscribe(aws.topic(), aws.queue().arn(), Map.of("RedrivePolicy", policy));
        assertThat(attributes(arn)).containsEntry("RedrivePolicy", policy);

        // when
        aws.sns.setSubscriptionAttributes(request ->
                request.subscriptionArn(arn).attributeName("RedrivePolicy").attributeValue(""));

        // then
        assertThat(attributes(arn)).doesNotContainKey("RedrivePolicy");
    }

    private static Map<String, String> attributes(String arn) {
        return aws.sns
                .getSubscriptionAttributes(request -> request.subscriptionArn(arn))
                .attributes();
    }

    /** Subscribes a queue, with its dead letters, and deletes it. */
    private static void gone(String topic, Queue queue, Queue dead, String raw) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("RawMessageDelivery", raw);
        attributes.put("RedrivePolicy", "{\"deadLetterTargetArn\":\"" + dead.arn() + "\"}");
        aws.subscribe(topic, queue.arn(), attributes);
        aws.sqs.deleteQueue(request -> request.queueUrl(queue.url()));
    }

    private static PublishBatchRequestEntry entry(String text) {
        return plain(text).toBuilder()
                .messageGroupId("g")
                .messageDeduplicationId("d-" + text)
                .build();
    }

    private static PublishBatchRequestEntry plain(String text) {
        return PublishBatchRequestEntry.builder()
                .id("e" + Math.abs(text.hashCode()))
                .message(text)
                .build();
    }
}
