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
 * the object. And what the transport says wins over what a body says: SNS gives no message attributes to a notification that it
 * has wrapped, so a body that came with some is none. Whoever publishes payloads that pass for an envelope, or does not trust
 * who publishes, pins the kind with {@link #only}, the topic with {@link #from}, or raw delivery with {@link #unwrapped}.
 *
 * <p>Immutable and thread-safe. Nothing here is null.
 */
public final class EnvelopeReader {
    private static final Set<Kind> EVENTS = Collections.unmodifiableSet(EnumSet.of(Kind.EVENTBRIDGE, Kind.CLOUDEVENTS));
    private static final Set<Kind> WRAPPED =
            Collections.unmodifiableSet(EnumSet.of(Kind.SNS, Kind.EVENTBRIDGE, Kind.CLOUDEVENTS));
    private static final EnvelopeReader DETECTING = new EnvelopeReader(null, null, false);

    private final @Nullable Kind pinned;
    private final @Nullable String topic;
    private final boolean unwrapped;

    private EnvelopeReader(@Nullable Kind pinned, @Nullable String topic, boolean unwrapped) {
        this.pinned = pinned;
        this.topic = topic;
        this.unwrapped = unwrapped;
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
        return new EnvelopeReader(kind, null, false);
    }

    /**
     * Returns the reader that takes the same, but only from SNS notifications of this topic.
     *
     * @param topicArn the topic's ARN, as {@code TopicArn} has it
     * @throws IllegalStateException if it takes no notifications: the kind is pinned to RAW, or it is {@link #unwrapped}
     */
    public EnvelopeReader from(String topicArn) {
        if (pinned == Kind.RAW || unwrapped) {
            throw new IllegalStateException("a raw body names no topic; do not pin both");
        }
        return new EnvelopeReader(pinned, topicArn, false);
    }

    /**
     * Returns the reader that takes the same, but nothing for an SNS notification, whatever it looks like: for a subscription
     * with raw delivery.
     *
     * @throws IllegalStateException if it takes notifications only: the kind is pinned to SNS, or a topic is
     */
    public EnvelopeReader unwrapped() {
        if (pinned == Kind.SNS || topic != null) {
            throw new IllegalStateException("with raw delivery no body is a notification; do not pin both");
        }
        return new EnvelopeReader(pinned, null, true);
    }

    /** Returns whether it takes nothing for a notification, because it was made with {@link #unwrapped} or pinned to RAW. */
    public boolean takesNoNotification() {
        return unwrapped || pinned == Kind.RAW;
    }

    /** Returns the ARN of the one topic whose notifications it takes, if it was made with {@link #from}. */
    public Optional<String> topic() {
        return Optional.ofNullable(topic);
    }

    /** Returns the one kind that it takes, if it was made with {@link #only}. */
    public Optional<Kind> pinned() {
        return Optional.ofNullable(pinned);
    }

    /**
     * Returns the parts of a body that came with these message attributes.
     *
     * @throws EnvelopeException if kind or topic is pinned and the body is of another; never from {@link #detecting()}
     */
    public Envelope read(String body, Attributes attributes) throws EnvelopeException {
        Envelope envelope = pinned == null ? detect(body, attributes) : readPinned(pinned, body, attributes);
        if (topic != null) {
            requireTopic(envelope);
        }
        return envelope;
    }

    private void requireTopic(Envelope envelope) throws EnvelopeException {
        Envelope notification = envelope.outer().orElse(envelope);
        if (notification.kind() != Kind.SNS) {
            throw new EnvelopeException("The body is no SNS notification, and the fork takes those of the topic "
                    + topic + " only. Turn raw message delivery off in the subscription, or do not pin the topic.");
        }
        if (!notification.source().equals(Optional.ofNullable(topic))) {
            throw new EnvelopeException(
                    "The notification is not of the topic " + topic
                            + ", the only one that the fork takes from. Do not subscribe the queue to another topic, or do not pin it.");
        }
    }

    private Envelope readPinned(Kind pinned, String body, Attributes attributes) throws EnvelopeException {
        return switch (pinned) {
            case RAW -> Envelope.raw(body, attributes);
            case SNS -> notification(body, attributes);
            case EVENTBRIDGE, CLOUDEVENTS -> event(pinned, body, attributes);
        };
    }

    private Envelope detect(String body, Attributes attributes) {
        Scan scan = Scan.of(body, unwrapped || (attributes.anySent() && topic == null) ? EVENTS : WRAPPED);
        if (scan.is(Kind.SNS)) {
            Envelope notification = Envelope.notification(scan, attributes);
            if (!Scan.mayBeAnEvent(notification.text())) {
                return notification;
            }
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

    private Envelope event(Kind kind, String body, Attributes attributes) throws EnvelopeException {
        Scan scan = Scan.of(body, unwrapped ? EnumSet.of(kind) : EnumSet.of(Kind.SNS, kind));
        if (scan.is(kind)) {
            return event(scan, null, attributes, Envelope.raw(body, attributes));
        }
        if (unwrapped) {
            throw new EnvelopeException(
                    "The body is no " + name(kind) + ": " + scan.problem(kind) + ". " + advice(kind));
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
