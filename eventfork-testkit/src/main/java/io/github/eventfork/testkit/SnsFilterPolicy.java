package io.github.eventfork.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.filter.FilterPolicy.Scope;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says which messages an SNS filter policy lets into a subscription, as SNS would.
 *
 * <p>Messages are matched by AWS's own event-ruler. What the matcher accepts and SNS does not (five keys, 150
 * combinations, 256 KB, numbers past 10^9, {@code wildcard} and nested {@code anything-but} other than {@code prefix})
 * is refused before it is asked, after <a href="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html">
 * SNS's constraints</a>.
 *
 * <p>Immutable and thread-safe: what it keeps besides, it derives when it is first asked for. Nothing here is null.
 */
public final class SnsFilterPolicy {
    private static final int MAX_BYTES = 256 * 1024;

    /** Remembers no names of members: it reads what is published too. */
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ObjectReader STRICT = JSON.reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String json;
    private final Scope scope;
    private final Optional<PolicyMatcher> matcher;

    /** The policy taken apart; two threads may both do that, and either result is right. */
    private volatile List<Part> parts = List.of();

    /** What a policy asks at one place, or by one {@code $or}, and nothing else. */
    private record Part(String place, PolicyMatcher matcher) {}

    private SnsFilterPolicy(String json, Scope scope, Optional<PolicyMatcher> matcher) {
        this.json = json;
        this.scope = scope;
        this.matcher = matcher;
    }

    /** The policy that a fork's routes and conditions imply. */
    public static SnsFilterPolicy of(FilterPolicy policy) {
        return of(policy.json(), policy.scope());
    }

    /**
     * Returns the policy written in {@code policyJson}; an empty text or {@code {}} takes every message.
     *
     * @throws IllegalArgumentException if SNS would refuse it, with SNS's words from {@code FilterPolicy:} on
     */
    public static SnsFilterPolicy of(String policyJson, Scope scope) {
        if (policyJson.isBlank()) {
            return new SnsFilterPolicy(policyJson, scope, Optional.empty());
        }
        if (policyJson.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("FilterPolicy: Filter policy can not be larger than 256 KB");
        }
        JsonNode policy = parse(policyJson);
        if (policy.isObject() && policy.isEmpty()) {
            return new SnsFilterPolicy(policyJson, scope, Optional.empty());
        }
        SnsPolicyRules rules = new SnsPolicyRules(policy);
        rules.checkSize();
        PolicyMatcher matcher = compile(policy, policyJson, rules.orIsOperator());
        if (scope == Scope.MESSAGE_ATTRIBUTES) {
            rules.checkFlat();
        }
        rules.checkNumbers();
        return new SnsFilterPolicy(policyJson, scope, Optional.of(matcher));
    }

    private static JsonNode parse(String policyJson) {
        try {
            return STRICT.readTree(policyJson);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("FilterPolicy: failed to parse JSON. " + e.getMessage(), e);
        }
    }

    private static PolicyMatcher compile(JsonNode policy, String policyJson, boolean orIsOperator) {
        try {
            SnsOperators.check(policyJson, orIsOperator);
            return PolicyMatcher.of(policy, policyJson, orIsOperator);
        } catch (IOException | IllegalArgumentException e) {
            // event-ruler's words are those of SNS
            throw new IllegalArgumentException("FilterPolicy: " + e.getMessage(), e);
        }
    }

    /** The policy as it was given. */
    public String json() {
        return json;
    }

    /** What the policy is compared with. */
    public Scope scope() {
        return scope;
    }

    /**
     * Returns whether a message is let in. A body that is no JSON object never is, in the scope of the body.
     *
     * @param attributesJson the message attributes as {@link #attributes()} renders them; {@code {}} if there are none
     */
    public boolean takes(String attributesJson, String body) {
        return matcher.isEmpty() || matcher.get().matches(event(attributesJson, body));
    }

