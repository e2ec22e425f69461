package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.KMS_MASTER_KEY_ID;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.MESSAGE_RETENTION_PERIOD;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.QUEUE_ARN;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_ALLOW_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.VISIBILITY_TIMEOUT;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link Topology#createOn} makes of queues, on an SQS that keeps every attribute. */
class CreatedQueuesTest {

    private static final String CHAT = "arn:aws:sqs:us-east-1:000000000000:chat";
    private static final String CHAT_DLQ = "arn:aws:sqs:us-east-1:000000000000:chat-dlq";

    private final FakeSqs sqs = new FakeSqs();
    private final FakeSns sns = new FakeSns();
    private final Topology topology = Topology.of("user-events").forks(Forks.withAttempts("chat", 3));

    @Test
    void a_queue_has_every_attribute_that_the_topology_names() {
        // when
        topology.createOn(sns, sqs);

        // then
        assertThat(sqs.attributes("chat"))
                .isEqualTo(Map.of(
                        QUEUE_ARN,
                        CHAT,
                        MESSAGE_RETENTION_PERIOD,
                        "345600",
                        VISIBILITY_TIMEOUT,
                        "30",
                        REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"" + CHAT_DLQ + "\",\"maxReceiveCount\":3}",
                        POLICY,
                        Json.write(QueuePolicy.document(
                                List.of(QueuePolicy.topicsSend(CHAT, FakeSns.TOPIC, List.of()))))));
    }

    @Test
    void a_dead_letter_queue_keeps_for_14_days_and_serves_its_queue_only() {
        // when
        topology.createOn(sns, sqs);

        // then
        assertThat(sqs.attributes("chat-dlq"))
                .isEqualTo(Map.of(
                        QUEUE_ARN,
                        CHAT_DLQ,
                        MESSAGE_RETENTION_PERIOD,
                        "1209600",
                        REDRIVE_ALLOW_POLICY,
                        "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":[\"" + CHAT + "\"]}"));
    }

    @Test
    void changed_values_reach_the_queues() {
        // given a topology with nothing left at its default
        Topology changed = Topology.of("user-events")
                .fork(
                        Forks.withAttempts("chat", 3),
                        queue -> queue.withName("talk")
                                .withDeadLetterName("talk-dead")
                                .withRetention(Duration.ofHours(1))
                                .withDeadLetterRetention(Duration.ofHours(2))
                                .withVisibilityTimeout(Duration.ofMinutes(4))
                                .withMaxReceiveCount(7));

        // when
        changed.createOn(sns, sqs);

        // then
        assertThat(sqs.attributes("talk"))
                .containsEntry(MESSAGE_RETENTION_PERIOD, "3600")
                .containsEntry(VISIBILITY_TIMEOUT, "240")
                .hasEntrySatisfying(
                        REDRIVE_POLICY, text -> assertThat(text).contains(":talk-dead\"", "\"maxReceiveCount\":7"));
        assertThat(sqs.attributes("talk-dead")).containsEntry(MESSAGE_RETENTION_PERIOD, "7200");
    }

    @Test
    void the_answer_says_where_everything_stands() {
        // when
        Deployed deployed = topology.createOn(sns, sqs);

        // then
        assertThat(deployed)
                .isEqualTo(new Deployed(
                        FakeSns.TOPIC,
                        List.of(new DeployedFork(
                                "chat",
                                "https://sqs.us-east-1.amazonaws.com/000000000000/chat",
                                CHAT,
                                "https://sqs.us-east-1.amazonaws.com/000000000000/chat-dlq",
                                CHAT_DLQ,
                                FakeSns.TOPIC + ":chat")),
                        List.of()));
    }

    @Test
    void a_second_call_writes_nothing_and_answers_the_same() {
        // given
        Deployed first = topology.createOn(sns, sqs);
        sqs.forgetWrites();
        sns.forgetWrites();

        // when
        Deployed second = topology.createOn(sns, sqs);

        // then
        assertThat(second).isEqualTo(first);
        assertThat(sqs.writes()).isEmpty();
        assertThat(sns.writes()).isEmpty();
    }

    @Test
    void a_queue_that_says_the_same_in_other_words_is_not_written_to() {
        // given a queue whose redrive policy was written by another tool
        topology.createOn(sns, sqs);
        sqs.change("chat", REDRIVE_POLICY, "{\"maxReceiveCount\": 3, \"deadLetterTargetArn\": \"" + CHAT_DLQ + "\"}");
        sqs.forgetWrites();

        // when
        topology.createOn(sns, sqs);

        // then
        assertThat(sqs.writes()).isEmpty();
    }

    @Test
    void a_queue_that_differs_gets_what_differs_and_keeps_what_is_not_ours() {
        // given a queue that someone else made, with a key of theirs
        sqs.put("chat", Map.of(MESSAGE_RETENTION_PERIOD, "60", VISIBILITY_TIMEOUT, "30", KMS_MASTER_KEY_ID, "theirs"));

        // when
        topology.createOn(sns, sqs);

        // then
        assertThat(sqs.attributes("chat"))
                .containsEntry(MESSAGE_RETENTION_PERIOD, "345600")
                .containsEntry(KMS_MASTER_KEY_ID, "theirs");
        assertThat(sqs.writes())
                .contains("Set MessageRetentionPeriod of chat")
                .doesNotContain("CreateQueue chat", "Set VisibilityTimeout of chat");
    }

    @Test
    void another_number_of_attempts_changes_the_redrive_policy_alone() {
        // given
        topology.createOn(sns, sqs);
        sqs.forgetWrites();

        // when
        Topology.of("user-events").forks(Forks.withAttempts("chat", 4)).createOn(sns, sqs);

        // then
        assertThat(sqs.attributes("chat").get(REDRIVE_POLICY)).contains("\"maxReceiveCount\":4");
        assertThat(sqs.writes()).containsExactly("Set RedrivePolicy of chat");
    }

    @Test
    void a_dead_letter_queue_admits_a_queue_before_that_names_it() {
        // given a dead-letter queue that served another queue, so that SQS would refuse a new one
        sqs.put(
                "chat-dlq",
                Map.of(
                        MESSAGE_RETENTION_PERIOD,
                        "1209600",
                        REDRIVE_ALLOW_POLICY,
                        "{\"redrivePermission\":\"byQueue\",\"sourceQueueArns\":[\"" + CHAT + "-before\"]}"));

        // when
        topology.createOn(sns, sqs);

        // then
        assertThat(sqs.writes())
                .containsExactly(
                        "CreateQueue chat",
                        "Set RedriveAllowPolicy of chat-dlq",
                        "Set Policy of chat",
                        "Set RedrivePolicy of chat");
    }

    @Test
    void an_sqs_without_redrive_allow_policies_gets_everything_else() {
        // given, as ElasticMQ is
        sqs.knowNoRedriveAllowPolicy();

        // when
        topology.createOn(sns, sqs);

        // then
        assertThat(sqs.attributes("chat-dlq")).doesNotContainKey(REDRIVE_ALLOW_POLICY);
        assertThat(sqs.attributes("chat")).containsKey(REDRIVE_POLICY);
    }
}
