package io.github.eventfork.local;

import static io.github.eventfork.local.LocalClients.invalidParameter;
import static io.github.eventfork.local.LocalClients.name;
import static io.github.eventfork.local.LocalClients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.LocalClients.Refusal;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.Topic;

class TopicsTest {
    private static final Refusal NOT_FOUND = new Refusal(404, "NotFound", "Topic does not exist");

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
    void a_topic_that_is_there_is_created_again_with_the_same_arn() {
        // given
        String name = name("topic");
        var request = CreateTopicRequest.builder()
                .name(name)
                .attributes(Map.of("DisplayName", "d"))
                .tags(Tag.builder().key("k").value("v").build())
                .build();
        String arn = aws.sns.createTopic(request).topicArn();

        // then
        assertThat(arn).isEqualTo("arn:aws:sns:us-east-1:000000000000:" + name);
        assertThat(aws.sns.createTopic(request).topicArn()).isEqualTo(arn);
        assertThat(refusal(() -> aws.sns.createTopic(request.toBuilder()
                        .attributes(Map.of("DisplayName", "e"))
                        .build())))
                .isEqualTo(invalidParameter("Attributes Reason: Topic already exists with different attributes"));
        assertThat(refusal(() -> aws.sns.createTopic(request.toBuilder()
                        .tags(Tag.builder().key("k").value("w").build())
                        .build())))
                .isEqualTo(invalidParameter("Tags Reason: Topic already exists with different tags"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a.b", "é", "fifo.", "a.fifo.fifo"})
    void a_topic_has_a_plain_name(String name) {
        assertThat(refusal(() -> aws.sns.createTopic(request -> request.name(name))))
                .isEqualTo(invalidParameter("Topic Name"));
    }

    @Test
    void a_topic_name_has_256_letters_at_most() {
        assertThat(aws.sns.createTopic(request -> request.name("n".repeat(256))).topicArn())
                .endsWith("nnn");
        assertThat(refusal(() -> aws.sns.createTopic(request -> request.name("n".repeat(257)))))
                .isEqualTo(invalidParameter("Topic Name"));
    }

    @Test
    void a_topic_that_is_deleted_takes_its_subscriptions_along() {
        // given
        String topic = aws.topic();
        String subscription = aws.subscribe(topic, aws.queue().arn(), Map.of());

        // when, twice
        aws.sns.deleteTopic(request -> request.topicArn(topic));
        aws.sns.deleteTopic(request -> request.topicArn(topic));

        // then
        assertThat(refusal(() -> aws.sns.getTopicAttributes(request -> request.topicArn(topic))))
                .isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> aws.sns.getSubscriptionAttributes(request -> request.subscriptionArn(subscription))))
                .isEqualTo(new Refusal(404, "NotFound", "Subscription does not exist"));
    }

    @Test
    void topics_are_listed_by_the_hundred() {
        // given
        var made = IntStream.range(0, 205).mapToObj(index -> aws.topic()).toList();

        // when
        var first = aws.sns.listTopics();
        var all = aws.sns.listTopicsPaginator().topics().stream()
                .map(Topic::topicArn)
                .toList();

        // then
        assertThat(first.topics()).hasSize(100);
        assertThat(all).containsAll(made).doesNotHaveDuplicates();
        assertThat(refusal(() -> aws.sns.listTopics(request -> request.nextToken("%"))))
                .isEqualTo(invalidParameter("NextToken"));
    }

    @Test
    void a_topic_shows_its_attributes() {
        // given text that XML must escape, or cannot hold
        String topic = aws.topic();
        aws.subscribed(topic, Map.of());
        set(topic, "DisplayName", "<é & \"😀\">\r\n\u0001");

        // when
        var attributes =
                aws.sns.getTopicAttributes(request -> request.topicArn(topic)).attributes();

        // then
        assertThat(attributes)
                .containsEntry("TopicArn", topic)
                .containsEntry("Owner", "000000000000")
                .containsEntry("DisplayName", "<é & \"😀\">\r\n\uFFFD")
                .containsEntry("SubscriptionsConfirmed", "1")
                .containsEntry("SubscriptionsPending", "0")
                .containsEntry("SubscriptionsDeleted", "0")
                .containsKeys("Policy", "EffectiveDeliveryPolicy");
    }

    @Test
    void a_maximum_message_size_that_is_set_counts() {
        // given
        String topic = aws.topic();
        set(topic, "MaximumMessageSize", "1024");

        // then
        aws.publish(topic, message -> message.message("x".repeat(1024)));
        assertThat(refusal(() -> aws.publish(topic, message -> message.message("x".repeat(1025)))))
                .isEqualTo(invalidParameter("Message too long"));
    }

    @ParameterizedTest
    @CsvSource({
        "Nonsense, x, AttributeName",
        "MaximumMessageSize, 1023, MaximumMessageSize",
        "MaximumMessageSize, 1048577, MaximumMessageSize",
        "SignatureVersion, 3, SignatureVersion",
        "TracingConfig, On, TracingConfig"
    })
    void an_attribute_that_sns_does_not_know_is_refused(String name, String value, String reason) {
        String topic = aws.topic();
        assertThat(refusal(() -> set(topic, name, value))).isEqualTo(invalidParameter(reason));
    }

    @Test
    void an_attribute_of_no_topic_cannot_be_set() {
        assertThat(refusal(() -> set("arn:aws:sns:us-east-1:000000000000:nowhere", "DisplayName", "x")))
                .isEqualTo(NOT_FOUND);
    }

    private static void set(String topic, String name, String value) {
        aws.sns.setTopicAttributes(
                request -> request.topicArn(topic).attributeName(name).attributeValue(value));
    }
}
