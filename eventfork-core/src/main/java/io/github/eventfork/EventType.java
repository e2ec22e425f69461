package io.github.eventfork;

import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.Pointer;
import io.github.eventfork.filter.AttributeName;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says where the event type is read, and so which scope the fork's filter policy has. Immutable and thread-safe.
 *
 * <p>See <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html">filter policy scope</a>.
 */
public sealed interface EventType {

    /**
     * The attribute {@code event}; without it, for an EventBridge event its detail-type, for a CloudEvent its type. The default.
     * The attribute decides, because a filter policy let the message in by it: what the body says of itself is its author's word.
     * Of a fork that takes EventBridge events or CloudEvents {@linkplain Fork.Builder#envelope only}, these decide, and so its
     * filter policy asks for them.
     */
    static EventType standard() {
        return new Standard();
    }

    /**
     * A message attribute, whatever the envelope.
     *
     * @throws IllegalArgumentException if no message attribute can have this name
     */
    static EventType attribute(String name) {
        return new Attribute(name);
    }

    /** The {@code detail-type} of EventBridge events. */
    static EventType detailType() {
        return new Field(Envelope.Kind.EVENTBRIDGE, "detail-type");
    }

    /** The {@code type} of CloudEvents. */
    static EventType cloudEventsType() {
        return new Field(Envelope.Kind.CLOUDEVENTS, "type");
    }

    /**
     * A string, number or boolean at an RFC 6901 pointer into the payload.
     *
     * @throws IllegalArgumentException if {@code pointer} is none
     */
    static EventType jsonPointer(String pointer) {
        return new Body(Pointer.compile(pointer));
    }

    /** A function of the envelope; thread-safe. SNS can't filter by it: such a fork has no filter policy. */
    static EventType from(Function<Envelope, Optional<String>> function) {
        return new Computed(function);
    }

    /** The type of the event in {@code envelope}, if it has one. */
    Optional<String> of(Envelope envelope);

    /** See {@link EventType#standard()}. */
    record Standard() implements EventType {

        static final String ATTRIBUTE = "event";

        @Override
        public Optional<String> of(Envelope envelope) {
            return envelope.attributes().value(ATTRIBUTE).isPresent()
                    ? envelope.attributes().text(ATTRIBUTE)
                    : envelope.type();
        }
    }

    /** See {@link EventType#attribute(String)}. */
    record Attribute(String name) implements EventType {

        /** Refuses what no message attribute can be named. */
        public Attribute {
            AttributeName.check(name);
        }

        @Override
        public Optional<String> of(Envelope envelope) {
            return envelope.attributes().text(name);
        }
    }

    /** See {@link EventType#detailType()} and {@link EventType#cloudEventsType()}. */
    record Field(Envelope.Kind kind, String name) implements EventType {
        @Override
        public Optional<String> of(Envelope envelope) {
            return envelope.kind() == kind ? envelope.type() : Optional.empty();
        }
    }

    /** See {@link EventType#jsonPointer(String)}. */
    record Body(Pointer pointer) implements EventType {
        @Override
        public Optional<String> of(Envelope envelope) {
            return pointer.in(envelope.text());
        }
    }

    /** See {@link EventType#from(Function)}. */
    record Computed(Function<Envelope, Optional<String>> function) implements EventType {
        @Override
        public Optional<String> of(Envelope envelope) {
            return function.apply(envelope);
        }
    }
}
