package io.github.eventfork.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.eventfork.text.LogText;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
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

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}\\p{M}]+");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    /** Remembers no names of members, which strangers choose. */
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build());

    /** Where services put into words what they don't like; all else that they answer is not shown. */
    private static final List<String> WORDS = List.of("title", "detail", "message", "error", "code");

    /** An answer that is no JSON is shown if it is plain words; not the page of a proxy. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][\\w .,:;'-]*");

    private static final Pattern FORMS = Pattern.compile(
            "\\S*(?:@|%40)\\S*|\\S+://\\S*|[A-Za-z0-9+/=_-]*(?:[0-9a-fA-F]{16}|[A-Za-z0-9+/=]{24})\\S*");

    /** Hidden wherever they stand. */
    private final Set<String> parts = new LinkedHashSet<>();

    /** Hidden where they are a whole word. */
    private final Set<String> words = new HashSet<>();

    /** A mask over a token, and over what is personal. */
    Mask(String token, String... personal) {
        Stream.concat(Stream.of(token), Arrays.stream(personal)).forEach(value -> {
            if (!value.isBlank()) {
                parts.add(folded(value));
            }
            BETWEEN_WORDS.splitAsStream(value).filter(word -> word.length() > 1).forEach(this::hide);
        });
    }

    /** A word of Latin letters stands between signs; other scripts may do without. */
    private void hide(String word) {
        (word.chars().allMatch(letter -> letter < 128) ? words : parts).add(folded(word));
    }

    /** Character by character, so that each stays at its place. */
    private static String folded(String text) {
        char[] folded = text.toCharArray();
        for (int i = 0; i < folded.length; i++) {
            folded[i] = Character.toLowerCase(Character.toUpperCase(folded[i]));
        }
        return new String(folded);
    }

    /**
     * The text with what is known hidden. It is looked through once for each part and once for all words: the text is short,
     * so this is linear in what is to be hidden, however much that is.
     */
    private String masked(String text) {
        String folded = folded(text);
        BitSet hidden = new BitSet(text.length());
        for (String part : parts) {
            for (int at = folded.indexOf(part); at >= 0; at = folded.indexOf(part, at + 1)) {
                hidden.set(at, at + part.length());
            }
        }
        Matcher word = WORD.matcher(folded);
        while (word.find()) {
            if (words.contains(word.group())) {
                hidden.set(word.start(), word.end());
            }
        }
        StringBuilder shown = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            if (!hidden.get(at)) {
                shown.append(text.charAt(at));
            } else if (at == 0 || !hidden.get(at - 1)) {
                shown.append(HIDDEN);
            }
        }
        return shown.toString();
    }

    /** What {@code body} says, after {@code ": "}; an empty text if it says nothing that can be shown. */
    String said(String body) {
        String words = words(body);
        String some = words.length() > READ ? words.substring(0, READ) : words;
        String masked = FORMS.matcher(masked(some)).replaceAll(HIDDEN);
        String line = LogText.escaped(masked.replaceAll("[\\p{Cntrl}\\s]+", " ").strip());
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
