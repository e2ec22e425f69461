package io.github.eventfork.envelope;

import io.github.eventfork.envelope.Envelope.Kind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a body apart into payload and wrapping, in one pass over its text.
 *
 * <p>A body is an SNS notification, an EventBridge event or a CloudEvents 1.0 event only by strict rules, because a raw
 * payload can look like one: all fields that the real ones have, in their form, none of them twice, and nothing behind
 * the object. Whoever publishes payloads that pass for an envelope pins the kind with {@link #only}.
 *
 * <p>Immutable and thread-safe. Nothing here is null.
 */
public final class EnvelopeReader {
    private static final Set<Kind> EVENTS = Collections.unmodifiableSet(EnumSet.of(Kind.EVENTBRIDGE, Kind.CLOUDEVENTS));
    private static final Set<Kind> WRAPPED =
            Collections.unmodifiableSet(EnumSet.of(Kind.SNS, Kind.EVENTBRIDGE, Kind.CLOUDEVENTS));
    private static final EnvelopeReader DETECTING = new EnvelopeReader(null);

    private final @Nullable Kind pinned;

    private EnvelopeReader(@Nullable Kind pinned) {
        this.pinned = pinned;
    }

    /** Returns the reader that finds out the kind; it never throws: what is not strictly an envelope is raw. */
    public static EnvelopeReader detecting() {
        return DETECTING;
    }

    /**
     * Returns the reader that takes one kind only. RAW: the body as it is. SNS: a notification, whose message is the
     * payload whatever it looks like. EVENTBRIDGE and CLOUDEVENTS: such an event, bare or in an SNS notification.
     */
    public static EnvelopeReader only(Kind kind) {
        return new EnvelopeReader(kind);
    }

    /** Returns the one kind that it takes, if it was made with {@link #only}. */
    public Optional<Kind> pinned() {
        return Optional.ofNullable(pinned);
    }

    /**
     * Returns the parts of a body that came with these message attributes.
     *
     * @throws EnvelopeException if the kind is pinned and the body is of another; never from {@link #detecting()}
     */
    public Envelope read(String body, Attributes attributes) throws EnvelopeException {
        if (pinned == null) {
            return detect(body, attributes);
        }
        return switch (pinned) {
            case RAW -> Envelope.raw(body, attributes);
            case SNS -> notification(body, attributes);
            case EVENTBRIDGE, CLOUDEVENTS -> event(pinned, body, attributes);
        };
    }

    private static Envelope detect(String body, Attributes attributes) {
        Scan scan = Scan.of(body, WRAPPED);
        if (scan.is(Kind.SNS)) {
            Envelope notification = Envelope.notification(scan, attributes);
            Scan inner = Scan.of(notification.text(), EVENTS);
            return event(inner, notification, notification.attributes(), notification);
        }
        return event(scan, null, attributes, Envelope.raw(body, attributes));
    }

    /** The event that was scanned, or {@code otherwise} if it is none. */
    private static Envelope event(Scan scan, @Nullable Envelope outer, Attributes attributes, Envelope otherwise) {
        if (scan.is(Kind.EVENTBRIDGE)) {
            return Envelope.eventBridge(scan, outer, attributes);
        }
        return scan.is(Kind.CLOUDEVENTS) ? Envelope.cloudEvents(scan, outer, attributes) : otherwise;
    }

    private static Envelope notification(String body, Attributes attributes) throws EnvelopeException {
        Scan scan = Scan.of(body, EnumSet.of(Kind.SNS));
        if (!scan.is(Kind.SNS)) {
            throw new EnvelopeException("The body is no SNS notification: " + scan.problem(Kind.SNS)
                    + ". Turn raw message delivery off in the subscription, or do not pin the envelope to SNS.");
        }
        return Envelope.notification(scan, attributes);
    }

    private static Envelope event(Kind kind, String body, Attributes attributes) throws EnvelopeException {
        Scan scan = Scan.of(body, EnumSet.of(Kind.SNS, kind));
        if (scan.is(kind)) {
            return event(scan, null, attributes, Envelope.raw(body, attributes));
        }
        if (!scan.is(Kind.SNS)) {
            throw new EnvelopeException("The body is no " + name(kind) + ": " + scan.problem(kind)
                    + "; nor is it an SNS notification around one: " + scan.problem(Kind.SNS) + ". " + advice(kind));
        }
        Envelope notification = Envelope.notification(scan, attributes);
        Scan inner = Scan.of(notification.text(), EnumSet.of(kind));
        if (!inner.is(kind)) {
            throw new EnvelopeException("The 'Message' of the SNS notification is no " + name(kind) + ": "
                    + inner.problem(kind) + ". " + advice(kind));
        }
        return event(inner, notification, notification.attributes(), notification);
    }

    private static String name(Kind kind) {
        return kind == Kind.EVENTBRIDGE ? "EventBridge event" : "CloudEvents 1.0 event in JSON";
    }

    private static String advice(Kind kind) {
        return "Publish such events, or do not pin the envelope to " + kind + ".";
    }
}
