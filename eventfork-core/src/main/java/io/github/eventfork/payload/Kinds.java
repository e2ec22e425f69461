package io.github.eventfork.payload;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The plain words for what a Java type wants to read and for what a JSON token is. */
final class Kinds {
    private static final String DATE_TIME = "a date-time (ISO 8601)";

    /** Types that are written as a string of a certain form. */
    private static final Map<Class<?>, String> SPELLED = Map.ofEntries(
            Map.entry(Instant.class, DATE_TIME),
            Map.entry(OffsetDateTime.class, DATE_TIME),
            Map.entry(ZonedDateTime.class, DATE_TIME),
            Map.entry(LocalDateTime.class, DATE_TIME),
            Map.entry(Date.class, DATE_TIME),
            Map.entry(Calendar.class, DATE_TIME),
            Map.entry(LocalDate.class, "a date (ISO 8601)"),
            Map.entry(LocalTime.class, "a time (ISO 8601)"),
            Map.entry(OffsetTime.class, "a time (ISO 8601)"),
            Map.entry(Duration.class, "a duration (ISO 8601)"),
            Map.entry(Period.class, "a period (ISO 8601)"),
            Map.entry(UUID.class, "a UUID"),
            Map.entry(byte[].class, "a base64 string"));

    private static final Map<Class<?>, String> SIMPLE = Map.of(
            boolean.class, "a boolean",
            Boolean.class, "a boolean",
            char.class, "a string",
            Character.class, "a string",
            int.class, "a number",
            long.class, "a number",
            short.class, "a number",
            byte.class, "a number",
            double.class, "a number",
            float.class, "a number");

    private Kinds() {}

    static boolean isSpelled(Class<?> type) {
        return SPELLED.containsKey(type) || isEnum(type);
    }

    static String expected(Class<?> type) {
        if (isEnum(type)) {
            return "one of the constants of " + (type.isEnum() ? type : type.getSuperclass()).getSimpleName();
        }
        String exact = SPELLED.getOrDefault(type, SIMPLE.get(type));
        return exact == null ? family(type) : exact;
    }

    /** A constant with a body is of a class of its own. */
    private static boolean isEnum(Class<?> type) {
        return Enum.class.isAssignableFrom(type) && type != Enum.class;
    }

    private static String family(Class<?> type) {
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a string";
        }
        if (Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        boolean list = type.isArray() || Collection.class.isAssignableFrom(type) || type == ArrayNode.class;
        return list ? "an array" : "an object";
    }

    static String found(@Nullable JsonToken token) {
        if (token == null) {
            return "not";
        }
        return switch (token) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case START_OBJECT, FIELD_NAME, END_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> "not";
        };
    }
}
