package io.github.eventfork.filter;

import io.github.eventfork.envelope.Pointer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the event type stands in what SNS filters by. Immutable.
 *
 * <p>For whoever writes a {@link FilterPolicyDraft}; a fork does so of its {@code EventType}.
 */
public final class TypePlace {

    static final String A_NUMBER_IS_AN_INDEX = "a number in a pointer is taken for an index, never for an object's key";

    private static final Pattern INDEX = Pattern.compile("[0-9]+|-");

    private final FilterPolicy.Scope scope;
    private final List<String> names;
    private final Optional<Pointer> pointer;
    private final TypeValues values;

    private TypePlace(FilterPolicy.Scope scope, List<String> names, Optional<Pointer> pointer, TypeValues values) {
        this.scope = scope;
        this.names = names;
        this.pointer = pointer;
        this.values = values;
    }

    /** A message attribute. */
    public static TypePlace attribute(String name) {
        return new TypePlace(
                FilterPolicy.Scope.MESSAGE_ATTRIBUTES, List.of(name), Optional.empty(), TypeValues.ATTRIBUTE);
    }

    /** A field of the body beside the payload, which is a string wherever it is an event type. */
    public static TypePlace besideThePayload(String name) {
        return new TypePlace(FilterPolicy.Scope.MESSAGE_BODY, List.of(name), Optional.empty(), TypeValues.ENVELOPE);
    }

    /** A field of the payload; SNS can't filter by one in an array: see {@link #whyNone}. */
    public static TypePlace inThePayload(Pointer pointer) {
        return new TypePlace(FilterPolicy.Scope.MESSAGE_BODY, List.of(), Optional.of(pointer), TypeValues.PAYLOAD);
    }

    /** Why SNS can't filter by a type at this place of the payload; empty if it can. */
    public static Optional<String> whyNone(Pointer pointer) {
        return inArray(pointer)
                ? Optional.of("its event type stands in an array, at " + pointer + " (" + A_NUMBER_IS_AN_INDEX + ")")
                : Optional.empty();
    }

    static boolean inArray(Pointer pointer) {
        return pointer.segments().stream()
                .anyMatch(segment -> INDEX.matcher(segment).matches());
    }

    FilterPolicy.Scope scope() {
        return scope;
    }

    /** Unless it is in the payload. */
    List<String> names() {
        return names;
    }

    Optional<Pointer> pointer() {
        return pointer;
    }

    /**
     * The values by which {@code type} comes through.
     *
     * @throws IllegalArgumentException if it may come as a number that SNS can't compare
     */
    Stream<Object> values(String type) {
        return values.of(type);
    }
}
