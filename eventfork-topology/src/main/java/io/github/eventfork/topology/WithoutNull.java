package io.github.eventfork.topology;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Refuses conditions that ask for null, which no template can hold: CloudFormation says "'null' values are not allowed in
 * templates", wherever in it they stand.
 */
final class WithoutNull {

    private WithoutNull() {}

    /**
     * The same conditions, if they can stand in a template.
     *
     * @throws IllegalArgumentException if null is among them
     */
    static JsonNode checked(JsonNode conditions) {
        check("", conditions);
        return conditions;
    }

    private static void check(String place, JsonNode asked) {
        if (asked.isNull()) {
            throw new IllegalArgumentException("its condition on '" + place
                    + "' asks for null, which CloudFormation allows nowhere in a template. Let publishers leave the field"
                    + " out, and ask for absent()");
        }
        if (asked.isArray()) {
            asked.forEach(value -> check(place, value));
        }
        for (Map.Entry<String, JsonNode> key : asked.properties()) {
            check(place.isEmpty() ? key.getKey() : place + "." + key.getKey(), key.getValue());
        }
    }
}
