package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0                             | PT1S",
                "30                            | PT30S",
                "' 30 '                        | PT30S",
                "43201                         | PT12H",
                "999999999                     | PT12H",
                "Sat, 31 Jan 2026 12:00:05 GMT | PT5S",
                "Sat, 31 Jan 2026 12:00:00 GMT | PT1S",
                "Sat, 31 Jan 2026 11:00:00 GMT | PT1S",
                "Sun, 31 Jan 2027 12:00:00 GMT | PT12H"
            })
    void seconds_and_dates_are_read_and_bounded(String value, Duration delay) {
        assertThat(read(value)).contains(delay);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "soon", "-1", "1.5", "9999999999", "2026-01-31T12:00:05Z", "Mon, 31 Jan 2026 12:00:05 GMT"})
    void what_is_neither_asks_for_nothing(String value) {
        assertThat(read(value)).isEmpty();
    }

    @Test
    void no_header_asks_for_nothing() {
        assertThat(RetryAfter.of(HttpHeaders.of(Map.of(), (name, value) -> true), NOW))
                .isEmpty();
    }

    private static Optional<Duration> read(String value) {
        return RetryAfter.of(HttpHeaders.of(Map.of("retry-after", List.of(value)), (name, text) -> true), NOW);
    }
}
