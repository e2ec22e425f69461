package io.github.eventfork.envelope;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A body taken apart: the payload, and what the wrapping around it says. {@link EnvelopeReader} makes it.
 *
 * <p>At most two layers, an SNS notification around an event; then this is the inner one and {@link #outer()} the
 * notification.
 *
 * <p>Immutable and thread-safe. Nothing here is null.
 */
public final class Envelope {
    /** The longest text that is tried as a time; RFC 3339 needs half of it. */
    private static final int TIME_LENGTH = 64;

    /** What a payload can be wrapped in. */
    public enum Kind {
        /** Nothing: the body is the payload. */
        RAW,
        /** A <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">notification</a>. */
        SNS,
        /** An <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html">event</a>. */
        EVENTBRIDGE,
        /** A CloudEvents 1.0 event in structured JSON mode. */
        CLOUDEVENTS
    }

    /** What a layer says of itself, as far as it does. */
    private record Head(
            @Nullable String id,
            @Nullable String type,
            @Nullable String source,
            @Nullable String time,
            @Nullable String subject) {
        private static final Head EMPTY = new Head(null, null, null, null, null);
    }

    private final Kind kind;
    private final @Nullable Envelope outer;
    private final Head head;
    private final Attributes attributes;
    private final String text;
    private final byte @Nullable [] bytes;

    private Envelope(
            Kind kind,
            @Nullable Envelope outer,
            Head head,
            Attributes attributes,
            String text,
            byte @Nullable [] bytes) {
        this.kind = kind;
        this.outer = outer;
        this.head = head;
        this.attributes = attributes;
        this.text = text;
        this.bytes = bytes;
    }

    static Envelope raw(String body, Attributes attributes) {
        return new Envelope(Kind.RAW, null, Head.EMPTY, attributes, body, null);
    }

    static Envelope notification(Scan scan, Attributes attributes) {
        Head head = new Head(
                scan.required(Field.MESSAGE_ID),
                null,
                scan.required(Field.TOPIC_ARN),
                scan.required(Field.TIMESTAMP),
                scan.text(Field.SNS_SUBJECT));
        return new Envelope(
                Kind.SNS, null, head, scan.messageAttributes().with(attributes), scan.required(Field.MESSAGE), null);
    }

    static Envelope eventBridge(Scan scan, @Nullable Envelope outer, Attributes attributes) {
        Head head = new Head(
                scan.required(Field.ID),
                scan.required(Field.DETAIL_TYPE),
                scan.required(Field.SOURCE),
                scan.required(Field.TIME),
                null);
        return new Envelope(Kind.EVENTBRIDGE, outer, head, attributes, scan.required(Field.DETAIL), null);
    }

    static Envelope cloudEvents(Scan scan, @Nullable Envelope outer, Attributes attributes) {
        Head head = new Head(
                // no space is in a source: what has one is no CloudEvent
                scan.required(Field.SOURCE) + " " + scan.required(Field.ID),
                scan.required(Field.TYPE),
                scan.required(Field.SOURCE),
                scan.text(Field.TIME),
                scan.text(Field.SUBJECT));
        byte[] bytes = scan.dataBytes();
        String text = bytes == null ? cloudEventsText(scan) : new String(bytes, StandardCharsets.UTF_8);
        return new Envelope(Kind.CLOUDEVENTS, outer, head, attributes, text, bytes);
    }

    private static String cloudEventsText(Scan scan) {
        String data = scan.text(Field.DATA);
        String contentType = scan.text(Field.DATACONTENTTYPE);
        if (contentType != null && !isJson(contentType)) {
            return scan.dataString().orElse(data == null ? "null" : data);
        }
        return data == null ? "null" : data;
    }

    /** The rule of the CloudEvents JSON format: the media subtype is {@code json} or ends in {@code +json}. */
    private static boolean isJson(String contentType) {
        int parameters = contentType.indexOf(';');
        String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
        String plain = mediaType.strip().toLowerCase(Locale.ROOT);
        return plain.endsWith("/json") || plain.endsWith("+json");
    }

    /** Returns the kind of the layer that the payload was taken from, the innermost. */
    public Kind kind() {
        return kind;
    }

    /** Returns the SNS notification around an EventBridge or CloudEvents event, if that is how it came. */
    public Optional<Envelope> outer() {
        return Optional.ofNullable(outer);
    }

    /**
     * Returns the id that every copy of the event shares: the notification's {@code MessageId}, the EventBridge {@code
     * id}, or a CloudEvents {@code source} and {@code id} with a space between. Empty for a raw body.
     */
    public Optional<String> id() {
        return Optional.ofNullable(head.id);
    }

    /**
     * Returns what tells this event from all others, if it has an id: two that differ in the kind of wrapping, the source or
     * the id have different keys, whatever these hold. The kind says who wrote the id too: that of an EventBridge event in a
     * notification, or beside attributes, is the payload's word, and never meets one that EventBridge itself has given.
     */
    public Optional<String> key() {
        if (head.id == null) {
            return Optional.empty();
        }
        String source = head.source == null ? "" : head.source;
        // the length says where the source ends
        String id = kind == Kind.CLOUDEVENTS ? head.id.substring(source.length() + 1) : head.id;
        return Optional.of(wrapping() + ':' + source.length() + ':' + source + ':' + id);
    }

    private String wrapping() {
        return switch (kind) {
            case RAW -> "raw";
            case SNS -> "sns";
            case EVENTBRIDGE -> outer == null && !attributes.anySent() ? "eventbridge" : "payload-eventbridge";
            case CLOUDEVENTS -> "cloudevents";
        };
    }

    /** Returns an EventBridge {@code detail-type} or a CloudEvents {@code type}; the other kinds name none. */
    public Optional<String> type() {
        return Optional.ofNullable(head.type);
    }

    /** Returns the topic's ARN, or the {@code source} of an event. */
    public Optional<String> source() {
        return Optional.ofNullable(head.source);
    }

    /** Returns when the event was published; of an event without time, when SNS was told. Empty if unreadable. */
    public Optional<Instant> time() {
        if (head.time == null) {
            return outer().flatMap(Envelope::time);
        }
        return head.time.length() > TIME_LENGTH ? Optional.empty() : instant(head.time);
    }

    private static Optional<Instant> instant(String time) {
        try {
            return Optional.of(Instant.parse(time));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }

    /** Returns the {@code Subject} of a notification or the {@code subject} of a CloudEvents event. */
    public Optional<String> subject() {
        return Optional.ofNullable(head.subject);
    }

    /** Returns the attributes in an SNS notification, joined with the message's own, which win; alike in both layers. */
    public Attributes attributes() {
        return attributes;
    }

    /** Returns whether the payload came as bytes: a CloudEvents {@code data_base64}. */
    public boolean binary() {
        return bytes != null;
    }

    /**
     * Returns the payload's text, cut out of the body without being rewritten; that of a {@link #binary()} payload is
     * its bytes read as UTF-8, that of a CloudEvents event without data is {@code null}, as JSON writes it.
     */
    public String text() {
        return text;
    }

    /** Returns a copy of the payload's bytes: the text in UTF-8 unless it is {@link #binary()}. */
    public byte[] bytes() {
        return bytes == null ? text.getBytes(StandardCharsets.UTF_8) : bytes.clone();
    }

    /** Returns kind and size, never the payload. */
    @Override
    public String toString() {
        String around = outer == null ? "" : " in " + outer.kind;
        return kind + around + ", payload of " + text.length() + " characters, attributes " + attributes;
    }
}
