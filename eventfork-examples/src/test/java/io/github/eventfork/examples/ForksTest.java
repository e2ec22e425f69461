package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.topology.ForkQueue;
import io.github.eventfork.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForksTest {

    private final Topology topology = UserEvents.outline();

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

    @ParameterizedTest
    @CsvSource({"1, 1000, 2000", "2, 2000, 4000"})
    void failures_wait_longer_each_time_and_not_all_equally_long(int attempt, long least, long most) {
        // given
        Random random = new Random(1);

        // then
        assertThat(topology.queues()).allSatisfy(queue -> {
            RetryPolicy retry = queue.fork().retry();
            assertThat(Stream.generate(() -> retry.delayAfter(attempt, new IOException("503"), random))
                            .limit(20)
                            .map(Duration::toMillis)
                            .collect(Collectors.toSet()))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(delay -> assertThat(delay).isBetween(least, most));
        });
    }

    @ParameterizedTest
    @CsvSource({"analytics, 2", "chat-notifications, 1"})
    void a_publisher_that_publishes_twice_is_known_by_its_own_id(String name, int runs) {
        // given an event whose publisher sends it twice, and one of a publisher that sends no id
        List<String> keys = new ArrayList<>();
        Message event = Message.sns("signup", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}");
        Message first = event.attribute("id", "e-001");
        Fork fork = recording(name, keys);

        // when
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(first, first.publishedAgain(), event.eventId("sns-1"));
        }

        // then the service gets one key twice and drops the second, or nothing runs for it
        List<String> expected = new ArrayList<>(Collections.nCopies(runs, name + "#e-001"));
        expected.add(name + "#sns:46:arn:aws:sns:us-east-2:111122223333:user-events:sns-1");
        assertThat(keys).isEqualTo(expected);
    }

    private static Fork recording(String name, List<String> keys) {
        ForkListener listener = new ForkListener() {
            @Override
            public Scope started(Event<?> event) {
                keys.add(event.key().orElse("none"));
                return Scope.NONE;
            }
        };
        Fork fork =
                name.equals("analytics") ? Forks.analytics((event, email) -> {}) : Forks.chatNotifications(text -> {});
        return fork.withListener(listener);
    }

    @Test
    void what_a_fork_lacks_fails_it_and_is_named() {
        // given a process whose environment names no service, such as this one
        assertThat(System.getenv()).doesNotContainKeys("MAILING_LIST_URL", "CHAT_WEBHOOK_URL", "ANALYTICS_WRITE_KEY");

        // then
        assertThatIllegalStateException().isThrownBy(Forks::analytics).withMessageContaining("ANALYTICS_WRITE_KEY");
        assertThatIllegalStateException()
                .isThrownBy(Forks::mailingList)
                .withMessageContainingAll("MAILING_LIST_URL", "MAILING_LIST_ID", "MAILING_LIST_API_KEY");
        assertThatIllegalStateException()
                .isThrownBy(Forks::chatNotifications)
                .withMessageContaining("CHAT_WEBHOOK_URL");
    }

    private ForkQueue queue(String fork) {
        return topology.queues().stream()
                .filter(queue -> queue.fork().name().equals(fork))
                .findFirst()
                .orElseThrow();
    }
}
