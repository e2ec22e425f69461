package io.github.eventfork.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.Pointer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a filter policy sees of an event; a part that was not given is empty.
 *
 * @param attributesJson as {@link SnsFilterPolicy.Attributes#json()} renders them
 */
record PublishedEvent(Optional<String> attributesJson, Optional<String> body) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern INDEX = Pattern.compile("[0-9]+|-");

    static PublishedEvent of(Message message) {
        SnsFilterPolicy.Attributes seen = SnsFilterPolicy.attributes();
        Attributes attributes = message.publishedAttributes();
        for (String name : attributes.names()) {
            Attributes.Value value = attributes.value(name).orElseThrow();
            // bytes have no text, and SNS does not compare them
            seen = value.text().isEmpty()
                    ? seen
                    : seen.with(name, value.dataType(), value.text().get());
        }
        return new PublishedEvent(Optional.of(seen.json()), Optional.of(message.publishedBody()));
    }

    static PublishedEvent of(Map<String, ?> attributes) {
        SnsFilterPolicy.Attributes seen = SnsFilterPolicy.attributes();
        for (Map.Entry<String, ?> attribute : attributes.entrySet()) {
            seen = add(attribute.getKey(), attribute.getValue(), seen);
        }
        return new PublishedEvent(Optional.of(seen.json()), Optional.empty());
    }

    static PublishedEvent ofBody(String body) {
        return new PublishedEvent(Optional.empty(), Optional.of(body));
    }

    /**
     * Of this type, where {@code fork} reads it, and nothing else.
     *
     * @throws IllegalArgumentException if no type alone makes an event: a function computes it, or it stands in an array
     */
    static PublishedEvent ofType(String type, Fork fork) {
        EventType place = place(fork);
        if (place instanceof EventType.Attribute attribute) {
            return of(Map.of(attribute.name(), type));
        }
        if (place instanceof EventType.Field field) {
            return ofBody(nested(List.of(field.name()), type));
        }
        if (place instanceof EventType.Body body && !inArray(body.pointer())) {
            return ofBody(nested(inEvent(body.pointer(), fork), type));
        }
        throw new IllegalArgumentException("the event type of fork '" + fork.name() + "' "
                + (place instanceof EventType.Body body
                        ? "stands in an array, at " + body.pointer()
                        : "is computed by a function")
                + ", so a type alone makes no event: give it a Message");
    }

    private static EventType place(Fork fork) {
        if (!(fork.type() instanceof EventType.Standard)) {
            return fork.type();
        }
        return switch (fork.envelope().orElse(Envelope.Kind.SNS)) {
            case EVENTBRIDGE -> EventType.detailType();
            case CLOUDEVENTS -> EventType.cloudEventsType();
            case SNS, RAW -> EventType.attribute("event");
        };
    }

    private static boolean inArray(Pointer pointer) {
        return pointer.segments().stream()
                .anyMatch(segment -> INDEX.matcher(segment).matches());
    }

    /** A pointer is into the payload; what is published is the event around it. */
    private static List<String> inEvent(Pointer pointer, Fork fork) {
        Stream<String> around = fork.envelope()
                .map(kind -> switch (kind) {
                    case EVENTBRIDGE -> Stream.of("detail");
                    case CLOUDEVENTS -> Stream.of("data");
                    case SNS, RAW -> Stream.<String>empty();
                })
                .orElseGet(Stream::empty);
        return Stream.concat(around, pointer.segments().stream()).toList();
    }

    private static String nested(List<String> names, String value) {
        JsonNode body = JSON.getNodeFactory().textNode(value);
        for (int i = names.size() - 1; i >= 0; i--) {
            body = JSON.createObjectNode().set(names.get(i), body);
        }
        return body.toString();
    }

    private static SnsFilterPolicy.Attributes add(String name, Object value, SnsFilterPolicy.Attributes to) {
        if (value instanceof Number number) {
            return to.with(name, "Number", number.toString());
        }
        return value instanceof List<?> list
                ? to.with(name, "String.Array", json(list))
                : to.with(name, "String", value.toString());
    }

    private static String json(List<?> list) {
        try {
            return JSON.writeValueAsString(list);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a list among the attributes must be of strings, numbers and truth values", e);
        }
    }
}
