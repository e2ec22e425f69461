package io.github.eventfork.envelope;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON text, written as an <a href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901</a> pointer such as
 * {@code /user/email}.
 *
 * <p>Immutable and thread-safe. Nothing here is null.
 */
public final class Pointer {
    private final String expression;
    private final List<Segment> segments;

    private Pointer(String expression, List<Segment> segments) {
        this.expression = expression;
        this.segments = segments;
    }

    /**
     * Returns the pointer that {@code expression} spells; the empty text points at the whole document.
     *
     * @throws IllegalArgumentException if it does not begin with {@code /}, or has a {@code ~} not followed by 0 or 1
     */
    public static Pointer compile(String expression) {
        if (!expression.isEmpty() && !expression.startsWith("/")) {
            throw new IllegalArgumentException("JSON pointer must begin with '/', was '" + expression + "'");
        }
        if (expression.replace("~0", "").replace("~1", "").contains("~")) {
            throw new IllegalArgumentException(
                    "'~' in a JSON pointer must be written '~0' ('/' is '~1'), was '" + expression + "'");
        }
        List<Segment> segments = new ArrayList<>();
        for (JsonPointer rest = JsonPointer.compile(expression); !rest.matches(); rest = rest.tail()) {
            segments.add(new Segment(rest.getMatchingProperty(), rest.getMatchingIndex()));
        }
        return new Pointer(expression, List.copyOf(segments));
    }

    /** Returns the names, or indexes as text, on the way from the root to the place, unescaped. */
    public List<String> segments() {
        return segments.stream().map(Segment::name).toList();
    }

    /**
     * Returns the scalar at this place as text: a string's value, or the JSON text of a number, {@code true} or
     * {@code false}. Empty if {@code json} has null, an object, an array or nothing there, or is not one JSON text.
     *
     * <p>Of a name that is there twice the last counts, as it does for the payload's reader. Never throws.
     */
    public Optional<String> in(String json) {
        try (JsonParser parser = Json.parser(json)) {
            parser.nextToken();
            String found = find(parser, 0);
            boolean oneText = parser.nextToken() == null;
            return oneText ? Optional.ofNullable(found) : Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /** Reads the value that the parser stands at to its end; its depth is bounded by the parser's nesting limit. */
    private @Nullable String find(JsonParser parser, int depth) throws IOException {
        if (depth == segments.size()) {
            return scalar(parser);
        }
        Segment wanted = segments.get(depth);
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return findInObject(parser, depth, wanted.name());
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            return findInArray(parser, depth, wanted.index());
        }
        return null;
    }

    private @Nullable String findInObject(JsonParser parser, int depth, String name) throws IOException {
        String found = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean here = parser.currentName().equals(name);
            parser.nextToken();
            if (here) {
                found = find(parser, depth + 1);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private @Nullable String findInArray(JsonParser parser, int depth, int index) throws IOException {
        String found = null;
        for (int at = 0; parser.nextToken() != JsonToken.END_ARRAY; at++) {
            if (at == index) {
                found = find(parser, depth + 1);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private static @Nullable String scalar(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null || token == JsonToken.VALUE_NULL || !token.isScalarValue()) {
            parser.skipChildren();
            return null;
        }
        return parser.getText();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Pointer that && expression.equals(that.expression);
    }

    @Override
    public int hashCode() {
        return expression.hashCode();
    }

    /** Returns the pointer as it was given to {@link #compile}. */
    @Override
    public String toString() {
        return expression;
    }

    /** One step; {@code index} is negative if the name is no array index. */
    private record Segment(String name, int index) {}
}
