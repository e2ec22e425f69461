package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

class CreationFailsTest {

    private final FakeSqs sqs = new FakeSqs();
    private final FakeSns sns = new FakeSns();
    private final Fork analytics = Forks.on("analytics", "signup");
    private final Fork chat = Forks.on("chat", "signup");

    @Test
    void a_refused_call_names_topology_fork_action_queue_and_code() {
        // given
        sqs.refuseToCreate("chat-dlq");

        // then
        assertThatExceptionOfType(TopologyException.class)
                .isThrownBy(
                        () -> Topology.of("user-events").forks(analytics, chat).createOn(sns, sqs))
                .withMessage("Topology 'user-events', fork 'chat': sqs:CreateQueue on queue 'chat-dlq' failed with"
                        + " AccessDenied (HTTP 403): Access to the resource is denied.")
                .withCauseInstanceOf(SqsException.class);
    }

    @Test
    void an_endpoint_that_does_not_answer_is_named_as_that() {
        // given
        SnsClient silent = new SnsClient() {
            @Override
            public CreateTopicResponse createTopic(CreateTopicRequest request) {
                throw SdkClientException.create("Unable to execute HTTP request: Connection refused");
            }

            @Override
            public String serviceName() {
                return "sns";
            }

            @Override
            public void close() {}
        };

        // then
        assertThatExceptionOfType(TopologyException.class)
                .isThrownBy(() -> Topology.of("user-events").forks(chat).createOn(silent, sqs))
                .withMessage("Topology 'user-events': sns:CreateTopic on topic 'user-events' failed without an answer:"
                        + " Unable to execute HTTP request: Connection refused");
    }

    @Test
    void a_call_after_a_failed_one_goes_on_where_that_stopped() {
        // given
        Topology topology = Topology.of("user-events").forks(analytics, chat);
        sqs.refuseToCreate("chat");
        assertThatExceptionOfType(TopologyException.class).isThrownBy(() -> topology.createOn(sns, sqs));
        sqs.refuseToCreate("");

        // when
        Deployed deployed = topology.createOn(sns, sqs);

        // then
        assertThat(deployed.forks()).extracting(DeployedFork::fork).containsExactly("analytics", "chat");
        assertThat(sqs.writes().stream().filter(write -> write.startsWith("CreateQueue")))
                .containsExactly(
                        "CreateQueue analytics-dlq",
                        "CreateQueue analytics",
                        "CreateQueue chat-dlq",
                        "CreateQueue chat");
    }

    @Test
    void a_fork_without_a_filter_policy_is_refused_before_anything_is_made() {
        // given a fork whose type SNS can't see, behind one without a fault
        Fork computed = Fork.named("computed")
                .type(EventType.from(envelope -> Optional.of("signup")))
                .on("signup", String.class, event -> {})
                .build();

        // then
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> Topology.of("user-events").forks(chat, computed).createOn(sns, sqs))
                .withMessageContaining("Fork 'computed'");
        assertThat(sqs.writes()).isEmpty();
    }

    @Test
    void asking_for_a_fork_that_is_not_there_names_those_that_are() {
        // given
        Deployed deployed = Topology.of("user-events").forks(analytics, chat).createOn(sns, sqs);

        // then
        assertThat(deployed.fork(chat)).isEqualTo(deployed.forks().get(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deployed.fork("mailing-list"))
                .withMessage("no fork 'mailing-list' behind " + FakeSns.TOPIC + "; there are [analytics, chat]");
    }
}
