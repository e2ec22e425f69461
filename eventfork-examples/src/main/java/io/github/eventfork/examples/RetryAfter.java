package io.github.eventfork.examples;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads <a href="https://www.rfc-editor.org/rfc/rfc9110#name-retry-after">Retry-After</a>: seconds, or a date. */
final class RetryAfter {

    /** No delay would use up all tries of an event at once. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    /** What SQS hides a message for at most. */
    private static final Duration MOST = Duration.ofHours(12);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private RetryAfter() {}

    /** The delay that an answer asks for: 1 s to 12 h; empty if it asks for none, or not in a way that is known. */
    static Optional<Duration> of(HttpHeaders headers, Instant now) {
        return headers.firstValue("Retry-After").map(String::strip).flatMap(value -> read(value, now));
    }

    private static Optional<Duration> read(String value, Instant now) {
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(value))));
        }
        try {
            Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            return Optional.of(bounded(Duration.between(now, then)));
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration delay) {
        return delay.compareTo(LEAST) < 0 ? LEAST : delay.compareTo(MOST) > 0 ? MOST : delay;
    }
}
