package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.eventfork.Fork;
import io.github.eventfork.local.LocalAws;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** A created FIFO topology at work, on the embedded SNS and SQS. Each test has a topic of its own. */
class FifoFanOutTest {

    private static LocalAws aws;
    private static SnsClient sns;
    private static SqsClient sqs;

    @BeforeAll
    static void start() {
        aws = LocalAws.start();
        sns = at(aws.endpoint(), SnsClient.builder());
        sqs = at(aws.endpoint(), SqsClient.builder());
    }

    @AfterAll
    static void stop() {
        sns.close();
        sqs.close();
        aws.close();
    }

    @Test
    void a_group_stays_in_order_on_its_way_to_each_queue_that_wants_it() {
        // given
        Fork chat = Forks.on("ordered-chat", "signup");
        Fork analytics = Forks.on("ordered-analytics", "signup", "login");
        Deployed deployed = Topology.of("ordered").forks(chat, analytics).fifo().createOn(sns, sqs);

        // when
        publish(deployed, "signup", "ada", "1");
        publish(deployed, "login", "ada", "2");
        publish(deployed, "signup", "ada", "3");

        // then
        assertThat(received(deployed.fork(chat))).containsExactly("ada: 1", "ada: 3");
        assertThat(received(deployed.fork(analytics))).containsExactly("ada: 1", "ada: 2", "ada: 3");
    }

    @Test
    void an_event_published_again_with_its_deduplication_id_is_one_event() {
        // given
        Fork chat = Forks.on("once-chat", "signup");
        Deployed deployed = Topology.of("once").forks(chat).fifo().createOn(sns, sqs);

        // when the answer to the first got lost
        PublishResponse first = publish(deployed, "signup", "ada", "1", "id-1");
        PublishResponse second = publish(deployed, "signup", "ada", "1", "id-1");

        // then
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(received(deployed.fork(chat))).containsExactly("ada: 1");
    }

    @Test
    void two_events_that_differ_in_their_type_only_are_two() {
        // given
        Fork analytics = Forks.on("types-analytics", "signup", "login");
        Deployed deployed = Topology.of("types").forks(analytics).fifo().createOn(sns, sqs);

        // when
        publish(deployed, "signup", "ada", "{}", "id-1");
        publish(deployed, "login", "ada", "{}", "id-2");

        // then
        assertThat(received(deployed.fork(analytics))).containsExactly("ada: {}", "ada: {}");
    }

    @Test
    void an_event_without_a_deduplication_id_is_refused_and_not_lost() {
        // given
        Deployed deployed = Topology.of("nameless")
                .forks(Forks.on("nameless-chat", "signup"))
                .fifo()
                .createOn(sns, sqs);

        // then
        assertThatExceptionOfType(InvalidParameterException.class)
                .isThrownBy(() -> sns.publish(request -> request.topicArn(deployed.topicArn())
                        .messageGroupId("ada")
                        .message("1")))
                .withMessageContaining("MessageDeduplicationId");
    }

    @Test
    void creating_it_again_answers_the_same() {
        // given
        Topology topology = Topology.of("again")
                .forks(Forks.on("again-chat", "signup"), Forks.on("again-analytics", "login"))
                .fifo();

        // then
        assertThat(topology.createOn(sns, sqs)).isEqualTo(topology.createOn(sns, sqs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void a_standing_topic_keeps_its_way_to_deduplicate(String byContent) {
        // given one that someone made
        String standing = sns.createTopic(request -> request.name("kept-" + byContent + ".fifo")
                        .attributes(Map.of("FifoTopic", "true", "ContentBasedDeduplication", byContent)))
                .topicArn();

        // when
        Deployed deployed = Topology.of("kept-" + byContent)
                .forks(Forks.on("kept-chat-" + byContent, "signup"))
                .fifo()
                .createOn(sns, sqs);

        // then
        assertThat(deployed.topicArn()).isEqualTo(standing);
        assertThat(sns.getTopicAttributes(request -> request.topicArn(standing)).attributes())
                .containsEntry("ContentBasedDeduplication", byContent);
    }

    private static void publish(Deployed deployed, String type, String group, String body) {
        publish(deployed, type, group, body, "id-" + body);
    }

    private static PublishResponse publish(Deployed deployed, String type, String group, String body, String id) {
        MessageAttributeValue event = MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(type)
                .build();
        return sns.publish(request -> request.topicArn(deployed.topicArn())
                .messageGroupId(group)
                .messageDeduplicationId(id)
                .message(body)
                .messageAttributes(Map.of("event", event)));
    }

    /** Takes what is in the fork's queue, each as its group and the published text. */
    private static List<String> received(DeployedFork fork) {
        List<String> all = new ArrayList<>();
        while (true) {
            List<Message> some = sqs.receiveMessage(request -> request.queueUrl(fork.queueUrl())
                            .maxNumberOfMessages(10)
                            .messageSystemAttributeNames(MessageSystemAttributeName.MESSAGE_GROUP_ID))
                    .messages();
            if (some.isEmpty()) {
                return all;
            }
            for (Message message : some) {
                all.add(message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID) + ": "
                        + Json.read(message.body()).path("Message").asText());
                sqs.deleteMessage(request -> request.queueUrl(fork.queueUrl()).receiptHandle(message.receiptHandle()));
            }
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> C at(URI endpoint, B client) {
        return client.endpointOverride(endpoint)
                .region(Region.of(aws.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }
}
