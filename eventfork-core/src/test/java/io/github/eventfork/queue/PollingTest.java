package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollingTest {

    @ParameterizedTest(name = "lease {0} s, long poll {1} s, drain {2} s: waits {3} s, hides for {4} s")
    @CsvSource({
        // the defaults: the drain bounds what is hidden, and 5 s are left at the end of the long poll
        "30, 20, 25, 20, 25",
        // a long drain bounds nothing: a lease is left
        "30, 20, 300, 20, 50",
        "2, 20, 25, 20, 22",
        "1, 2, 25, 2, 3",
        // a shorter drain polls oftener, and one of less than 10 s counts as 10 s
        "30, 20, 15, 10, 15",
        "30, 20, 10, 5, 10",
        "30, 20, 3, 5, 10",
        "30, 20, 0, 5, 10",
        // who does not wait has the whole lease
        "30, 0, 60, 0, 30",
        "30, 0, 25, 0, 25",
        // the most that SQS hides
        "43200, 20, 86400, 20, 43200"
    })
    void what_a_poll_asks_for(long lease, long longPoll, long drain, long waits, long hides) {
        assertThat(Polling.of(seconds(lease), seconds(longPoll), seconds(drain)))
                .isEqualTo(new Polling(seconds(waits), seconds(hides)));
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
