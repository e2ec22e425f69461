package io.github.eventfork;

import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the filter policy that a fork's types and conditions imply, within
 * <a href="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html">SNS's limits</a>.
 * The {@link PolicyTree} counts.
 */
final class PolicyText {

    private static final int MOST_KEYS = 5;
    private static final int MOST_COMBINATIONS = 150;
    private static final int MOST_BYTES = 256 * 1024;

    private static final String A_NUMBER_IS_AN_INDEX =
            "a number in a pointer is taken for an index, never for an object's key";
    private static final Pattern INDEX = Pattern.compile("[0-9]+|-");

    private final String fork;
    private final EventType type;
    private final Envelope.@Nullable Kind kind;
    private final @Nullable FilterPolicy policy;

    /**
     * Writes it at once, so that a fork that SNS would refuse is never built.
     *
     * @param types the event types that are wanted; none means any
     * @throws IllegalStateException if scopes clash or a limit of SNS is passed
     */
    PolicyText(
            String fork, EventType type, Envelope.@Nullable Kind envelope, List<String> types, Conditions conditions) {
        this.fork = fork;
        this.type = type;
        this.kind = type instanceof EventType.Field field ? field.kind() : envelope;
        if (types.isEmpty() || sayable()) {
            this.policy = write(path(type), types, conditions);
        } else {
            refuse(conditions);
            this.policy = null;
        }
    }

    /** Conditions without a policy: one that is written by hand for the subscription would not have them either. */
    private void refuse(Conditions conditions) {
        if (!conditions.isNone()) {
            throw refused(
                    whyNone() + ", so it has no filter policy, and its conditions would be part of none. Read the type"
                            + " from an attribute or a field, or leave the conditions out and let the handler look");
        }
    }

    FilterPolicy filterPolicy() {
        if (policy == null) {
            throw refused(whyNone() + ", and SNS can't filter by that. Read the type from an attribute or a field, or"
                    + " subscribe without a policy");
        }
        return policy;
    }

    /** Whether SNS can filter by it: it knows no functions, and no places in arrays. */
    private boolean sayable() {
        return !(type instanceof EventType.Computed)
                && !(type instanceof EventType.Body body && inArray(body.pointer()));
    }

    private String whyNone() {
        return type instanceof EventType.Body body
                ? "its event type stands in an array, at " + body.pointer() + " (" + A_NUMBER_IS_AN_INDEX + ")"
                : "its event type is computed by a function";
    }

    private static boolean inArray(Pointer pointer) {
        return pointer.segments().stream()
                .anyMatch(segment -> INDEX.matcher(segment).matches());
    }

    /** Where the type stands: an attribute is one name at scope attributes, all else a path into the body. */
    private record Path(FilterPolicy.Scope scope, List<String> names, TypeValues values) {}

    private Path path(EventType type) {
        if (type instanceof EventType.Attribute attribute) {
            return new Path(FilterPolicy.Scope.MESSAGE_ATTRIBUTES, List.of(attribute.name()), TypeValues.ATTRIBUTE);
        }
        if (type instanceof EventType.Field field) {
            return new Path(FilterPolicy.Scope.MESSAGE_BODY, List.of(field.name()), TypeValues.ENVELOPE);
        }
        if (type instanceof EventType.Body body) {
            return new Path(FilterPolicy.Scope.MESSAGE_BODY, inBody(body.pointer()), TypeValues.PAYLOAD);
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
        if (pointer.segments().isEmpty()) {
            throw refused("the pointer to the whole body names no field that SNS could filter by");
        }
        List<String> names = new ArrayList<>();
        if (kind == Envelope.Kind.EVENTBRIDGE) {
            names.add("detail");
        } else if (kind == Envelope.Kind.CLOUDEVENTS) {
            names.add("data");
        }
        names.addAll(pointer.segments());
        return names;
    }

    private FilterPolicy write(Path type, List<String> types, Conditions conditions) {
        boolean free = types.isEmpty();
        boolean attributes =
                free ? conditions.firstField().isEmpty() : type.scope == FilterPolicy.Scope.MESSAGE_ATTRIBUTES;
        if (attributes) {
            conditions.firstField().ifPresent(this::refuseInBody);
        } else {
            conditions.firstAttribute().ifPresent(this::refuseOnAttributes);
        }
        FilterPolicy.Scope scope = attributes ? FilterPolicy.Scope.MESSAGE_ATTRIBUTES : FilterPolicy.Scope.MESSAGE_BODY;
        PolicyTree tree = new PolicyTree(scope, this::refused);
        if (!free) {
            tree.add(
                    type.names,
                    types.stream().flatMap(one -> values(type, one)).distinct().toList());
        }
        fill(tree, free ? List.of() : type.names, conditions);
        refuseWhatIsTooMuch(tree);
        String text = tree.json();
        if (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw refused("its filter policy is longer than SNS's 256 KB");
        }
        if (attributes && (text.contains("\\\"") || text.contains("\\\\"))) {
            throw refused("a quotation mark or a backslash stands in an event type or a condition on an attribute; SNS "
                    + "does not match them as they are");
        }
        return new FilterPolicy(text, scope);
    }

    private void refuseInBody(String pointer) {
        throw refused("the policy's scope is MessageAttributes, because the event type is an attribute, and whereBody("
                + pointer + ") can't be part of it");
    }

    private void refuseOnAttributes(String name) {
        throw refused("the policy's scope is MessageBody, because the event type or a condition is in the body, and "
                + "where(" + name + ") can't be part of it; use whereBody(..)");
    }

    private void fill(PolicyTree tree, List<String> type, Conditions conditions) {
        conditions.attributes().forEach((name, condition) -> add(tree, type, List.of(name), condition));
        conditions.fields().forEach((pointer, condition) -> add(tree, type, place(pointer), condition));
        conditions.anyOf().forEach(group -> fill(tree.group(), type, group));
    }

    private void add(PolicyTree tree, List<String> type, List<String> place, Condition condition) {
        if (place.equals(type)) {
            throw refused("there is a condition on the event type itself, at '" + String.join(".", place) + "'");
        }
        tree.add(place, condition.values());
    }

    private List<String> place(Pointer pointer) {
        if (inArray(pointer)) {
            throw refused("whereBody(" + pointer + ") names a place in an array, which SNS can't ("
                    + A_NUMBER_IS_AN_INDEX + ")");
        }
        return inBody(pointer);
    }

    private void refuseWhatIsTooMuch(PolicyTree tree) {
        if (tree.keys() > MOST_KEYS) {
            throw refused("its filter policy has " + tree.keys() + " keys; SNS takes " + MOST_KEYS);
        }
        if (tree.combinations() > MOST_COMBINATIONS) {
            throw refused("its filter policy has " + tree.combinations() + " combinations of values; SNS takes "
                    + MOST_COMBINATIONS + ". Use onAny and fewer values, or split the fork");
        }
    }

    private Stream<Object> values(Path path, String type) {
        try {
            return path.values.of(type);
        } catch (IllegalArgumentException notComparable) {
            throw refused(
                    "event type '" + LogText.of(type) + "' reads like a number that SNS can't compare (from -10^9 to"
                            + " 10^9, with at most 5 decimals): published as one, it would be kept out. Name it so that it reads like"
                            + " none, or compute the type with EventType.from(..) and subscribe by a policy of your own");
        }
    }

    private IllegalStateException refused(String why) {
        return new IllegalStateException("Fork '" + fork + "': " + why + ".");
    }
}
