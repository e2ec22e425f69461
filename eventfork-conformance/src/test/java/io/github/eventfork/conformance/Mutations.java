package io.github.eventfork.conformance;

import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes hostile bodies of good ones, by chance alone: the same source of chance makes the same bodies. Not thread-safe.
 */
final class Mutations {

    private static final Pattern KEY = Pattern.compile("\\\\?\"[A-Za-z_-]+\\\\?\"\\s*:");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private static final List<String> KEYS = List.of(
            "Type",
            "MessageId",
            "TopicArn",
            "Message",
            "Timestamp",
            "MessageAttributes",
            "Subject",
            "Value",
            "event",
            "id",
            "source",
            "time",
            "version",
            "detail-type",
            "account",
            "region",
            "resources",
            "detail",
            "specversion",
            "type",
            "data",
            "data_base64",
            "datacontenttype",
            "email",
            "age",
            "tags",
            "@class",
            "@type",
            "__proto__",
            "");

    private static final List<String> NUMBERS = List.of(
            "1e999999999", "-1e-999999999", "1e1000000000000", "00", "-0", "-", "1.", "1e", "0x1F", "NaN", "1e400");

    private static final List<String> SIGNS = List.of(
            "\uFEFF",
            "\uD800",
            "\uDC00",
            "\\uD800",
            "\\uDFFF\\uD800",
            "\0",
            "\\u0000",
            "\u2028",
            "\u202E",
            "\r\n",
            "\u001b[2J",
            "\\",
            "\\u",
            "\\x",
            "\"",
            "\\\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "/*",
            "//",
            "null",
            "\uD83D\uDE00",
            "\u0130",
            "e\u0301",
            "\uFFFE",
            "java.lang.ProcessBuilder");

    private final List<String> originals;
    private final Random random;

    Mutations(List<String> originals, Random random) {
        this.originals = originals;
        this.random = random;
    }

    /** {@code body} after one to three changes. */
    String of(String body) {
        String changed = body;
        for (int change = random.nextInt(3); change >= 0; change--) {
            changed = changed(changed);
        }
        return changed;
    }

    private String changed(String body) {
        return switch (random.nextInt(9)) {
            case 0 -> body.substring(0, place(body));
            case 1 -> flipped(body);
            case 2 -> repeated(body);
            case 3 -> body.substring(0, place(body)) + spliced();
            case 4 -> nested(body);
            case 5 -> inserted(body, place(body), any(SIGNS));
            case 6 -> replaced(body, NUMBER, hugeNumber());
            case 7 -> replaced(body, KEY, '"' + any(KEYS) + "\":");
            default -> keyTwice(body);
        };
    }

    private String flipped(String body) {
        if (body.isEmpty()) {
            return "\0";
        }
        int at = random.nextInt(body.length());
        char flipped = (char) (body.charAt(at) ^ 1 << random.nextInt(16));
        return body.substring(0, at) + flipped + body.substring(at + 1);
    }

    private String repeated(String body) {
        int from = place(body);
        int to = from + random.nextInt(Math.min(200, body.length() - from) + 1);
        return body.substring(0, to) + body.substring(from);
    }

    private String spliced() {
        String other = any(originals);
        return other.substring(place(other));
    }

    /** Some levels, now and then so many that recursion would overflow a stack; not always closed. */
    private String nested(String body) {
        int levels = random.nextInt(50) == 0 ? 10_000 : random.nextInt(700);
        String[] kind = random.nextBoolean() ? new String[] {"[", "]"} : new String[] {"{\"a\":", "}"};
        int from = Math.max(body.indexOf(':', place(body)), 0) + 1;
        String opened = inserted(body, from, kind[0].repeat(levels));
        int to = opened.indexOf(',', from + kind[0].length() * levels);
        return to < 0 ? opened : inserted(opened, to, kind[1].repeat(levels));
    }

    private String hugeNumber() {
        int digits = random.nextInt(50) == 0 ? 100_000 : random.nextInt(1_200) + 1;
        String huge = "9".repeat(digits);
        return switch (random.nextInt(4)) {
            case 0 -> huge;
            case 1 -> "0." + huge;
            case 2 -> "-" + huge + "e" + huge;
            default -> any(NUMBERS);
        };
    }

    private String keyTwice(String body) {
        int at = Math.max(body.indexOf('{', place(body)), body.indexOf('{')) + 1;
        return inserted(body, at, '"' + any(KEYS) + "\":\"x\",");
    }

    private String replaced(String body, Pattern what, String by) {
        List<MatchResult> found = what.matcher(body).results().limit(100).toList();
        if (found.isEmpty()) {
            return inserted(body, place(body), by);
        }
        MatchResult one = any(found);
        return body.substring(0, one.start()) + by + body.substring(one.end());
    }

    private static String inserted(String body, int at, String text) {
        int place = Math.min(at, body.length());
        return body.substring(0, place) + text + body.substring(place);
    }

    private int place(String body) {
        return random.nextInt(body.length() + 1);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
