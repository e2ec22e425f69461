package io.github.eventfork.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/** The JSON inside of attributes: written from maps and lists, and compared as what it means. */
final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

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
