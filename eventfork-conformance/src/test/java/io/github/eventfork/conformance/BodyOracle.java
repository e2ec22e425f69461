package io.github.eventfork.conformance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says once more, by the plainest means, what event a body holds, if any: all top-level fields are gathered first, and
 * judged then by the rules as the pages of AWS and CloudEvents have them. Slow, and shares no code with eventfork.
 */
final class BodyOracle {

    /** An event that is to be handled: its type and its payload as the handler is to see it. */
    record Event(String type, Object payload) {}

    /** A field, and its value: the text of a string, else JSON. */
    private record Field(String name, JsonToken token, String text, String json) {}

    private record Found(@Nullable String type, @Nullable String text) {}

    private static final Pattern TOPIC = Pattern.compile("arn:[^:]+:sns:[^:]*:\\d{12}:.*", Pattern.DOTALL);

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(500)
                    .maxNumberLength(1_000)
                    .build())
            .build();

    private final ObjectMapper payloads = JsonMapper.builder(FACTORY)
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Map<String, Class<?>> routes;

    /** An oracle for a fork with these routes, which reads the type where forks do by default. */
    BodyOracle(Map<String, Class<?>> routes) {
        this.routes = routes;
    }

    /** The event that a fork is to handle; nothing if the delivery is to be rejected. */
    Optional<Event> of(String body, Optional<String> attribute) {
        if (body.length() > 1_048_576) {
            return Optional.empty();
        }
        Found found = found(body, attribute.orElse(null));
        Class<?> payloadType = found.type == null ? null : routes.get(found.type);
        if (payloadType == null || found.text == null) {
            return Optional.empty();
        }
        return payload(found.text, payloadType).map(payload -> new Event(found.type, payload));
    }

    private Optional<Object> payload(String text, Class<?> type) {
        if (type == String.class) {
            return Optional.of(text);
        }
        try {
            return text.isBlank()
                    ? Optional.empty()
                    : Optional.<Object>ofNullable(payloads.readValue(text, type))
                            .filter(BodyOracle::hasNumbersOfUse);
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Arithmetic with others hangs. */
    private static boolean hasNumbersOfUse(Object payload) {
        return !(payload instanceof Corpus.Signup signup)
                || signup.price() == null
                || Math.abs((long) signup.price().scale()) <= 1_000;
    }

    /** A notification has no attributes beside it, and an attribute says more than an event does. */
    private static Found found(String body, @Nullable String attribute) {
        List<Field> fields = fields(body);
        if (attribute != null || !isNotification(fields)) {
            return found(fields, body, attribute != null, attribute);
        }
        String message = text(fields, "Message");
        return found(fields(message), message, hasType(fields), typeIn(fields));
    }

    private static Found found(List<Field> fields, String text, boolean decided, @Nullable String type) {
        return event(fields)
                .map(event -> decided ? new Found(type, event.text) : event)
                .orElse(new Found(type, text));
    }

    private static boolean hasType(List<Field> notification) {
        return all(notification, "MessageAttributes").stream()
                .anyMatch(all -> !all(fields(all.json), "event").isEmpty());
    }

    private static boolean isNotification(List<Field> fields) {
        return strings(fields, "Type", "MessageId", "TopicArn", "Message", "Timestamp", "UnsubscribeURL")
                && text(fields, "Type").equals("Notification")
                && TOPIC.matcher(text(fields, "TopicArn")).matches()
                && atMostOnce(fields, "Subject", Set.of(JsonToken.VALUE_STRING, JsonToken.VALUE_NULL))
                && atMostOnce(fields, "MessageAttributes", Set.of(JsonToken.START_OBJECT))
                && all(fields, "MessageAttributes").stream().allMatch(BodyOracle::areAttributes);
    }

    private static boolean areAttributes(Field all) {
        List<Field> attributes = fields(all.json);
        return attributes.stream().allMatch(BodyOracle::isAttribute)
                && attributes.stream().map(Field::name).distinct().count() == attributes.size();
    }

    private static boolean isAttribute(Field attribute) {
        if (attribute.token != JsonToken.START_OBJECT) {
            return false;
        }
        List<Field> parts = fields(attribute.json);
        if (!strings(parts, "Type")
                || text(parts, "Type").isEmpty()
                || all(parts, "Value").size() != 1) {
            return false;
        }
        Field value = all(parts, "Value").get(0);
        return (value.token == JsonToken.VALUE_STRING || value.token.isNumeric())
                && (!isBinary(text(parts, "Type")) || bytes(value.text).isPresent());
    }

    private static boolean isBinary(String dataType) {
        return dataType.equals("Binary") || dataType.startsWith("Binary.");
    }

    private static @Nullable String typeIn(List<Field> notification) {
        for (Field all : all(notification, "MessageAttributes")) {
            for (Field attribute : all(fields(all.json), "event")) {
                List<Field> parts = fields(attribute.json);
                return isBinary(text(parts, "Type")) ? null : text(parts, "Value");
            }
        }
        return null;
    }

    private static Optional<Found> event(List<Field> fields) {
        if (isFromEventBridge(fields)) {
            return Optional.of(
                    new Found(text(fields, "detail-type"), all(fields, "detail").get(0).json));
        }
        return isCloudEvent(fields) ? cloudEvent(fields) : Optional.empty();
    }

    private static boolean isFromEventBridge(List<Field> fields) {
        return strings(fields, "id", "source", "time", "version", "detail-type", "account", "region")
                && once(fields, "resources", JsonToken.START_ARRAY)
                && once(fields, "detail", JsonToken.START_OBJECT);
    }

    private static boolean isCloudEvent(List<Field> fields) {
        Set<JsonToken> textOrNull = Set.of(JsonToken.VALUE_STRING, JsonToken.VALUE_NULL);
        return strings(fields, "id", "source", "specversion", "type")
                && text(fields, "specversion").equals("1.0")
                && !text(fields, "id").isEmpty()
                && !text(fields, "source").isEmpty()
                && text(fields, "source")
                        .codePoints()
                        .noneMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c))
                && !text(fields, "type").isEmpty()
                && atMostOnce(fields, "time", textOrNull)
                && atMostOnce(fields, "subject", textOrNull)
                && atMostOnce(fields, "datacontenttype", textOrNull)
                && atMostOnce(fields, "data_base64", textOrNull)
                && all(fields, "data").size() <= 1;
    }

    private static Optional<Found> cloudEvent(List<Field> fields) {
        String type = text(fields, "type");
        List<Field> data = all(fields, "data");
        if (strings(fields, "data_base64")) {
            Optional<byte[]> bytes = bytes(text(fields, "data_base64"));
            return data.isEmpty() && bytes.isPresent()
                    ? Optional.of(new Found(type, utf8(bytes.get()).orElse(null)))
                    : Optional.empty();
        }
        if (data.isEmpty()) {
            return Optional.of(new Found(type, "null"));
        }
        boolean asItIs = isJson(fields) || data.get(0).token != JsonToken.VALUE_STRING;
        return Optional.of(new Found(type, asItIs ? data.get(0).json : data.get(0).text));
    }

    private static boolean isJson(List<Field> fields) {
        if (!strings(fields, "datacontenttype")) {
            return true;
        }
        String mediaType =
                text(fields, "datacontenttype").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return mediaType.endsWith("/json") || mediaType.endsWith("+json");
    }

    // Of the fields of one object.

    private static List<Field> all(List<Field> fields, String name) {
        return fields.stream().filter(field -> field.name.equals(name)).toList();
    }

    private static boolean once(List<Field> fields, String name, JsonToken token) {
        return all(fields, name).size() == 1 && all(fields, name).get(0).token == token;
    }

    private static boolean atMostOnce(List<Field> fields, String name, Set<JsonToken> tokens) {
        return all(fields, name).size() <= 1
                && all(fields, name).stream().allMatch(field -> tokens.contains(field.token));
    }

    private static boolean strings(List<Field> fields, String... names) {
        return List.of(names).stream().allMatch(name -> once(fields, name, JsonToken.VALUE_STRING));
    }

    private static String text(List<Field> fields, String name) {
        return all(fields, name).get(0).text;
    }

    private static Optional<byte[]> bytes(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    /** The fields of a JSON object, twice if they are there twice; none of what is no JSON object. */
    private static List<Field> fields(String json) {
        List<Field> fields = new ArrayList<>();
        if (!json.stripLeading().startsWith("{")) {
            return fields;
        }
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                String text = token.isScalarValue() ? parser.getText() : "";
                parser.skipChildren();
                parser.finishToken();
                int to = (int) parser.currentLocation().getCharOffset();
                fields.add(new Field(name, token, text, json.substring(from, to)));
            }
            return parser.nextToken() == null ? fields : List.of();
        } catch (IOException malformed) {
            return List.of();
        }
    }
}
