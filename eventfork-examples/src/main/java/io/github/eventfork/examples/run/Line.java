package io.github.eventfork.examples.run;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A line of an {@link EventFile}: an event to publish, or one that is skipped. */
public sealed interface Line {

    /** Its number, from 1. */
    int number();

    /**
     * An event to publish.
     *
     * @param event the attribute {@code event}, by which filter policies choose
     * @param id the attribute {@code id}, by which forks tell what they have done
     * @param message what is published
     */
    record Event(int number, Optional<String> event, Optional<String> id, String message) implements Line {

        /** The message attributes that it has by itself, all of type String. */
        public Map<String, String> attributes() {
            Map<String, String> attributes = new LinkedHashMap<>();
            event.ifPresent(value -> attributes.put("event", value));
            id.ifPresent(value -> attributes.put("id", value));
            return attributes;
        }

        int bytes() {
            return bytes(attributes());
        }

        /** What SNS counts of an event: the message, and each attribute's name, type and value. */
        int bytes(Map<String, String> attributes) {
            int bytes = utf8(message);
            for (Map.Entry<String, String> attribute : attributes.entrySet()) {
                bytes += utf8(attribute.getKey()) + utf8("String") + utf8(attribute.getValue());
            }
            return bytes;
        }

        private static int utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /**
     * A line that can't be published.
     *
     * @param why without anything of the line itself, which may be personal
     */
    record Malformed(int number, String why) implements Line {}
}
