package io.github.eventfork.filter;

import io.github.eventfork.envelope.Pointer;
import io.github.eventfork.text.LogText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Conditions that must hold together: one group of {@code Fork.Builder.whereAnyOf}. Immutable: each method answers with a
 * changed copy.
 *
 * <pre>{@code
 * .whereAnyOf(where("plan", oneOf("pro", "team")), where("plan", oneOf("free")).and("seats", atLeast(10)))
 * }</pre>
 *
 * <p>It becomes a branch of {@code $or}, the
 * <a href="https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html">OR operator</a> of SNS.
 */
public final class Conditions {

    private static final Conditions NONE = new Conditions(new LinkedHashMap<>(), new LinkedHashMap<>(), List.of());

    private final Map<String, Condition> attributes;
    private final Map<Pointer, Condition> fields;
    private final List<Conditions> anyOf;

    private Conditions(Map<String, Condition> attributes, Map<Pointer, Condition> fields, List<Conditions> anyOf) {
        this.attributes = attributes;
        this.fields = fields;
        this.anyOf = anyOf;
    }

    /**
     * Begins a group with a condition on a message attribute.
     *
     * @throws IllegalArgumentException if no message attribute can have this name
     */
    public static Conditions where(String attribute, Condition condition) {
        return NONE.withAttribute(attribute, condition);
    }

    /**
     * Begins a group with a condition on a field of the payload, by its RFC 6901 pointer.
     *
     * @throws IllegalArgumentException if {@code pointer} is none
     */
    public static Conditions whereBody(String pointer, Condition condition) {
        return NONE.withField(pointer, condition);
    }

    /**
     * The same with a condition more, which must hold too.
     *
     * @param place a message attribute's name in a group that began with {@link #where}, a pointer in one that began
     *     with {@link #whereBody}
     * @throws IllegalArgumentException if {@code place} is no name or pointer, or has a condition in this group already
     */
    public Conditions and(String place, Condition condition) {
        return fields.isEmpty() ? withAttribute(place, condition) : withField(place, condition);
    }

    /**
     * The same, and one of these groups must hold too.
     *
     * @throws IllegalArgumentException if there are such groups already: SNS takes one {@code $or} beside other
     *     conditions
     */
    public Conditions andAnyOf(Conditions first, Conditions second, Conditions... more) {
        if (!anyOf.isEmpty()) {
            throw new IllegalArgumentException("andAnyOf is given twice; nest the second in each group of the first");
        }
        return new Conditions(attributes, fields, groups(first, second, more));
    }

    static Conditions none() {
        return NONE;
    }

    static List<Conditions> groups(Conditions first, Conditions second, Conditions... more) {
        return Stream.concat(Stream.of(first, second), Stream.of(more)).toList();
    }

    Conditions withAttribute(String name, Condition condition) {
        AttributeName.check(name);
        return new Conditions(with(attributes, name, condition, "attribute"), fields, anyOf);
    }

    Conditions withField(String pointer, Condition condition) {
        return new Conditions(attributes, with(fields, Pointer.compile(pointer), condition, "body field"), anyOf);
    }

    private static <P> Map<P, Condition> with(Map<P, Condition> before, P place, Condition condition, String kind) {
        Map<P, Condition> after = new LinkedHashMap<>(before);
        if (after.put(place, condition) != null) {
            throw new IllegalArgumentException(
                    kind + " '" + LogText.of(place.toString()) + "' has two conditions; join them with or(..)");
        }
        return Collections.unmodifiableMap(after);
    }

    boolean isNone() {
        return attributes.isEmpty() && fields.isEmpty() && anyOf.isEmpty();
    }

    Map<String, Condition> attributes() {
        return attributes;
    }

    Map<Pointer, Condition> fields() {
        return fields;
    }

    List<Conditions> anyOf() {
        return anyOf;
    }

    /** The first attribute in it or in its groups, as it was given: to name it in a refusal. */
    Optional<String> firstAttribute() {
        return all().flatMap(group -> group.attributes.keySet().stream()).findFirst();
    }

    /** The same of a field of the body. */
    Optional<String> firstField() {
        return all().flatMap(group -> group.fields.keySet().stream())
                .map(Pointer::toString)
                .findFirst();
    }

    private Stream<Conditions> all() {
        return Stream.concat(Stream.of(this), anyOf.stream().flatMap(Conditions::all));
    }

    /** Places and conditions, as a sentence. */
    @Override
    public String toString() {
        List<String> terms = new ArrayList<>();
        attributes.forEach((name, condition) -> terms.add(name + " " + condition));
        fields.forEach((pointer, condition) -> terms.add(pointer + " " + condition));
        if (!anyOf.isEmpty()) {
            terms.add("any of " + anyOf);
        }
        return String.join(" and ", terms);
    }
}
