package io.github.eventfork.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.EventType;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.FilterPolicy;

/**
 * Says a fork's filter policy as an
 * <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html">event pattern</a>: the types as
 * detail-type, what is asked of the body as asked of {@code detail}. What an event on a bus can't have, and what the fork
 * would not take from one, is refused.
 */
final class EventPattern {

    private static final String TYPE = "detail-type";
    private static final String DETAIL = "detail";
    private static final String ATTRIBUTE = "event";

    private final EventType type;
    private final Envelope.Kind kind;

    private EventPattern(EventType type, Envelope.Kind kind) {
        this.type = type;
        this.kind = kind;
    }

    /**
     * The pattern of the events that the fork wants.
     *
     * @throws IllegalArgumentException if it can't be said, with why
     */
    static JsonNode of(ForkQueue queue) {
        EventType type = queue.fork().type();
        Envelope.Kind kind = queue.fork().envelope().orElse(Envelope.Kind.EVENTBRIDGE);
        boolean wholeEvent = type instanceof EventType.Field
                || queue.fork()
                        .envelope()
                        .filter(Envelope.Kind.EVENTBRIDGE::equals)
                        .isPresent();
        EventPattern pattern = new EventPattern(type, kind);
        pattern.refuseOtherEnvelopes();
        FilterPolicy policy = queue.filterPolicy();
        JsonNode asked = Json.read(policy.json());
        if (!asked.isObject()) {
            throw new IllegalArgumentException("its filter policy is no JSON object");
        }
        if (asked.isEmpty()) {
            return everything();
        }
        if (policy.scope() == FilterPolicy.Scope.MESSAGE_ATTRIBUTES) {
            return pattern.ofAttributes(asked);
        }
        JsonNode translated = PatternOperators.translate(asked);
        return wholeEvent ? typeAsText(translated) : object(DETAIL, translated);
    }

    /** A pattern must ask for something, and every event has a source. */
    private static JsonNode everything() {
        return object("source", array().add(object("prefix", JsonNodeFactory.instance.textNode(""))));
    }

    private void refuseOtherEnvelopes() {
        boolean cloudEvents = type instanceof EventType.Field field && field.kind() == Envelope.Kind.CLOUDEVENTS;
        if (kind != Envelope.Kind.EVENTBRIDGE || cloudEvents) {
            throw new IllegalArgumentException("it takes " + (cloudEvents ? Envelope.Kind.CLOUDEVENTS : kind)
                    + " only, and what comes from an event bus is an EventBridge event");
        }
        if (type instanceof EventType.Attribute attribute) {
            throw new IllegalArgumentException("its event type is the message attribute '" + attribute.name()
                    + "', and EventBridge events have none. Leave the type at EventType.standard(), which is the"
                    + " detail-type there");
        }
    }

    private JsonNode ofAttributes(JsonNode asked) {
        for (String name : (Iterable<String>) asked::fieldNames) {
            if (!(type instanceof EventType.Standard) || !name.equals(ATTRIBUTE)) {
                throw new IllegalArgumentException("its filter policy asks for "
                        + (name.equals(PatternOperators.OR)
                                ? "message attributes, in groups of which one must hold"
                                : "the message attribute '" + name + "'")
                        + ", and EventBridge events have none. Ask for a field of the body, with whereBody(..)");
            }
        }
        return typeAsText(object(TYPE, PatternOperators.translate(asked).path(ATTRIBUTE)));
    }

    /** A detail-type is text. The number or truth value that an attribute may have been published as is left out. */
    private static JsonNode typeAsText(JsonNode pattern) {
        if (pattern.get(TYPE) instanceof ArrayNode values) {
            ArrayNode texts = array();
            values.forEach(value -> {
                if (!value.isBoolean() && !value.isNull() && !value.has("numeric")) {
                    texts.add(value);
                }
            });
            if (texts.isEmpty()) {
                throw new IllegalArgumentException("a detail-type is text, and its filter policy asks for none");
            }
            ((ObjectNode) pattern).set(TYPE, texts);
        }
        return pattern;
    }

    private static ObjectNode object(String name, JsonNode value) {
        return JsonNodeFactory.instance.objectNode().set(name, value);
    }

    private static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }
}
