package io.github.eventfork.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.event.ruler.Machine;

/**
 * AWS's matcher, fed one policy. Immutable and thread-safe.
 *
 * <p>An {@code $or} is taken apart first: each choice of groups is a policy without one, in a machine of its own, and one of
 * them must match. In one machine event-ruler 2.1.0 finds some by chance only: of <code>{"$or":[{"x":[{"exists":false}]},
 * {"x":["c",{"exists":false}]}]}</code> compiled a thousand times, half take {@code {"x":"c"}}.
 */
final class PolicyMatcher {
    private static final String OR = "$or";
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Machine> alternatives;

    private PolicyMatcher(List<Machine> alternatives) {
        this.alternatives = alternatives;
    }

    /**
     * Compiles {@code policy}, of at most 150 combinations.
     *
     * @param json the same as it was given, because errors name places in it
     * @throws IOException if event-ruler does not take it; it words its refusals as SNS does
     * @throws IllegalArgumentException as above
     */
    static PolicyMatcher of(JsonNode policy, String json, boolean orIsOperator) throws IOException {
        Machine whole = machine(json);
        if (!orIsOperator || policy.findValue(OR) == null) {
            return new PolicyMatcher(List.of(whole));
        }
        List<Machine> alternatives = new ArrayList<>();
        for (ObjectNode alternative : alternatives(policy)) {
            alternatives.add(machine(alternative.toString()));
        }
        return new PolicyMatcher(List.copyOf(alternatives));
    }

    private static Machine machine(String json) throws IOException {
        Machine machine = Machine.builder().build();
        machine.addRule("policy", json);
        return machine;
    }

    private static List<ObjectNode> alternatives(JsonNode object) {
        List<ObjectNode> all = List.of(JsonNodeFactory.instance.objectNode());
        for (Map.Entry<String, JsonNode> key : object.properties()) {
            all = combined(all, alternatives(key.getKey(), key.getValue()));
        }
        return all;
    }

    private static List<ObjectNode> alternatives(String key, JsonNode value) {
        List<ObjectNode> all = new ArrayList<>();
        if (key.equals(OR)) {
            value.forEach(group -> all.addAll(alternatives(group)));
        } else if (value.isObject()) {
            alternatives(value).forEach(inner -> all.add(objectOf(key, inner)));
        } else {
            all.add(objectOf(key, value));
        }
        return all;
    }

    private static ObjectNode objectOf(String key, JsonNode value) {
        return JsonNodeFactory.instance.objectNode().set(key, value);
    }

    private static List<ObjectNode> combined(List<ObjectNode> some, List<ObjectNode> others) {
        List<ObjectNode> all = new ArrayList<>();
        some.forEach(one -> others.forEach(other -> all.add(merged(one, other))));
        return all;
    }

    /** Both; of what is asked twice of one place, the later counts, as for event-ruler. */
    private static ObjectNode merged(ObjectNode one, ObjectNode other) {
        ObjectNode both = one.deepCopy();
        for (Map.Entry<String, JsonNode> key : other.properties()) {
            JsonNode before = both.remove(key.getKey());
            boolean join = before instanceof ObjectNode && key.getValue() instanceof ObjectNode;
            both.set(key.getKey(), join ? merged((ObjectNode) before, (ObjectNode) key.getValue()) : key.getValue());
        }
        return both;
    }

    /** Whether it takes {@code event}; what is no JSON object it does not. */
    boolean matches(String event) {
        try {
            for (Machine alternative : alternatives) {
                if (!alternative.rulesForJSONEvent(event).isEmpty()) {
                    return isWhole(event);
                }
            }
            return false;
        } catch (IOException | IllegalArgumentException notAnObject) {
            return false;
        } catch (Exception e) {
            throw new IllegalStateException("event-ruler failed to match", e);
        }
    }

    /** event-ruler does not look at what stands behind an object; text with something there is no JSON. */
    private static boolean isWhole(String event) throws IOException {
        try (JsonParser parser = JSON.createParser(event)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        }
    }
}
