package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.local.LocalAws;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A created topology at work, on the embedded SNS and SQS. A publish there is answered when its copies are queued. */
class FanOutTest {

    private static final Fork ANALYTICS = Forks.on("analytics", "signup", "login");
    private static final Fork MAILING_LIST = Forks.on("mailing-list", "signup");
    private static final Fork CHAT = Forks.on("chat", "signup");

    private static LocalAws aws;
    private static SnsClient sns;
    private static SqsClient sqs;

    private final Topology topology = Topology.of("user-events").forks(ANALYTICS, MAILING_LIST, CHAT);

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

    @AfterEach
    void forget_everything() {
        sns.listTopicsPaginator()
                .topics()
                .forEach(topic -> sns.deleteTopic(request -> request.topicArn(topic.topicArn())));
        sqs.listQueues().queueUrls().forEach(url -> sqs.deleteQueue(request -> request.queueUrl(url)));
    }

    @Test
    void a_signup_reaches_all_forks_a_login_only_analytics_and_a_logout_none() {
        // given
        Deployed deployed = topology.createOn(sns, sqs);

        // when
        publish(deployed, "signup", "{\"name\":\"Ada\"}");
        publish(deployed, "login", "{\"name\":\"Bob\"}");
        publish(deployed, "logout", "{\"name\":\"Cem\"}");

        // then
        assertThat(received(deployed, ANALYTICS)).hasSize(2);
        assertThat(received(deployed, MAILING_LIST)).singleElement().asString().contains("Ada");
        assertThat(received(deployed, CHAT)).singleElement().asString().contains("Ada");
    }

    @Test
    void creating_twice_answers_the_same_and_delivers_once() {
        // given
        Deployed first = topology.createOn(sns, sqs);
        Deployed second = topology.createOn(sns, sqs);

        // when
        publish(second, "signup", "{}");

        // then
        assertThat(second).isEqualTo(first);
        assertThat(received(second, CHAT)).hasSize(1);
    }

    @Test
    void a_new_route_lets_its_events_in() {
        // given a chat that wants logins too from now on
        topology.createOn(sns, sqs);
        Fork chat = Forks.on("chat", "signup", "login");
        Deployed deployed = Topology.of("user-events").forks(chat).createOn(sns, sqs);

        // when
        publish(deployed, "login", "{}");

        // then
        assertThat(received(deployed, chat)).hasSize(1);
    }

    @Test
    void a_route_for_any_event_lets_all_in() {
        // given a chat that was filtered before
        topology.createOn(sns, sqs);
        Fork chat = Forks.onAny("chat");
        Deployed deployed = Topology.of("user-events").forks(chat).createOn(sns, sqs);

        // when
        publish(deployed, "logout", "{}");

        // then
        assertThat(received(deployed, chat)).hasSize(1);
    }

    @Test
    void the_scope_of_a_filter_goes_to_the_body_and_back() {
        // given
        topology.createOn(sns, sqs);
        Fork inBody = Fork.named("chat")
                .type(EventType.jsonPointer("/meta/type"))
                .on("signup", String.class, event -> {})
                .build();

        // when
        Deployed deployed = Topology.of("user-events").forks(inBody).createOn(sns, sqs);
        publish(deployed, "login", "{\"meta\":{\"type\":\"signup\"},\"by\":\"body\"}");
        publish(deployed, "signup", "{\"meta\":{\"type\":\"login\"},\"by\":\"attribute\"}");

        // then
        assertThat(received(deployed, CHAT)).singleElement().asString().contains("body");

        // when
        topology.createOn(sns, sqs);
        publish(deployed, "signup", "{\"meta\":{\"type\":\"login\"},\"by\":\"attribute\"}");
        publish(deployed, "login", "{\"meta\":{\"type\":\"signup\"},\"by\":\"body\"}");

        // then
        assertThat(received(deployed, CHAT)).singleElement().asString().contains("attribute");
    }

    @Test
    void raw_delivery_hands_over_the_published_text_alone() {
        // given
        Deployed deployed = Topology.of("user-events")
                .fork(CHAT, ForkQueue::withRawDelivery)
                .createOn(sns, sqs);

        // when
        publish(deployed, "signup", "{\"name\":\"Ada\"}");

        // then
        assertThat(received(deployed, CHAT)).containsExactly("{\"name\":\"Ada\"}");
    }

    @Test
    void another_number_of_attempts_reaches_a_standing_queue() {
        // given
        Topology.of("user-events").forks(Forks.withAttempts("chat", 3)).createOn(sns, sqs);

        // when
        Deployed deployed =
                Topology.of("user-events").forks(Forks.withAttempts("chat", 7)).createOn(sns, sqs);

        // then
        DeployedFork chat = deployed.fork(CHAT);
        assertThat(sqs.getQueueAttributes(
                                request -> request.queueUrl(chat.queueUrl()).attributeNames(QueueAttributeName.ALL))
                        .attributes())
                .containsEntry(QueueAttributeName.QUEUE_ARN, chat.queueArn())
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "30")
                .containsEntry(
                        QueueAttributeName.REDRIVE_POLICY,
                        Json.write(QueuePolicy.redrive(chat.deadLetterQueueArn(), 7)));
    }

    @Test
    void a_message_that_was_received_too_often_stands_in_the_dead_letter_queue_of_its_fork_only() {
        // given one attempt, and no invisibility
        Fork chat = Forks.withAttempts("chat", 1);
        Deployed deployed = Topology.of("user-events")
                .withVisibilityTimeout(Duration.ZERO)
                .forks(chat, MAILING_LIST)
                .createOn(sns, sqs);
        publish(deployed, "signup", "{\"name\":\"Ada\"}");

        // when it is received without being deleted, and asked for again
        sqs.receiveMessage(request -> request.queueUrl(deployed.fork(chat).queueUrl()));
        sqs.receiveMessage(request -> request.queueUrl(deployed.fork(chat).queueUrl()));

        // then
        assertThat(inQueue(deployed.fork(chat).deadLetterQueueUrl()))
                .singleElement()
                .asString()
                .contains("Ada");
        assertThat(inQueue(deployed.fork(MAILING_LIST).deadLetterQueueUrl())).isEmpty();
    }

    @Test
    void the_queue_of_a_fork_that_is_no_longer_named_is_reported() {
        // given
        Deployed before = topology.createOn(sns, sqs);

        // when
        Deployed after = Topology.of("user-events").forks(ANALYTICS, CHAT).createOn(sns, sqs);

        // then
        DeployedFork removed = before.fork(MAILING_LIST);
        assertThat(after.strangers())
                .containsExactly(new Deployed.Stranger(removed.subscriptionArn(), "sqs", removed.queueArn()));
    }

    private static void publish(Deployed deployed, String type, String body) {
        MessageAttributeValue event = MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(type)
                .build();
        sns.publish(request ->
                request.topicArn(deployed.topicArn()).message(body).messageAttributes(Map.of("event", event)));
    }

    /** Takes what is in the fork's queue. */
    private static List<String> received(Deployed deployed, Fork fork) {
        return inQueue(deployed.fork(fork).queueUrl());
    }

    private static List<String> inQueue(String url) {
        List<Message> messages = sqs.receiveMessage(
                        request -> request.queueUrl(url).maxNumberOfMessages(10))
                .messages();
        messages.forEach(
                message -> sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle())));
        return messages.stream().map(Message::body).toList();
    }

    private static <B extends AwsClientBuilder<B, C>, C> C at(URI endpoint, B client) {
        return client.endpointOverride(endpoint)
                .region(Region.of(aws.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }
}
