package io.github.eventfork.conformance.peers;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A row of {@code known-differences.txt}: where two servers differ, what each says, which of them says what AWS says, and
 * how we know. In scenario, step, path and values, {@code *} stands for anything.
 */
record KnownDifference(Difference pattern, Right right, String source) {

    /** Who says what AWS says. */
    enum Right {
        OURS,
        THEIRS,
        /** AWS says something else than either. */
        NEITHER,
        /** AWS leaves it open, or may say either. */
        BOTH,
        /** We know of no page and no recorded answer. */
        UNKNOWN
    }

    boolean covers(Difference difference) {
        return matches(pattern.scenario(), difference.scenario())
                && matches(pattern.step(), difference.step())
                && matches(pattern.path(), difference.path())
                && matches(pattern.ours(), difference.ours())
                && matches(pattern.theirs(), difference.theirs());
    }

    private static boolean matches(String pattern, String value) {
        if (!pattern.contains("*")) {
            return pattern.equals(value);
        }
        // a star in a value is a star in its pattern, too
        String regex = Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.DOTALL).matcher(value).matches();
    }

    static boolean anyCovers(List<KnownDifference> rows, Difference difference) {
        return rows.stream().anyMatch(row -> row.covers(difference));
    }
}
