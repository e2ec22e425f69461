package io.github.eventfork;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.Pointer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the filter policy that a fork's types and conditions imply, within
 * <a href="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html">SNS's limits</a>.
 *
 * <p>The policy is a tree of objects whose leaves are arrays of values; combinations are the product over the leaves of
 * their values times their depth.
 */
final class PolicyText {

    private static final int MOST_KEYS = 5;
    private static final int MOST_COMBINATIONS = 150;
    private static final int MOST_BYTES = 256 * 1024;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,5})?");
    private static final Pattern INDEX = Pattern.compile("[0-9]+|-");

    private final String fork;
    private final Envelope.@Nullable Kind kind;
    private final @Nullable FilterPolicy policy;

    /**
     * Writes it at once, so that a fork that SNS would refuse is never built.
     *
     * @param types the event types that are wanted; none means any
     * @throws IllegalStateException if scopes clash or a limit of SNS is passed
     */
    PolicyText(
            String fork,
            EventType type,
            Envelope.@Nullable Kind envelope,
            List<String> types,
            Map<String, Condition> conditions,
            Map<Pointer, Condition> bodyConditions) {
        this.fork = fork;
        this.kind = type instanceof EventType.Field field ? field.kind() : envelope;
        this.policy = !types.isEmpty() && !sayable(type) ? null : write(path(type), types, conditions, bodyConditions);
    }

    FilterPolicy filterPolicy() {
        if (policy == null) {
            throw new IllegalStateException(
                    "Fork '" + fork + "': its event type is computed by a function or stands in an "
                            + "array, and SNS can't filter by that. Read the type from an attribute or a field, or subscribe "
                            + "without a policy.");
        }
        return policy;
    }

    /** Whether SNS can filter by it: it knows no functions, and no places in arrays. */
    private static boolean sayable(EventType type) {
        return !(type instanceof EventType.Computed)
                && !(type instanceof EventType.Body body && inArray(body.pointer()));
    }

    private static boolean inArray(Pointer pointer) {
        return pointer.segments().stream()
                .anyMatch(segment -> INDEX.matcher(segment).matches());
    }

    /** Where the type stands: an attribute is one name at scope attributes, all else a path into the body. */
    private record Path(FilterPolicy.Scope scope, List<String> names) {}

    private Path path(EventType type) {
        if (type instanceof EventType.Attribute attribute) {
            return new Path(FilterPolicy.Scope.MESSAGE_ATTRIBUTES, List.of(attribute.name()));
        }
        if (type instanceof EventType.Field field) {
            return new Path(FilterPolicy.Scope.MESSAGE_BODY, List.of(field.name()));
        }
        if (type instanceof EventType.Body body) {
            return new Path(FilterPolicy.Scope.MESSAGE_BODY, inBody(body.pointer()));
        }
        if (kind == Envelope.Kind.EVENTBRIDGE) {
            return path(EventType.detailType());
        }
        if (kind == Envelope.Kind.CLOUDEVENTS) {
            return path(EventType.cloudEventsType());
        }
        return path(EventType.attribute(EventType.Standard.ATTRIBUTE));
    }

    /** A pointer is into the payload; what SNS sees is the event around it. */
    private List<String> inBody(Pointer pointer) {
        List<String> names = new ArrayList<>();
        if (kind == Envelope.Kind.EVENTBRIDGE) {
            names.add("detail");
        } else if (kind == Envelope.Kind.CLOUDEVENTS) {
            names.add("data");
        }
        names.addAll(pointer.segments());
        return names;
    }

    private FilterPolicy write(
            Path type, List<String> types, Map<String, Condition> conditions, Map<Pointer, Condition> bodyConditions) {
        boolean free = types.isEmpty();
        boolean attributes = free ? bodyConditions.isEmpty() : type.scope == FilterPolicy.Scope.MESSAGE_ATTRIBUTES;
        if (attributes && !bodyConditions.isEmpty()) {
            throw refused("the event type is an attribute, so the policy's scope is MessageAttributes, and whereBody("
                    + bodyConditions.keySet().iterator().next() + ") can't be part of it");
        }
        if (!attributes && !conditions.isEmpty()) {
            throw refused(
                    "the policy's scope is MessageBody, because the event type or a condition is in the body, and "
                            + "where(" + conditions.keySet().iterator().next()
                            + ") can't be part of it; use whereBody(..)");
        }
        Map<List<String>, List<?>> leaves = new LinkedHashMap<>();
        if (!free) {
            leaves.put(type.names, types.stream().flatMap(PolicyText::asWritten).toList());
        }
        conditions.forEach((name, condition) -> put(leaves, List.of(name), condition));
        bodyConditions.forEach((pointer, condition) -> {
            if (inArray(pointer)) {
                throw refused("whereBody(" + pointer + ") names a place in an array, which SNS can't");
            }
            put(leaves, inBody(pointer), condition);
        });
        String text = text(leaves);
        if (attributes && (text.contains("\\\"") || text.contains("\\\\"))) {
            throw refused("a quotation mark or a backslash stands in an event type or a condition on an attribute; SNS "
                    + "does not match them as they are");
        }
        return new FilterPolicy(
                text, attributes ? FilterPolicy.Scope.MESSAGE_ATTRIBUTES : FilterPolicy.Scope.MESSAGE_BODY);
    }

    /** A type that reads like a number or a truth value may have been published as one. */
    private static Stream<Object> asWritten(String type) {
        if (type.equals("true") || type.equals("false")) {
            return Stream.of(type, Boolean.valueOf(type));
        }
        return NUMBER.matcher(type).matches() ? Stream.of(type, new BigDecimal(type)) : Stream.of(type);
    }

    private void put(Map<List<String>, List<?>> leaves, List<String> path, Condition condition) {
        if (leaves.put(path, condition.values()) != null) {
            throw refused("there is a condition on the event type itself, at '" + String.join(".", path) + "'");
        }
    }

    private String text(Map<List<String>, List<?>> leaves) {
        Map<String, Object> root = new LinkedHashMap<>();
        long combinations = 1;
        for (Map.Entry<List<String>, List<?>> leaf : leaves.entrySet()) {
            combinations = Math.min(
                    Integer.MAX_VALUE,
                    combinations * leaf.getValue().size() * leaf.getKey().size());
            grow(root, leaf.getKey(), leaf.getValue());
        }
        if (root.size() > MOST_KEYS) {
            throw refused("its filter policy has " + root.size() + " keys; SNS takes " + MOST_KEYS);
        }
        if (combinations > MOST_COMBINATIONS) {
            throw refused("its filter policy has " + combinations + " combinations of values; SNS takes "
                    + MOST_COMBINATIONS + ". Use onAny and fewer values, or split the fork");
        }
        String text = json(root);
        if (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw refused("its filter policy is longer than SNS's 256 KB");
        }
        return text;
    }

    @SuppressWarnings("unchecked")
    private void grow(Map<String, Object> root, List<String> path, List<?> values) {
        if (path.isEmpty()) {
            throw refused("the pointer to the whole body names no field that SNS could filter by");
        }
        Map<String, Object> at = root;
        for (String name : path.subList(0, path.size() - 1)) {
            Object next = at.computeIfAbsent(name, absent -> new LinkedHashMap<>());
            if (!(next instanceof Map)) {
                throw refused("body field '" + name + "' has a condition and conditions inside it");
            }
            at = (Map<String, Object>) next;
        }
        if (at.put(path.get(path.size() - 1), values) != null) {
            throw refused("body field '" + String.join(".", path) + "' has a condition and conditions inside it");
        }
    }

    private static String json(Map<String, Object> root) {
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings and numbers is always JSON", e);
        }
    }

    private IllegalStateException refused(String why) {
        return new IllegalStateException("Fork '" + fork + "': " + why + ".");
    }
}
