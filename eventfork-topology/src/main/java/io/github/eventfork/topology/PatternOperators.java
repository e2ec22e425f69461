package io.github.eventfork.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * Says conditions of an SNS filter policy in the words of EventBridge, whose
 * <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html">operators</a> are
 * nearly the same. Where it is not known that both mean the same, the condition is refused.
 */
final class PatternOperators {

    /** Stands where else a name does, before groups of which one must hold. */
    static final String OR = "$or";

    private static final String ANYTHING_BUT = "anything-but";
    private static final String PREFIX = "prefix";
    private static final Set<String> OF_TEXT = Set.of(PREFIX, "suffix", "equals-ignore-case");
    private static final Set<String> THE_SAME = Set.of("numeric", "exists", "cidr");

    private PatternOperators() {}

    /**
     * The same conditions for EventBridge.
     *
     * @throws IllegalArgumentException if there is one that EventBridge does not have, or reads differently
     */
    static JsonNode translate(JsonNode conditions) {
        ObjectNode translated = JsonNodeFactory.instance.objectNode();
        conditions
                .properties()
                .forEach(entry -> translated.set(entry.getKey(), field(entry.getKey(), entry.getValue())));
        return translated;
    }

    private static JsonNode field(String name, JsonNode asked) {
        if (name.contains(".")) {
            throw refused(name, "a name with a dot is a path to SNS; nest it");
        }
        if (asked.isObject()) {
            return translate(asked);
        }
        ArrayNode translated = JsonNodeFactory.instance.arrayNode();
        for (JsonNode value : asked) {
            translated.add(name.equals(OR) ? translate(value) : value(name, value));
        }
        return translated;
    }

    private static JsonNode value(String name, JsonNode value) {
        if (value.isNumber()) {
            return asNumber(value);
        }
        if (!value.isObject()) {
            return value;
        }
        if (value.size() != 1) {
            throw refused(name, "it must name one operator");
        }
        String operator = value.properties().iterator().next().getKey();
        JsonNode operand = value.get(operator);
        if (THE_SAME.contains(operator)
                || (OF_TEXT.contains(operator) && operand.isTextual())
                || (operator.equals(ANYTHING_BUT) && canBeExcluded(operand))) {
            return value;
        }
        throw refused(
                name,
                "'" + operator + "' " + (operator.equals(ANYTHING_BUT) ? "of such a value " : "")
                        + "is not known to mean the same there");
    }

    /** EventBridge compares a bare number by how it is written, 300 and 300.0 being two; SNS by what it is. */
    private static JsonNode asNumber(JsonNode number) {
        ObjectNode numeric = JsonNodeFactory.instance.objectNode();
        numeric.putArray("numeric").add("=").add(number);
        return numeric;
    }

    /** Texts, or numbers, which EventBridge too compares by their value here; or a prefix. */
    private static boolean canBeExcluded(JsonNode operand) {
        if (operand.isArray()) {
            return all(operand, JsonNode::isTextual) || all(operand, JsonNode::isNumber);
        }
        return operand.isTextual()
                || operand.isNumber()
                || (operand.size() == 1 && operand.path(PREFIX).isTextual());
    }

    private static boolean all(JsonNode array, Predicate<JsonNode> kind) {
        return StreamSupport.stream(array.spliterator(), false).allMatch(kind);
    }

    private static IllegalArgumentException refused(String name, String why) {
        return new IllegalArgumentException(
                "its condition on '" + name + "' can't be said in an event pattern: " + why);
    }
}