    /**
     * Returns the first place in the policy that keeps a message out, or nothing if it is let in: a key, such as
     * {@code plan}, the keys that lead to it, as in {@code user.plan}, or {@code $or}, if no group of it matches. A body
     * that is no JSON object is kept out by the first place; one whose values match, but in different elements of an
     * array, by the last.
     *
     * @param attributesJson as in {@link #takes}
     */
    public Optional<String> refusedBy(String attributesJson, String body) {
        if (takes(attributesJson, body)) {
            return Optional.empty();
        }
        String event = event(attributesJson, body);
        List<Part> all = parts();
        return all.stream()
                .filter(part -> !part.matcher.matches(event))
                .findFirst()
                .or(() -> Optional.of(all.get(all.size() - 1)))
                .map(Part::place);
    }

    private String event(String attributesJson, String body) {
        return scope == Scope.MESSAGE_ATTRIBUTES ? attributesJson : body;
    }

    private List<Part> parts() {
        if (parts.isEmpty()) {
            List<Part> all = new ArrayList<>();
            JsonNode policy = parse(json);
            collectParts(policy, new SnsPolicyRules(policy).orIsOperator(), List.of(), all);
            parts = List.copyOf(all);
        }
        return parts;
    }

    private static void collectParts(JsonNode object, boolean orIsOperator, List<String> path, List<Part> all) {
        for (Map.Entry<String, JsonNode> key : object.properties()) {
            List<String> here = new ArrayList<>(path);
            here.add(key.getKey());
            if (key.getValue().isObject()) {
                collectParts(key.getValue(), orIsOperator, here, all);
            } else {
                all.add(part(here, key.getValue(), orIsOperator));
            }
        }
    }

    private static Part part(List<String> path, JsonNode values, boolean orIsOperator) {
        JsonNode alone = values;
        for (int i = path.size() - 1; i >= 0; i--) {
            alone = JsonNodeFactory.instance.objectNode().set(path.get(i), alone);
        }
        try {
            return new Part(String.join(".", path), PolicyMatcher.of(alone, alone.toString(), orIsOperator));
        } catch (IOException e) {
            throw new IllegalStateException("a part of a policy is a policy", e);
        }
    }

    /** Starts the JSON object that a policy of the scope {@link Scope#MESSAGE_ATTRIBUTES} is compared with. */
    public static Attributes attributes() {
        return new Attributes();
    }

    /** Collects message attributes; mutable, for one thread. */
    public static final class Attributes {
        private final ObjectNode values = JsonNodeFactory.instance.objectNode();

        private Attributes() {}

        /**
         * Adds an attribute: a String is compared as text, a Number by its value, a String.Array element by element; a
         * Binary is left out, because SNS does not compare it. A label after the type ({@code Number.int}) is ignored.
         *
         * <p>A quotation mark or a backslash in a text is compared with a backslash before it: so a policy must escape them
         * <a href="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html">twice</a>.
         *
         * @throws IllegalArgumentException if the value of a Number is no number, or that of a String.Array no JSON array
         */
        public Attributes with(String name, String dataType, String value) {
            if (isA("Number", dataType)) {
                values.put(name, number(name, value));
            } else if (isA("String.Array", dataType)) {
                values.set(name, array(name, value));
            } else if (!isA("Binary", dataType)) {
                values.put(name, escaped(value));
            }
            return this;
        }

        /** The attributes as one JSON object. */
        public String json() {
            return values.toString();
        }

        private static String escaped(String text) {
            return text.replace("\\", "\\\\").replace("\"", "\\\"");
        }

        private static JsonNode escaped(JsonNode array) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            array.forEach(
                    element -> all.add(element.isTextual() ? TextNode.valueOf(escaped(element.textValue())) : element));
            return all;
        }

        private static boolean isA(String type, String dataType) {
            return dataType.equals(type) || dataType.startsWith(type + ".");
        }

        private static BigDecimal number(String name, String value) {
            try {
                return new BigDecimal(value.strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("attribute '" + name + "' of type Number must be a number");
            }
        }

        private static JsonNode array(String name, String value) {
            try {
                JsonNode array = STRICT.readTree(value);
                if (array.isArray()) {
                    return escaped(array);
                }
            } catch (JsonProcessingException e) {
                // falls through to the same refusal: the parser's text would quote the value
            }
            throw new IllegalArgumentException("attribute '" + name + "' of type String.Array must be a JSON array");
        }
    }
}
