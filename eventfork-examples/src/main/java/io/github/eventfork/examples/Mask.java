package io.github.eventfork.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Shows what a service said about a request, without what the request held: services like to quote. What is secret or
 * personal becomes {@code ***}, each word of it too; so does whatever has the form of an address, a link or a key.
 */
final class Mask {

    private static final String HIDDEN = "***";
    private static final int LONGEST = 200;

    /** Enough for the longest, whatever is masked of it. */
    private static final int READ = 2_000;

    private static final String NEVER = "(?!)";
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}\\p{M}]+");
    private static final JsonMapper JSON = new JsonMapper();

    /** Where services put into words what they don't like; all else that they answer is not shown. */
    private static final List<String> WORDS = List.of("title", "detail", "message", "error", "code");

    /** An answer that is no JSON is shown if it is plain words; not the page of a proxy. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][\\w .,:;'-]*");

    private static final Pattern FORMS = Pattern.compile(
            "\\S*(?:@|%40)\\S*|\\S+://\\S*|[A-Za-z0-9+/=_-]*(?:[0-9a-fA-F]{16}|[A-Za-z0-9+/=]{24})\\S*");

    private final Pattern known;

    /** A mask over a token, and over what is personal. */
    Mask(String token, String... personal) {
        Set<String> hidden = new LinkedHashSet<>();
        for (String value :
                Stream.concat(Stream.of(token), Arrays.stream(personal)).toList()) {
            if (!value.isBlank()) {
                hidden.add(Pattern.quote(value));
            }
            BETWEEN_WORDS
                    .splitAsStream(value)
                    .filter(word -> word.length() > 1)
                    .map(Mask::word)
                    .forEach(hidden::add);
        }
        this.known = Pattern.compile(
                hidden.isEmpty() ? NEVER : String.join("|", hidden), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** A word of Latin letters stands between signs; other scripts may do without. */
    private static String word(String word) {
        String quoted = Pattern.quote(word);
        return word.chars().allMatch(letter -> letter < 128)
                ? "(?<![\\p{L}\\p{N}])" + quoted + "(?![\\p{L}\\p{N}])"
                : quoted;
    }

    /** What {@code body} says, after {@code ": "}; an empty text if it says nothing that can be shown. */
    String said(String body) {
        String words = words(body);
        String some = words.length() > READ ? words.substring(0, READ) : words;
        String masked = FORMS.matcher(known.matcher(some).replaceAll(HIDDEN)).replaceAll(HIDDEN);
        String line = masked.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        String cut = line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
        return cut.isEmpty() ? "" : ": " + cut;
    }

    private static String words(String body) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isObject()) {
                return WORDS.stream()
                        .map(json::path)
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .collect(Collectors.joining(": "));
            }
        } catch (JsonProcessingException noJson) {
            // then it may be words
        }
        return PLAIN.matcher(body.strip()).matches() ? body.strip() : "";
    }
}
