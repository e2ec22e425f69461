package io.github.eventfork.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.eventfork.FilterPolicy.Scope;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/**
 * Refuses the filter policies that event-ruler would take and SNS does not; called once, before a policy is compiled.
 *
 * <p>Combinations are counted as <a href="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html">
 * SNS counts them</a>: the product over all keys of values x depth, where the branches of an {@code $or} add up.
 */
final class SnsPolicyRules {
    private static final int MAX_KEYS = 5;
    private static final long MAX_COMBINATIONS = 150;
    private static final BigDecimal MAX_NUMBER = new BigDecimal("1E9");
    private static final String OR = "$or";
    private static final Set<String> UNKNOWN_TO_SNS = Set.of("wildcard", "exactly");

    private final Scope scope;

    private SnsPolicyRules(Scope scope) {
        this.scope = scope;
    }

    static void check(JsonNode policy, Scope scope) {
        require(policy.isObject(), "FilterPolicy: Filter is not an object");
        require(policy.size() <= MAX_KEYS, "FilterPolicy: Filter policy can not have more than 5 keys");
        long combinations = new SnsPolicyRules(scope).combinations(policy, 1);
        require(combinations <= MAX_COMBINATIONS, "FilterPolicy: Filter policy is too complex");
    }

    private long combinations(JsonNode policy, int depth) {
        long product = 1;
        for (Map.Entry<String, JsonNode> key : policy.properties()) {
            // a product past the limit stays past it: no need to let it overflow
            product = Math.min(product * combinations(key.getKey(), key.getValue(), depth), MAX_COMBINATIONS + 1);
        }
        return product;
    }

    private long combinations(String key, JsonNode value, int depth) {
        if (value.isObject()) {
            require(
                    scope == Scope.MESSAGE_BODY,
                    "Filter policy scope MessageAttributes does not support nested filter policy");
            return combinations(value, depth + 1);
        }
        require(value.isArray(), "FilterPolicy: \"" + key + "\" must be an object or an array");
        require(!value.isEmpty(), "FilterPolicy: Empty arrays are not allowed");
        if (key.equals(OR)) {
            return branches(value, depth);
        }
        value.forEach(SnsPolicyRules::checkMatch);
        return Math.multiplyExact((long) value.size(), depth);
    }

    private long branches(JsonNode or, int depth) {
        require(or.size() >= 2, "FilterPolicy: There must have at least 2 Objects in $or relationship.");
        long sum = 0;
        for (JsonNode branch : or) {
            require(branch.isObject(), "FilterPolicy: Only JSON object is allowed in array of $or relationship.");
            sum += combinations(branch, depth);
        }
        return sum;
    }

    private static void checkMatch(JsonNode match) {
        checkNumber(match);
        for (Map.Entry<String, JsonNode> operator : match.properties()) {
            String name = operator.getKey();
            require(!UNKNOWN_TO_SNS.contains(name), "FilterPolicy: Unrecognized match type " + name);
            switch (name) {
                case "prefix", "suffix" -> checkText(name, operator.getValue());
                case "anything-but" -> checkAnythingBut(operator.getValue());
                case "numeric" -> operator.getValue().forEach(SnsPolicyRules::checkNumber);
                default -> {
                    // event-ruler judges the others as SNS does
                }
            }
        }
    }

    private static void checkAnythingBut(JsonNode excluded) {
        excluded.forEach(SnsPolicyRules::checkNumber);
        checkNumber(excluded);
        for (Map.Entry<String, JsonNode> pattern : excluded.properties()) {
            String name = pattern.getKey();
            require(name.equals("prefix"), "FilterPolicy: Unsupported anything-but pattern: " + name);
            checkText(name, pattern.getValue());
        }
    }

    private static void checkText(String operator, JsonNode value) {
        require(value.isTextual(), "FilterPolicy: " + operator + " match pattern must be a string");
    }

    private static void checkNumber(JsonNode value) {
        boolean tooLarge = value.isNumber() && value.decimalValue().abs().compareTo(MAX_NUMBER) > 0;
        require(!tooLarge, "FilterPolicy: Value must be between -1.0E9 and 1.0E9, inclusive");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
