package io.github.eventfork.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.envelope.Attributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a filter policy sees of an event; a part that was not given is empty.
 *
 * @param attributesJson as {@link SnsFilterPolicy.Attributes#json()} renders them
 */
record PublishedEvent(Optional<String> attributesJson, Optional<String> body) {

    private static final ObjectMapper JSON = new ObjectMapper();

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

    static PublishedEvent of(String body) {
        return new PublishedEvent(Optional.empty(), Optional.of(body));
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
