package io.github.eventfork.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The limits that SNS sets for filter policies and event-ruler does not know; asked once, before a policy is compiled.
 *
 * <p>Combinations are counted as <a href="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html">
 * SNS counts them</a>: the product over all keys of values x depth, where the branches of an {@code $or} add up. How SNS
 * counts the keys in those branches is not documented: here they count like the keys beside them, so that what is taken
 * here is taken there either way. The core counts by the same rule when a fork is built.
 */
final class SnsPolicyRules {
    private static final int MAX_KEYS = 5;
    private static final long MAX_COMBINATIONS = 150;
    private static final BigDecimal MAX_NUMBER = new BigDecimal("1E9");
    private static final String OR = "$or";

    /** Names that make of an {@code $or} a key like any other, as AND/OR logic in the SNS guide says. */
    private static final Set<String> RESERVED = Set.of(
            "exactly",
            "equals-ignore-case",
            "prefix",
            "suffix",
            "anything-but",
            "exists",
            "wildcard",
            "numeric",
            "cidr",
            "=",
            "<",
            "<=",
            ">",
            ">=",
            "regex",
            "not-wildcard",
            "not-equals-ignore-case",
            "date-after",
            "date-on-or-after",
            "date-before",
            "date-on-or-before",
            "in-date-range",
            "ip-address-in-range",
            "ip-address-not-in-range");

    private final JsonNode policy;
    private final boolean orIsOperator;

    SnsPolicyRules(JsonNode policy) {
        this.policy = policy;
        this.orIsOperator = hasOnlyGroups(policy);
    }

    /** Whether each {@code $or} in it is the operator; if one is not, event-ruler takes none of them for it. */
    boolean orIsOperator() {
        return orIsOperator;
    }

    void checkSize() {
        require(
                Math.max(policy.size(), topLevelNames(policy).size()) <= MAX_KEYS,
                "FilterPolicy: Filter policy can not have more than 5 keys");
        require(combinations(policy, 1) <= MAX_COMBINATIONS, "FilterPolicy: Filter policy is too complex");
    }

    void checkFlat() {
        require(isFlat(policy), "Filter policy scope MessageAttributes does not support nested filter policy");
    }

    void checkNumbers() {
        require(numbersFit(policy), "FilterPolicy: Value must be between -1.0E9 and 1.0E9, inclusive");
    }

    private static boolean hasOnlyGroups(JsonNode object) {
        for (Map.Entry<String, JsonNode> key : object.properties()) {
            boolean fits = key.getKey().equals(OR)
                    ? areGroups(key.getValue())
                    : !key.getValue().isObject() || hasOnlyGroups(key.getValue());
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean areGroups(JsonNode or) {
        return or.isArray()
                && or.size() >= 2
                && StreamSupport.stream(or.spliterator(), false).allMatch(SnsPolicyRules::isGroup);
    }

    private static boolean isGroup(JsonNode group) {
        return group.isObject() && !group.isEmpty() && hasNoReservedName(group) && hasOnlyGroups(group);
    }

    private static boolean hasNoReservedName(JsonNode object) {
        for (Map.Entry<String, JsonNode> key : object.properties()) {
            boolean inside = key.getValue().isObject();
            if (RESERVED.contains(key.getKey()) || (inside && !hasNoReservedName(key.getValue()))) {
                return false;
            }
        }
        return true;
    }

    private boolean isGroups(String key, JsonNode value) {
        return orIsOperator && key.equals(OR) && value.isArray();
    }

    private Set<String> topLevelNames(JsonNode object) {
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, JsonNode> key : object.properties()) {
            if (isGroups(key.getKey(), key.getValue())) {
                key.getValue().forEach(group -> names.addAll(topLevelNames(group)));
            } else {
                names.add(key.getKey());
            }
        }
        return names;
    }

    private long combinations(JsonNode object, int depth) {
        long product = 1;
        for (Map.Entry<String, JsonNode> key : object.properties()) {
            // a product past the limit stays past it: no need to let it overflow
            product = Math.min(product * combinations(key.getKey(), key.getValue(), depth), MAX_COMBINATIONS + 1);
        }
        return product;
    }

    private long combinations(String key, JsonNode value, int depth) {
        if (value.isObject()) {
            return combinations(value, depth + 1);
        }
        if (isGroups(key, value)) {
            return StreamSupport.stream(value.spliterator(), false)
                    .mapToLong(group -> combinations(group, depth))
                    .sum();
        }
        return value.isEmpty() ? 1 : (long) value.size() * depth;
    }

    private boolean isFlat(JsonNode object) {
        for (Map.Entry<String, JsonNode> key : object.properties()) {
            JsonNode value = key.getValue();
            boolean flat = isGroups(key.getKey(), value)
                    ? StreamSupport.stream(value.spliterator(), false).allMatch(this::isFlat)
                    : !value.isObject();
            if (!flat) {
                return false;
            }
        }
        return true;
    }

    private static boolean numbersFit(JsonNode node) {
        if (node.isNumber()) {
            return node.decimalValue().abs().compareTo(MAX_NUMBER) <= 0;
        }
        return StreamSupport.stream(node.spliterator(), false).allMatch(SnsPolicyRules::numbersFit);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
