package io.github.eventfork.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A filter policy while it grows: values at places, which must all match, and groups of which one must.
 *
 * <p>It counts as <a href="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html">SNS
 * does</a>: combinations are the product over the places of their values times their depth, and the groups of an {@code
 * $or} add up. How SNS counts the keys in groups is not documented: here they count like those beside the groups.
 *
 * <p>Mutable, for one thread.
 */
final class PolicyTree {

    private static final String OR = "$or";

    /** Where one of these is a key within an {@code $or}, SNS does not take it for the operator. */
    private static final Set<String> RESERVED_IN_GROUPS = Set.of(
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

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final FilterPolicy.Scope scope;
    private final Function<String, IllegalStateException> refusal;
    private final List<Place> outside;
    private final boolean grouped;
    private final List<Place> places = new ArrayList<>();
    private final List<PolicyTree> groups = new ArrayList<>();

    /**
     * Begins a policy.
     *
     * @param refusal makes an exception of a clause that says what SNS would not take
     */
    PolicyTree(FilterPolicy.Scope scope, Function<String, IllegalStateException> refusal) {
        this(scope, refusal, List.of(), false);
    }

    private PolicyTree(
            FilterPolicy.Scope scope,
            Function<String, IllegalStateException> refusal,
            List<Place> outside,
            boolean grouped) {
        this.scope = scope;
        this.refusal = refusal;
        this.outside = outside;
        this.grouped = grouped;
    }

    /** What is asked of one place; in the body, {@code steps} are its names split at dots, because SNS joins them so. */
    private record Place(List<String> names, List<?> values) {

        List<String> steps() {
            return List.of(String.join(".", names).split("\\.", -1));
        }

        boolean isSame(Place other, FilterPolicy.Scope scope) {
            return scope == FilterPolicy.Scope.MESSAGE_BODY ? steps().equals(other.steps()) : names.equals(other.names);
        }

        boolean holds(Place other) {
            List<String> mine = steps();
            List<String> others = other.steps();
            return mine.size() <= others.size()
                    && others.subList(0, mine.size()).equals(mine);
        }

        @Override
        public String toString() {
            return String.join(".", names);
        }
    }

    /** Adds what is asked of a place; {@code names} lead to it and are not empty. */
    void add(List<String> names, List<?> values) {
        Place place = new Place(names, values);
        if (names.contains(OR)) {
            throw refusal.apply("a key of its filter policy is '$or', which is an operator for SNS");
        }
        if (grouped && names.stream().anyMatch(RESERVED_IN_GROUPS::contains)) {
            throw refusal.apply("in an or-group SNS takes a name in '" + place + "' for an operator");
        }
        places.forEach(before -> refuseClash(before, place));
        outside.forEach(before -> refuseClash(before, place));
        places.add(place);
    }

    private void refuseClash(Place before, Place place) {
        if (before.isSame(place, scope)) {
            throw refusal.apply(
                    outside.contains(before)
                            ? "'" + place + "' has a condition in an or-group and one beside it, of which SNS keeps one"
                            : "there are two conditions on '" + place + "'");
        }
        if (scope == FilterPolicy.Scope.MESSAGE_BODY && (before.holds(place) || place.holds(before))) {
            throw refusal.apply("body field '" + (before.holds(place) ? before : place)
                    + "' has a condition and conditions inside it");
        }
    }

    /** Begins one more group, of which one must match; to be called after all places are added. */
    PolicyTree group() {
        List<Place> around = new ArrayList<>(outside);
        around.addAll(places);
        PolicyTree group = new PolicyTree(scope, refusal, around, true);
        groups.add(group);
        return group;
    }

    long combinations() {
        long product = 1;
        for (Place place : places) {
            product = capped(product * place.values().size() * place.names().size());
        }
        if (!groups.isEmpty()) {
            long sum = groups.stream().mapToLong(PolicyTree::combinations).reduce(0, (a, b) -> capped(a + b));
            product = capped(product * sum);
        }
        return product;
    }

    private static long capped(long count) {
        return Math.min(count, Integer.MAX_VALUE);
    }

    int keys() {
        return Math.max(object().size(), topLevelNames().size());
    }

    private Set<String> topLevelNames() {
        Set<String> names = new LinkedHashSet<>();
        places.forEach(place -> names.add(place.names().get(0)));
        groups.forEach(group -> names.addAll(group.topLevelNames()));
        return names;
    }

    String json() {
        return json(object());
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings and numbers is always JSON", e);
        }
    }

    private Map<String, Object> object() {
        Map<String, Object> root = new LinkedHashMap<>();
        places.forEach(place -> grow(root, place));
        if (!groups.isEmpty()) {
            root.put(OR, groups.stream().map(PolicyTree::object).toList());
        }
        return root;
    }

    /** No place holds another, so whatever is on the way to it is an object. */
    @SuppressWarnings("unchecked")
    private static void grow(Map<String, Object> root, Place place) {
        Map<String, Object> at = root;
        int last = place.names().size() - 1;
        for (String name : place.names().subList(0, last)) {
            at = (Map<String, Object>) at.computeIfAbsent(name, absent -> new LinkedHashMap<String, Object>());
        }
        at.put(place.names().get(last), place.values());
    }
}
