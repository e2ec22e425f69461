package io.github.eventfork.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON inside of attributes: written from maps and lists, and compared as what it means. */
final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final ObjectMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** Names and values in turn; keeps their order. */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /**
     * What {@code text} says, its numbers as they are written.
     *
     * @throws IllegalArgumentException if it is no JSON
     */
    static JsonNode read(String text) {
        try {
            return EXACT.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the filter policy is no JSON", e);
        }
    }

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and lists of strings and numbers are always JSON", e);
        }
    }

    /** Whether {@code standing} says the same as {@code wanted}, however it is spaced; what is no JSON says nothing. */
    static boolean same(String wanted, @Nullable String standing) {
        if (standing == null) {
            return false;
        }
        try {
            return MAPPER.readTree(wanted).equals(MAPPER.readTree(standing));
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
