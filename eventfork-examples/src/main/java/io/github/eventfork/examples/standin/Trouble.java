package io.github.eventfork.examples.standin;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A spell in which a service does not do its work. As text it reads {@code mailing-list=limit:3s@20}: from the 20th call on,
 * for three seconds, the mailing list refuses calls and says when to come back. Immutable.
 *
 * @param service which service, by the name of its fork
 * @param kind what is wrong
 * @param length how long it lasts, from the call on with which it begins
 * @param from the call with which it begins, counted from 1; if there were more calls already, the next one
 */
public record Trouble(String service, Kind kind, Duration length, long from) {

    private static final Pattern TEXT = Pattern.compile("([a-z-]+)=([a-z]+):(\\d{1,6})(ms|s)(?:@(\\d{1,9}))?");

    /** What is wrong in a spell. */
    public enum Kind {
        /** Calls are answered 429, and Retry-After says when the spell is over. */
        LIMIT,
        /** Calls are answered 500. */
        FAIL,
        /** Calls are done, and answered when the spell is over. */
        SLOW,
        /** Calls are done, and the connection is closed in the middle of the answer. */
        CUT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads the text of one.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Trouble parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "trouble reads as mailing-list=limit:3s or chat-notifications=fail:500ms@20, was '" + text + "'");
        }
        Duration length = matcher.group(4).equals("s")
                ? Duration.ofSeconds(Long.parseLong(matcher.group(3)))
                : Duration.ofMillis(Long.parseLong(matcher.group(3)));
        long from = matcher.group(5) == null ? 1 : Long.parseLong(matcher.group(5));
        return new Trouble(matcher.group(1), kind(matcher.group(2)), length, from);
    }

    private static Kind kind(String name) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no trouble '" + name + "': "
                        + Arrays.stream(Kind.values()).map(Kind::toString).collect(Collectors.joining(", "))));
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        boolean seconds = length.toMillis() % 1000 == 0;
        return service + "=" + kind + ":" + (seconds ? length.toSeconds() + "s" : length.toMillis() + "ms")
                + (from == 1 ? "" : "@" + from);
    }
}
