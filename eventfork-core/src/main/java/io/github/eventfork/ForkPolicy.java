package io.github.eventfork;

import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.filter.FilterPolicyDraft;
import io.github.eventfork.filter.TypePlace;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The filter policy that a fork implies, or why it has none. Says where an {@link EventType} stands in what SNS sees. */
final class ForkPolicy {

    private final String fork;
    private final Optional<String> whyNone;
    private final @Nullable FilterPolicy policy;

    /**
     * Writes it at once, so that a fork that SNS would refuse is never built.
     *
     * @param types the event types that are wanted; none means any
     * @throws IllegalStateException if scopes clash or a limit of SNS is passed
     */
    ForkPolicy(
            String fork,
            EventType type,
            Envelope.@Nullable Kind envelope,
            List<String> types,
            FilterPolicyDraft conditions) {
        this.fork = fork;
        this.whyNone = whyNone(type);
        Envelope.Kind kind = type instanceof EventType.Field field ? field.kind() : envelope;
        if (types.isEmpty() || whyNone.isEmpty()) {
            this.policy = conditions.write(fork, place(type, kind), payload(kind), types);
        } else {
            refuse(conditions);
            this.policy = null;
        }
    }

    FilterPolicy filterPolicy() {
        if (policy == null) {
            throw refused(whyNone.orElse("")
                    + ", and SNS can't filter by that. Read the type from an attribute or a field, or"
                    + " subscribe without a policy");
        }
        return policy;
    }

    /** Conditions without a policy: one that is written by hand for the subscription would not have them either. */
    private void refuse(FilterPolicyDraft conditions) {
        if (!conditions.isEmpty()) {
            throw refused(whyNone.orElse("")
                    + ", so it has no filter policy, and its conditions would be part of none. Read the type"
                    + " from an attribute or a field, or leave the conditions out and let the handler look");
        }
    }

    /** SNS knows no functions, and no places in arrays. */
    private static Optional<String> whyNone(EventType type) {
        if (type instanceof EventType.Body body) {
            return TypePlace.whyNone(body.pointer());
        }
        return type instanceof EventType.Computed
                ? Optional.of("its event type is computed by a function")
                : Optional.empty();
    }

    private static TypePlace place(EventType type, Envelope.@Nullable Kind kind) {
        if (type instanceof EventType.Attribute attribute) {
            return TypePlace.attribute(attribute.name());
        }
        if (type instanceof EventType.Field field) {
            return TypePlace.besideThePayload(field.name());
        }
        if (type instanceof EventType.Body body) {
            return TypePlace.inThePayload(body.pointer());
        }
        if (kind == Envelope.Kind.EVENTBRIDGE) {
            return place(EventType.detailType(), kind);
        }
        if (kind == Envelope.Kind.CLOUDEVENTS) {
            return place(EventType.cloudEventsType(), kind);
        }
        return TypePlace.attribute(EventType.Standard.ATTRIBUTE);
    }

    private static List<String> payload(Envelope.@Nullable Kind kind) {
        if (kind == Envelope.Kind.EVENTBRIDGE) {
            return List.of("detail");
        }
        return kind == Envelope.Kind.CLOUDEVENTS ? List.of("data") : List.of();
    }

    private IllegalStateException refused(String why) {
        return new IllegalStateException("Fork '" + fork + "': " + why + ".");
    }
}
