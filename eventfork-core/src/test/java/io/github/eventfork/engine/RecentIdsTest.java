package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The memory of finished messages is bounded. */
class RecentIdsTest {

    @Test
    void of_more_than_10_000_the_oldest_is_forgotten() {
        RecentIds ids = new RecentIds();
        for (int i = 0; i <= 10_000; i++) {
            ids.add("m-" + i);
        }

        assertThat(ids.contains("m-0")).isFalse();
        assertThat(ids.contains("m-1")).isTrue();
        assertThat(ids.contains("m-10000")).isTrue();
    }
}
