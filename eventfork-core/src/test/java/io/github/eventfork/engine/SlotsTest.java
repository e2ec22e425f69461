package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private final List<Work> started = new ArrayList<>();
    private final Slots slots = new Slots(2, started::add);
    private final Work first = work("m-1");
    private final Work second = work("m-2");
    private final Work third = work("m-3");
    private final Work fourth = work("m-4");

    @Test
    void as_many_start_as_there_are_slots_and_the_others_in_their_turn() {
        Stream.of(first, second, third, fourth).forEach(slots::offer);
        assertThat(started).containsExactly(first, second);

        slots.giveUp();
        assertThat(started).containsExactly(first, second, third);
        slots.giveUp();
        assertThat(started).containsExactly(first, second, third, fourth);
    }

    @Test
    void a_slot_that_nobody_waits_for_is_free_again() {
        slots.offer(first);
        slots.offer(second);
        assertThat(slots.load()).isEqualTo(new Dispatcher.Load(0, 0, 0));

        slots.giveUp();
        assertThat(slots.load()).isEqualTo(new Dispatcher.Load(1, 0, 1));
        slots.offer(third);
        assertThat(started).containsExactly(first, second, third);
    }

    @Test
    void what_waits_can_be_taken_out_and_what_has_started_not() {
        Stream.of(first, second, third, fourth).forEach(slots::offer);
        assertThat(slots.load()).isEqualTo(new Dispatcher.Load(0, 2, 0));

        assertThat(slots.take(first)).isFalse();
        assertThat(slots.take(third)).isTrue();
        assertThat(slots.takeWaiting()).containsExactly(fourth);
        assertThat(slots.takeWaiting()).isEmpty();
        slots.giveUp();
        assertThat(started).containsExactly(first, second);
    }

    @Test
    void a_slot_in_which_nothing_could_begin_goes_to_the_next_and_is_free_if_there_is_none() {
        // given one slot, for which nobody but the first gets a thread
        List<Work> refused = new ArrayList<>();
        Slots one = new Slots(1, work -> work == first || !refused.add(work));
        Stream.of(first, second, third, fourth).forEach(one::offer);

        one.giveUp();

        assertThat(refused).containsExactly(second, third, fourth);
        assertThat(one.load()).isEqualTo(new Dispatcher.Load(1, 0, 1));
    }

    private static Work work(String id) {
        Delivery delivery = Delivery.of("orders", id, "").build();
        return new Work(delivery, KeptLease.lasting(ForkRuntime.system(), Duration.ofMinutes(1)));
    }
}
