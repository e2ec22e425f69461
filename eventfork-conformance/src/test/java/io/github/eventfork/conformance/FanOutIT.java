package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.conformance.Endpoints.Size;
import io.github.eventfork.poller.SqsPoller;
import io.github.eventfork.topology.Deployed;
import io.github.eventfork.topology.DeployedFork;
import io.github.eventfork.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;

/** One event reaches three forks, or those that want it: from the SDK's SnsClient to the handlers of real pollers. */
class FanOutIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String POISON = "{\"email\":\"poison@example.org\"}";

    @RegisterExtension
    static final TestServers SERVERS = new TestServers();

    /** What a handler was called with. */
    private record Seen(String fork, String type, int attempt, String payload) {

        static Seen of(Event<String> event) {
            return new Seen(event.fork(), event.type(), event.attempt(), event.payload());
        }
    }

    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final Fork analytics = fork("analytics")
            .on("signup", String.class, this::see)
            .on("login", String.class, this::see)
            .build();
    private final Fork mailingList = fork("mailing-list")
            .on("signup", String.class, event -> {
                see(event);
                if (event.payload().equals(POISON)) {
                    throw new IllegalStateException("the list refuses it");
                }
            })
            .build();
    private final Fork chat = fork("chat").on("signup", String.class, this::see).build();

    @ParameterizedTest
    @EnumSource(TestServer.class)
    void a_signup_reaches_all_three_a_login_only_analytics_and_anything_else_nobody(TestServer server) {
        // given
        Endpoints aws = SERVERS.on(server);
        Deployed deployed = deployedOn(aws);

        // when the last one out is one that all of them want
        publish(aws, deployed, "signup", "s-1");
        publish(aws, deployed, "login", "l-1");
        publish(aws, deployed, "logout", "x-1");
        publish(aws, deployed, "SIGNUP", "x-2");
        aws.sns().publish(request -> request.topicArn(deployed.topicArn()).message("x-3"));
        publish(aws, deployed, "signup", "s-2");
        try (Pollers pollers = pollersOn(aws, deployed)) {
            await().atMost(PATIENCE).until(() -> seen.size() >= 7 && queuesAreEmpty(aws, deployed));
            assertThat(pollers.all()).allMatch(poller -> poller.health().status() == Health.Status.RUNNING);
        }

        // then
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        new Seen("analytics", "signup", 1, "s-1"),
                        new Seen("analytics", "signup", 1, "s-2"),
                        new Seen("analytics", "login", 1, "l-1"),
                        new Seen("mailing-list", "signup", 1, "s-1"),
                        new Seen("mailing-list", "signup", 1, "s-2"),
                        new Seen("chat", "signup", 1, "s-1"),
                        new Seen("chat", "signup", 1, "s-2"));
        assertThat(deployed.forks())
                .allSatisfy(
                        fork -> assertThat(aws.size(fork.deadLetterQueueUrl())).isEqualTo(Size.EMPTY));
    }

    @ParameterizedTest
    @EnumSource(TestServer.class)
    @Promise({1, 2, 20})
    void a_poisoned_event_is_tried_three_times_and_then_stands_in_that_forks_dead_letter_queue(TestServer server)
            throws JsonProcessingException {
        // given
        Endpoints aws = SERVERS.on(server);
        Deployed deployed = deployedOn(aws);
        DeployedFork poisoned = deployed.fork(mailingList);

        // when
        publish(aws, deployed, "signup", POISON);
        publish(aws, deployed, "signup", "s-1");
        try (Pollers pollers = pollersOn(aws, deployed)) {
            await().atMost(PATIENCE)
                    .until(() -> seen.size() >= 8
                            && aws.size(poisoned.deadLetterQueueUrl()).visible() > 0
                            && queuesAreEmpty(aws, deployed));
            assertThat(pollers.all()).allMatch(poller -> poller.health().status() == Health.Status.RUNNING);
        }

        // then three tries, of that fork only, and the neighbour is handled once
        assertThat(seen)
                .filteredOn(run ->
                        run.fork().equals("mailing-list") && run.payload().equals(POISON))
                .extracting(Seen::attempt)
                .containsExactly(1, 2, 3);
        assertThat(seen)
                .filteredOn(run -> !run.payload().equals(POISON) || !run.fork().equals("mailing-list"))
                .hasSize(5)
                .allMatch(run -> run.attempt() == 1);

        // and it stands in the dead-letter queue of that fork only, and says why
        List<Message> dead = aws.receiveAll(poisoned.deadLetterQueueUrl());
        assertThat(dead)
                .singleElement()
                .satisfies(letter -> assertThat(letter.body()).contains("poison@example.org"));
        JsonNode note = new ObjectMapper()
                .readTree(dead.get(0).messageAttributes().get("eventfork").stringValue());
        assertThat(note.path("reason").asText()).contains("the list refuses it").contains("attempt 3 of 3");
        assertThat(note.path("fork").asText()).isEqualTo("mailing-list");
        assertThat(note.path("attempt").asInt()).isEqualTo(3);
        assertThat(Stream.of(analytics, chat).map(deployed::fork))
                .allSatisfy(
                        fork -> assertThat(aws.size(fork.deadLetterQueueUrl())).isEqualTo(Size.EMPTY));
    }

    private static Fork.Builder fork(String name) {
        return Fork.named(name).retry(RetryPolicy.fixed(Duration.ZERO).withAttempts(3));
    }

    private void see(Event<String> event) {
        seen.add(Seen.of(event));
    }

    private Deployed deployedOn(Endpoints aws) {
        Topology topology = Topology.of(Endpoints.unique("user-events"));
        for (Fork fork : List.of(analytics, mailingList, chat)) {
            String queueName = Endpoints.unique(fork.name());
            topology = topology.fork(fork, queue -> queue.withName(queueName).withDeadLetterName(queueName + "-dlq"));
        }
        return topology.createOn(aws.sns(), aws.sqs());
    }

    private static void publish(Endpoints aws, Deployed deployed, String type, String payload) {
        aws.sns()
                .publish(request -> request.topicArn(deployed.topicArn())
                        .message(payload)
                        .messageAttributes(Map.of(
                                "event",
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue(type)
                                        .build())));
    }

    private static boolean queuesAreEmpty(Endpoints aws, Deployed deployed) {
        return deployed.forks().stream()
                .allMatch(fork -> aws.size(fork.queueUrl()).equals(Size.EMPTY));
    }

    private Pollers pollersOn(Endpoints aws, Deployed deployed) {
        return new Pollers(Stream.of(analytics, mailingList, chat)
                .map(fork -> SqsPoller.builder(fork)
                        .queue(deployed.fork(fork).queueUrl())
                        .client(aws.sqsAsync())
                        .longPoll(Duration.ofSeconds(1))
                        .start())
                .toList());
    }

    /** Pollers that are closed together, because each waits for its poll under way. */
    private record Pollers(List<SqsPoller> all) implements AutoCloseable {

        @Override
        public void close() {
            CompletableFuture.allOf(all.stream()
                            .map(poller -> CompletableFuture.runAsync(poller::close))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
    }
}
