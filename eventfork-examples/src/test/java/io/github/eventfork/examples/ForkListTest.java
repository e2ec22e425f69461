package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.eventfork.Fork;
import io.github.eventfork.examples.standin.StandIns;
import io.github.eventfork.topology.ForkQueue;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ForkListTest {

    private final ForkList forks = UserEvents.forks();

    @Test
    void each_worker_makes_the_fork_of_its_name_and_all_forks_have_one() {
        // given
        Map<String, Supplier<Fork>> workers;
        try (StandIns standIns = StandIns.start(0)) {
            workers = forks.workers(standIns.environment());
        }

        // then
        assertThat(workers.keySet())
                .containsExactlyElementsOf(forks.shape().queues().stream()
                        .map(ForkQueue::fork)
                        .map(Fork::name)
                        .toList());
        assertThat(workers)
                .allSatisfy((name, maker) -> assertThat(maker.get().name()).isEqualTo(name));
    }

    @Test
    void a_worker_asks_for_its_own_services_only() {
        // given
        Map<String, Supplier<Fork>> workers = forks.workers(Map.of("ANALYTICS_WRITE_KEY", "k"));

        // then
        assertThat(workers.get("analytics").get().name()).isEqualTo("analytics");
        assertThatIllegalStateException()
                .isThrownBy(() -> workers.get("chat-notifications").get())
                .withMessageStartingWith("the environment lacks CHAT_WEBHOOK_URL ");
    }

    @Test
    void a_local_run_calls_the_stand_ins_whatever_the_environment_says_of_the_real_services() {
        try (StandIns standIns = StandIns.start(0)) {
            assertThat(forks.fanOut(
                                    standIns,
                                    Map.of("ANALYTICS_WRITE_KEY_SECRET", "a-secret", "CHAT_WEBHOOK_URL", "no address"))
                            .topology()
                            .queues())
                    .hasSize(3);
        }
    }
}
