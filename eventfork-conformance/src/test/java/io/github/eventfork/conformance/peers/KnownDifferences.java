package io.github.eventfork.conformance.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Reads {@code known-differences.txt}. A row is a heading, {@code [scenario > step]}, and five lines, each a word and what
 * it says; an empty line ends it, and a line that begins with {@code #} says something to people only.
 */
final class KnownDifferences {

    private static final String FILE = "known-differences.txt";
    private static final List<String> WORDS = List.of("path", "ours", "theirs", "right", "source");

    private KnownDifferences() {}

    static List<KnownDifference> read() {
        try (InputStream file = KnownDifferences.class.getResourceAsStream(FILE)) {
            String text = new String(Objects.requireNonNull(file, FILE).readAllBytes(), StandardCharsets.UTF_8);
            return parse(text.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<KnownDifference> parse(List<String> lines) {
        List<KnownDifference> rows = new ArrayList<>();
        Map<String, String> row = new HashMap<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]") && row.isEmpty()) {
                row.put("heading", line.substring(1, line.length() - 1));
            } else if (!line.isBlank()) {
                String word = line.split(" ", 2)[0];
                check(WORDS.contains(word) && !row.containsKey(word) && row.containsKey("heading"), number, line);
                row.put(word, line.substring(word.length()).strip());
            }
            if (row.size() == WORDS.size() + 1) {
                rows.add(row(row, number));
                row.clear();
            }
        }
        check(row.isEmpty(), number, "the last row is not complete");
        return rows;
    }

    private static KnownDifference row(Map<String, String> row, int number) {
        String[] heading = get(row, "heading").split(" > ", 2);
        check(heading.length == 2, number, "a heading is [scenario > step]");
        check(!get(row, "source").isBlank(), number, "a row says how we know");
        return new KnownDifference(
                new Difference(heading[0], heading[1], get(row, "path"), get(row, "ours"), get(row, "theirs")),
                KnownDifference.Right.valueOf(get(row, "right").toUpperCase(Locale.ROOT)),
                get(row, "source"));
    }

    private static String get(Map<String, String> row, String word) {
        return Objects.requireNonNull(row.get(word), word);
    }

    private static void check(boolean holds, int line, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(FILE + " line " + line + ": " + otherwise);
        }
    }
}
