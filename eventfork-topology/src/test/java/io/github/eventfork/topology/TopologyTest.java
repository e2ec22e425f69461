package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Fork;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyTest {

    private final Fork analytics = Forks.on("analytics", "signup", "login");
    private final Fork chat = Forks.on("chat", "signup");

    @Test
    void a_queue_stands_before_each_fork_in_the_order_of_the_forks() {
        // given two forks, added one after the other
        Topology topology = Topology.of("user-events").forks(chat).forks(analytics);

        // then
        assertThat(topology.topicName()).isEqualTo("user-events");
        assertThat(topology.queues()).extracting(ForkQueue::fork).containsExactly(chat, analytics);
    }

    @Test
    void adding_a_fork_leaves_the_topology_that_it_is_added_to_as_it_was() {
        // given
        Topology without = Topology.of("user-events").forks(analytics);

        // when
        without.forks(chat);

        // then
        assertThat(without.queues()).extracting(ForkQueue::name).containsExactly("analytics");
    }

    @Test
    void times_of_the_topology_hold_for_forks_added_before_and_after() {
        // given
        Topology topology = Topology.of("user-events")
                .forks(analytics)
                .withRetention(Duration.ofDays(1))
                .withDeadLetterRetention(Duration.ofDays(2))
                .withVisibilityTimeout(Duration.ofMinutes(3))
                .forks(chat);

        // then
        assertThat(topology.queues()).allSatisfy(queue -> {
            assertThat(queue.retention()).isEqualTo(Duration.ofDays(1));
            assertThat(queue.deadLetterRetention()).isEqualTo(Duration.ofDays(2));
            assertThat(queue.visibilityTimeout()).isEqualTo(Duration.ofMinutes(3));
        });
    }

    @Test
    void what_a_fork_names_for_itself_holds_against_the_topology() {
        // given a fork with a retention of its own, and a later one for all
        Topology topology = Topology.of("user-events")
                .fork(chat, queue -> queue.withRetention(Duration.ofHours(1)))
                .withRetention(Duration.ofDays(2))
                .forks(analytics);

        // then
        assertThat(topology.queues())
                .extracting(ForkQueue::retention)
                .containsExactly(Duration.ofHours(1), Duration.ofDays(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "user.events", "user events", "événements"})
    void a_topic_name_that_sns_refuses_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topology.of(name))
                .withMessage("a topic's name is 1 to 256 letters, digits, '-' and '_', was '" + name + "'");
    }

    @Test
    void a_topic_name_has_at_most_256_letters() {
        assertThat(Topology.of("t".repeat(256)).topicName()).hasSize(256);
        assertThatThrownBy(() -> Topology.of("t".repeat(257))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_name_with_the_suffix_of_fifo_topics_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topology.of("user-events.fifo"))
                .withMessage(
                        "a topic is named without '.fifo', which Topology.fifo() adds, was" + " 'user-events.fifo'");
    }

    @Test
    void two_forks_of_one_name_clash() {
        // given
        Topology topology = Topology.of("user-events").forks(chat);

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology.forks(Forks.on("chat", "login")))
                .withMessage("Topology 'user-events': two forks are named 'chat'");
    }

    @Test
    void a_queue_of_two_forks_clashes() {
        // given
        Topology topology = Topology.of("user-events").forks(chat);

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology.fork(analytics, queue -> queue.withName("chat")))
                .withMessage("Topology 'user-events': 'chat' is both the queue of fork 'chat' and the queue of fork"
                        + " 'analytics'");
    }

    @Test
    void a_fork_that_is_named_as_anothers_dead_letter_queue_clashes() {
        // given
        Topology topology = Topology.of("user-events").forks(chat);

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology.forks(Forks.on("chat-dlq", "login")))
                .withMessage("Topology 'user-events': 'chat-dlq' is both the dead-letter queue of fork 'chat' and the"
                        + " queue of fork 'chat-dlq'");
    }

    @Test
    void a_refused_change_names_the_fork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topology.of("user-events").fork(chat, queue -> queue.withRetention(Duration.ZERO)))
                .withMessageStartingWith("Topology 'user-events', fork 'chat': retention must be whole seconds");
    }

    @Test
    void a_time_for_all_that_clashes_with_a_forks_own_names_the_fork() {
        // given a fork whose dead letters are kept for 5 days
        Topology topology =
                Topology.of("user-events").fork(chat, queue -> queue.withDeadLetterRetention(Duration.ofDays(5)));

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology.withRetention(Duration.ofDays(6)))
                .withMessageStartingWith("Topology 'user-events', fork 'chat': dead-letter retention must be at least");
    }

    @Test
    void a_queue_that_forgets_a_message_before_its_last_receive_is_refused() {
        // given three receives, which take 90 s
        Fork thrice = Forks.withAttempts("thrice", 3);
        Topology longer = Topology.of("user-events").fork(thrice, queue -> queue.withRetention(Duration.ofSeconds(91)));

        // then
        assertThat(longer.queues()).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Topology.of("user-events").fork(thrice, queue -> queue.withRetention(Duration.ofSeconds(90))))
                .withMessage(
                        "Topology 'user-events', fork 'thrice': retention must be more than maxReceiveCount times the"
                                + " visibility timeout, or a message that fails expires before it is received so often: was PT1M30S,"
                                + " and 3 times PT30S");
    }

    private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:user-events";

    @Test
    void it_knows_what_its_queues_bring_and_pins_their_forks_to_that() {
        // given a queue behind the topic, one with raw delivery, and one that another topic sends to as well
        Topology topology = Topology.of("user-events")
                .forks(analytics)
                .fork(chat, ForkQueue::withRawDelivery)
                .fork(Forks.on("two", "signup"), queue -> queue.withSender(TOPIC + "-2"));

        // then
        assertThat(topology.queues().get(0).pinnedFork(TOPIC).topic()).contains(TOPIC);
        assertThat(topology.queues().get(1).pinnedFork(TOPIC).takesNoNotification())
                .isTrue();
        assertThat(topology.queues().get(2).pinnedFork(TOPIC))
                .isSameAs(topology.queues().get(2).fork());
    }

    @Test
    void a_fork_that_is_pinned_already_stays_as_it_is() {
        Fork pinned = analytics.withTopic(TOPIC);
        Fork raw = chat.withRawDelivery();

        Topology topology = Topology.of("user-events").forks(pinned).fork(raw, ForkQueue::withRawDelivery);

        assertThat(topology.queues().get(0).pinnedFork(TOPIC)).isSameAs(pinned);
        assertThat(topology.queues().get(1).pinnedFork(TOPIC)).isSameAs(raw);
    }

    @Test
    void a_fork_that_would_reject_whatever_its_queue_brings_is_refused() {
        Topology topology = Topology.of("user-events");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology.forks(analytics.withTopic(TOPIC + "-2")))
                .withMessageContaining("takes from the topic " + TOPIC + "-2 only, and is put behind 'user-events'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology.fork(analytics.withTopic(TOPIC), ForkQueue::withRawDelivery))
                .withMessageContaining("takes SNS notifications only, and its queue has raw delivery");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology.forks(analytics.withRawDelivery()))
                .withMessageContaining("give it withRawDelivery()");
    }

    @Test
    void a_fork_may_be_pinned_to_another_topic_that_may_send_to_its_queue() {
        Topology topology = Topology.of("user-events")
                .fork(analytics.withTopic(TOPIC + "-2"), queue -> queue.withSender(TOPIC + "-2"));

        assertThat(topology.queues()).hasSize(1);
    }
}
