package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final Lanes lanes = new Lanes();
    private final Work first = work("m-1", "g");
    private final Work second = work("m-2", "g");
    private final Work third = work("m-3", "g");

    @Test
    void the_first_of_a_lane_is_its_head_and_others_wait_in_order() {
        assertThat(lanes.offer(first)).isTrue();
        assertThat(lanes.offer(second)).isFalse();
        assertThat(lanes.offer(third)).isFalse();

        assertThat(lanes.next("g")).isSameAs(second);
        assertThat(lanes.next("g")).isSameAs(third);
    }

    @Test
    void a_lane_whose_last_delivery_has_had_its_turn_is_forgotten() {
        // given a lane of one
        lanes.offer(first);

        // when its turn is over
        assertThat(lanes.next("g")).isNull();

        // then the next is a head again
        assertThat(lanes.offer(second)).isTrue();
    }

    @Test
    void lanes_do_not_wait_for_each_other() {
        lanes.offer(first);

        assertThat(lanes.offer(work("m-9", "another"))).isTrue();
    }

    @Test
    void taking_the_rest_leaves_the_lane_to_its_head() {
        // given a head with two behind it
        lanes.offer(first);
        lanes.offer(second);
        lanes.offer(third);

        // when the rest is taken
        assertThat(lanes.takeRest(first)).containsExactly(second, third);

        // then what comes next still waits for the head
        assertThat(lanes.anyBehind("g")).isFalse();
        assertThat(lanes.offer(work("m-4", "g"))).isFalse();
    }

    @Test
    void taking_from_one_on_leaves_what_stands_before_it() {
        // given a head with three behind it
        Work fourth = work("m-4", "g");
        Stream.of(first, second, third, fourth).forEach(lanes::offer);

        assertThat(lanes.takeFrom(third)).containsExactly(third, fourth);

        assertThat(lanes.next("g")).isSameAs(second);
        assertThat(lanes.next("g")).isNull();
    }

    @Test
    void what_does_not_wait_is_not_taken() {
        lanes.offer(first);
        lanes.offer(second);

        assertThat(lanes.takeFrom(third)).isEmpty();
        assertThat(lanes.take(first)).isFalse();
        assertThat(lanes.take(second)).isTrue();
        assertThat(lanes.anyBehind("g")).isFalse();
    }

    @Test
    void what_is_behind_a_head_can_be_looked_at() {
        lanes.offer(first);
        lanes.offer(second);

        assertThat(lanes.behind("g")).containsExactly(second);
        assertThat(lanes.behind("h")).isEmpty();
    }

    @Test
    void on_a_standard_queue_a_group_is_a_tenant_and_no_lane() {
        Delivery one = Delivery.of("orders", "m-1", "").group("g").build();
        Delivery other = Delivery.of("orders", "m-2", "").group("g").build();

        assertThat(work(one).lane()).isNotEqualTo(work(other).lane());
    }

    private static Work work(Delivery delivery) {
        return new Work(delivery, KeptLease.lasting(ForkRuntime.system(), Duration.ofMinutes(1)));
    }

    private static Work work(String id, String group) {
        return work(Delivery.of("orders.fifo", id, "").group(group).build());
    }
}
