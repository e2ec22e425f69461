package io.github.eventfork.filter;

import io.github.eventfork.envelope.Pointer;
import io.github.eventfork.text.LogText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the filter policy that types and conditions imply, within
 * <a href="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html">SNS's limits</a>.
 * The {@link PolicyTree} counts.
 */
final class PolicyText {

    private static final int MOST_KEYS = 5;
    private static final int MOST_COMBINATIONS = 150;
    private static final int MOST_BYTES = 256 * 1024;

    private final String fork;

    /** The names under which the payload stands in what SNS sees. */
    private final List<String> payload;

    PolicyText(String fork, List<String> payload) {
        this.fork = fork;
        this.payload = payload;
    }

    FilterPolicy write(TypePlace place, List<String> types, Conditions conditions) {
        boolean free = types.isEmpty();
        List<String> type = names(place);
        boolean attributes =
                free ? conditions.firstField().isEmpty() : place.scope() == FilterPolicy.Scope.MESSAGE_ATTRIBUTES;
        if (attributes) {
            conditions.firstField().ifPresent(this::refuseInBody);
        } else {
            conditions.firstAttribute().ifPresent(this::refuseOnAttributes);
        }
        FilterPolicy.Scope scope = attributes ? FilterPolicy.Scope.MESSAGE_ATTRIBUTES : FilterPolicy.Scope.MESSAGE_BODY;
        PolicyTree tree = new PolicyTree(scope, this::refused);
        if (!free) {
            tree.add(
                    type,
                    types.stream().flatMap(one -> values(place, one)).distinct().toList());
        }
        fill(tree, free ? List.of() : type, conditions);
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

    private List<String> names(TypePlace place) {
        return place.pointer().map(this::inBody).orElseGet(place::names);
    }

    /** A pointer is into the payload; what SNS sees is the event around it. */
    private List<String> inBody(Pointer pointer) {
        if (pointer.segments().isEmpty()) {
            throw refused("the pointer to the whole body names no field that SNS could filter by");
        }
        List<String> names = new ArrayList<>(payload);
        names.addAll(pointer.segments());
        return names;
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
        if (TypePlace.inArray(pointer)) {
            throw refused("whereBody(" + pointer + ") names a place in an array, which SNS can't ("
                    + TypePlace.A_NUMBER_IS_AN_INDEX + ")");
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

    private Stream<Object> values(TypePlace place, String type) {
        try {
            return place.values(type);
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
