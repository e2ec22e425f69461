package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.topology.ForkQueue;
import io.github.eventfork.topology.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForksTest {

    private final Topology topology =
            UserEvents.topology(new InMemoryEventCounter(), new InMemorySubscribers(), new InMemoryChat());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "analytics          | {\"event\":[\"signup\",\"login\"]}",
                "mailing-list       | {\"event\":[\"signup\"]}",
                "chat-notifications | {\"event\":[\"signup\"]}"
            })
    void each_queue_takes_the_events_of_its_forks_routes(String fork, String policy) {
        assertThat(queue(fork).filterPolicy().json()).isEqualTo(policy);
    }

    @Test
    void there_are_three_forks_behind_the_topic() {
        assertThat(topology.queues())
                .extracting(ForkQueue::name)
                .containsExactly("analytics", "mailing-list", "chat-notifications");
    }

    @Test
    void an_event_is_tried_three_times() {
        assertThat(topology.queues()).extracting(ForkQueue::maxReceiveCount).containsOnly(3);
    }

    @Test
    void lambda_runs_the_same_forks() {
        assertThat(new Fork[] {Forks.analytics(), Forks.mailingList(), Forks.chatNotifications()})
                .extracting(Fork::name)
                .containsExactly("analytics", "mailing-list", "chat-notifications");
    }

    private ForkQueue queue(String fork) {
        return topology.queues().stream()
                .filter(queue -> queue.fork().name().equals(fork))
                .findFirst()
                .orElseThrow();
    }
}
