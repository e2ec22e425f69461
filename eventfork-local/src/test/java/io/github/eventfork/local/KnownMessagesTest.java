package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownMessagesTest {
    private final KnownMessages known = new KnownMessages();

    @Test
    void a_message_is_known_from_when_it_came_until_it_went() {
        known.came("q", "1");
        known.came("q", "2");
        known.came("other", "1");

        known.went("q", "1");

        assertThat(known.of("q").keySet()).containsExactly("2");
        assertThat(known.of("other").keySet()).containsExactly("1");
    }

    @Test
    void messages_are_known_in_the_order_in_which_they_came() {
        known.came("q", "b");
        known.came("q", "a");
        known.came("q", "c");

        assertThat(known.of("q").keySet()).containsExactly("b", "a", "c");
    }

    @Test
    void a_message_that_came_again_meanwhile_is_not_forgotten() {
        // given one who looked for it before it came again
        known.came("q", "1");
        Map<String, Long> looked = known.of("q");
        known.went("q", "1");
        known.came("q", "1");

        // when
        known.forget("q", "1", looked.getOrDefault("1", 0L));

        // then
        assertThat(known.of("q").keySet()).containsExactly("1");
    }

    @Test
    void a_message_that_is_looked_for_in_vain_is_forgotten() {
        known.came("q", "1");

        known.forget("q", "1", known.of("q").getOrDefault("1", 0L));

        assertThat(known.of("q")).isEmpty();
    }

    @Test
    void of_a_queue_that_went_nothing_is_known_and_what_went_twice_is_no_matter() {
        known.came("q", "1");

        known.queueWent("q");
        known.went("q", "1");
        known.forget("q", "1", 1);

        assertThat(known.of("q")).isEmpty();
    }

    @Test
    void what_is_told_stays_as_it_was() {
        known.came("q", "1");
        Map<String, Long> told = known.of("q");

        known.came("q", "2");

        assertThat(told).hasSize(1);
    }

    @Test
    void a_look_is_due_when_there_are_twice_as_many_as_the_last_one_left() {
        // given 1,001, all of which stand
        for (int i = 0; i < 1_000; i++) {
            known.came("q", "m" + i);
        }
        assertThat(known.isLookDue("q")).isFalse();
        known.came("q", "m1000");
        assertThat(known.isLookDue("q")).isTrue();
        known.looked("q");

        // when 1,001 more come, then the last is too many
        for (int i = 0; i < 1_001; i++) {
            known.came("q", "n" + i);
        }
        assertThat(known.isLookDue("q")).isFalse();
        known.came("q", "n1001");
        assertThat(known.isLookDue("q")).isTrue();
    }
}
