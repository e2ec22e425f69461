package io.github.eventfork.testkit;

import java.time.Duration;
import java.util.Locale;

/** Writes virtual times for people. */
final class TimeText {

    private TimeText() {}

    /** A time since the beginning, to the millisecond: {@code 01:30.500}, and {@code 2:00:00.000} from an hour on. */
    static String clock(Duration elapsed) {
        String hours = elapsed.toHours() == 0 ? "" : elapsed.toHours() + ":";
        return hours
                + String.format(
                        Locale.ROOT,
                        "%02d:%02d.%03d",
                        elapsed.toMinutesPart(),
                        elapsed.toSecondsPart(),
                        elapsed.toMillisPart());
    }

    /** A length of time: {@code 1m30.5s}. */
    static String length(Duration time) {
        return time.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
