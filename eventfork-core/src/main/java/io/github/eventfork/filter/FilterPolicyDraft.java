package io.github.eventfork.filter;

import io.github.eventfork.envelope.Pointer;
import java.util.List;

/**
 * Conditions of a filter policy that is to be: a fork's builder collects them. Not thread-safe; what it wrote shares nothing with
 * it.
 */
public final class FilterPolicyDraft {

    private Conditions conditions = Conditions.none();

    /** One without conditions. */
    public FilterPolicyDraft() {}

    /**
     * Adds a condition on a message attribute; says whether it did: not if the attribute has one already.
     *
     * @throws IllegalArgumentException if no message attribute can have this name
     */
    public boolean where(String attribute, Condition condition) {
        if (conditions.attributes().containsKey(attribute)) {
            return false;
        }
        conditions = conditions.withAttribute(attribute, condition);
        return true;
    }

    /**
     * The same on a field of the payload.
     *
     * @throws IllegalArgumentException if {@code pointer} is none by RFC 6901
     */
    public boolean whereBody(String pointer, Condition condition) {
        if (conditions.fields().containsKey(Pointer.compile(pointer))) {
            return false;
        }
        conditions = conditions.withField(pointer, condition);
        return true;
    }

    /** The same of groups of which one must hold; not if there are some already. */
    public boolean whereAnyOf(Conditions first, Conditions second, Conditions... more) {
        if (!conditions.anyOf().isEmpty()) {
            return false;
        }
        conditions = conditions.andAnyOf(first, second, more);
        return true;
    }

    /** Whether there is no condition. */
    public boolean isEmpty() {
        return conditions.isNone();
    }

    /**
     * Writes it.
     *
     * @param fork who wants it, for the text of a refusal
     * @param place where the event type stands
     * @param payload the names under which the payload stands in the body: none if it is the body
     * @param types the event types that are wanted; none means any
     * @throws IllegalStateException if scopes clash or a limit of SNS is passed
     */
    public FilterPolicy write(String fork, TypePlace place, List<String> payload, List<String> types) {
        return new PolicyText(fork, payload).write(place, types, conditions);
    }
}
