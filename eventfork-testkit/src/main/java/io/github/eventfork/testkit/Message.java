package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.envelope.Envelope.Kind;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A message to deliver to a fork, in the form in which AWS would. Immutable: each method answers with a changed copy.
 *
 * <pre>{@code
 * Message.sns("signup", "{\"email\":\"ada@example.org\"}").group("ada").attribute("plan", "pro")
 * }</pre>
 *
 * <p>Each has an id of its own in its envelope, as if each had been published once. See <a
 * href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">SNS message formats</a>.
 */
public final class Message {

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final String TYPE = "event";
    private static final String POINTER_CLASS = "software.amazon.payloadoffloading.PayloadS3Pointer";

    private final Kind kind;
    private final String type;
    private final String payload;
    private final Attributes attributes;
    private final UnaryOperator<String> damage;
    private final String eventId;
    private final @Nullable String messageId;
    private final @Nullable String group;
    private final @Nullable String deduplicationId;
    private final @Nullable String traceHeader;
    private final int receiveCount;

    private Message(Builder builder) {
        this.kind = builder.kind;
        this.type = builder.type;
        this.payload = builder.payload;
        this.attributes = builder.attributes;
        this.damage = builder.damage;
        this.eventId = builder.eventId;
        this.messageId = builder.messageId;
        this.group = builder.group;
        this.deduplicationId = builder.deduplicationId;
        this.traceHeader = builder.traceHeader;
        this.receiveCount = builder.receiveCount;
    }

    /** An SNS notification of this payload, its type in the message attribute {@code event}. */
    public static Message sns(String type, String payload) {
        return message(Kind.SNS, type, payload, typed(type));
    }

    /** The same by raw message delivery: the body is the payload, the attribute is the SQS message's. */
    public static Message raw(String type, String payload) {
        return message(Kind.RAW, type, payload, typed(type));
    }

    /** A body as it is, with no attribute. */
    public static Message raw(String body) {
        return message(Kind.RAW, "", body, Attributes.none());
    }

    /** An EventBridge event with this {@code detail-type} and {@code detail}, as a rule sends it to a queue. */
    public static Message eventBridge(String detailType, String detailJson) {
        return message(Kind.EVENTBRIDGE, detailType, detailJson, Attributes.none());
    }

    /** A CloudEvents 1.0 event of this type and data in structured JSON. */
    public static Message cloudEvent(String type, String dataJson) {
        return message(Kind.CLOUDEVENTS, type, dataJson, Attributes.none());
    }

    /** The pointer that the extended client libraries send instead of a large payload, delivered raw. */
    public static Message s3Pointer(String bucket, String key) {
        return raw(Bodies.array(POINTER_CLASS, Bodies.object("s3BucketName", bucket, "s3Key", key)))
                .attribute("ExtendedPayloadSize", "Number", "2097152");
    }

    // Changed copies.

    /** The same as the message of an SNS notification: an event within one is how EventBridge publishes to a topic. */
    public Message inSns() {
        String inner = kind == Kind.RAW ? payload : body();
        return changed(builder -> {
            builder.kind = Kind.SNS;
            builder.payload = inner;
            builder.damage = UnaryOperator.identity();
            builder.eventId = newId();
        });
    }

    /** The same with its body cut off in the middle. */
    public Message cutOff() {
        return changed(builder -> builder.damage = body -> body.substring(0, body.length() / 2));
    }

    /** The same with a payload that is no JSON; an envelope around it stays whole. */
    public Message notJson() {
        return changed(builder -> builder.payload = "this is not JSON {");
    }

    /** The same with this SQS message id. Default: the queue gives it one, {@code m-1} to its first message. */
    public Message messageId(String messageId) {
        return changed(builder -> builder.messageId = messageId);
    }

    /** The same with this id in its envelope. Default: one of its own. */
    public Message eventId(String eventId) {
        return changed(builder -> builder.eventId = eventId);
    }

    /** The same, published once more: its content, with another id in its envelope and another SQS message id. */
    public Message publishedAgain() {
        return changed(builder -> {
            builder.eventId = newId();
            builder.messageId = null;
        });
    }

    /** The same in this message group. */
    public Message group(String group) {
        return changed(builder -> builder.group = group);
    }

    /** The same with this deduplication id: a FIFO queue takes the second within five minutes for the first. */
    public Message deduplicationId(String deduplicationId) {
        return changed(builder -> builder.deduplicationId = deduplicationId);
    }

    /** The same with this X-Ray trace header. */
    public Message traceHeader(String traceHeader) {
        return changed(builder -> builder.traceHeader = traceHeader);
    }

    /** The same with a String attribute more. */
    public Message attribute(String name, String value) {
        return attribute(name, "String", value);
    }

    /** The same with an attribute more; a Binary's text is base64. */
    public Message attribute(String name, String dataType, String text) {
        Attributes more = copy(attributes).put(name, dataType, text).build();
        return changed(builder -> builder.attributes = more);
    }

    /** The same, to be received for the {@code count}th time next. Default: 1. */
    public Message receiveCount(int count) {
        return changed(builder -> builder.receiveCount = count);
    }

    // What it is.

    /** The body as the queue would hand it out. */
    public String body() {
        return damage.apply(
                switch (kind) {
                    case RAW -> payload;
                    case SNS -> Bodies.notification(eventId, payload, attributes);
                    case EVENTBRIDGE -> Bodies.eventBridge(eventId, type, payload);
                    case CLOUDEVENTS -> Bodies.cloudEvent(eventId, type, payload);
                });
    }

    /** The SQS message attributes: of an SNS notification none, because they are in the body. */
    public Attributes attributes() {
        return kind == Kind.SNS ? Attributes.none() : attributes;
    }

    /** What a publisher sends to the topic: a notification's payload; of any other kind the body, which is the event. */
    String publishedBody() {
        return kind == Kind.SNS ? payload : body();
    }

    /** The attributes that a publisher sends with it. */
    Attributes publishedAttributes() {
        return attributes;
    }

    /** The SQS message id, if it was given one. */
    public Optional<String> messageId() {
        return Optional.ofNullable(messageId);
    }

    /** The message group. */
    public Optional<String> group() {
        return Optional.ofNullable(group);
    }

    /** The id in its envelope; of no meaning in a raw one. */
    public String eventId() {
        return eventId;
    }

    /** The message as a delivery from {@code queue}, a name or ARN; without a message id of its own it is {@code m-0}. */
    public Delivery delivery(String queue) {
        return Delivery.of(queue, messageId().orElse("m-0"), body())
                .attributes(attributes())
                .receiveCount(receiveCount)
                .group(group)
                .deduplicationId(deduplicationId)
                .traceHeader(traceHeader)
                .build();
    }

    Stored stored(String id, long visibleAt) {
        Stored stored =
                new Stored(id, id, body(), attributes(), group().orElse(""), deduplicationId, traceHeader, visibleAt);
        stored.receives = receiveCount - 1;
        return stored;
    }

    /** {@code attributes} with a String more. */
    static Attributes with(Attributes attributes, String name, String value) {
        return copy(attributes).string(name, value).build();
    }

    @Override
    public String toString() {
        return "Message[" + kind + " '" + type + "'"
                + messageId().map(id -> ", " + id).orElse("") + "]";
    }

    private static Message message(Kind kind, String type, String payload, Attributes attributes) {
        return new Message(new Builder(kind, type, payload, attributes));
    }

    private static Attributes typed(String type) {
        return Attributes.builder().string(TYPE, type).build();
    }

    private static Attributes.Builder copy(Attributes attributes) {
        Attributes.Builder copy = Attributes.builder();
        for (String name : attributes.names()) {
            Attributes.Value value = attributes.value(name).orElseThrow();
            attributes
                    .binary(name)
                    .ifPresentOrElse(
                            bytes -> copy.put(name, value.dataType(), bytes),
                            () -> copy.put(name, value.dataType(), value.text().orElseThrow()));
        }
        return copy;
    }

    private static String newId() {
        return "00000000-0000-4000-8000-" + HexFormat.of().toHexDigits(NUMBERS.incrementAndGet(), 12);
    }

    private interface Change {
        void on(Builder builder);
    }

    private Message changed(Change change) {
        Builder builder = new Builder(this);
        change.on(builder);
        return new Message(builder);
    }

    private static final class Builder {
        Kind kind;
        String type;
        String payload;
        Attributes attributes;
        UnaryOperator<String> damage = UnaryOperator.identity();
        String eventId = newId();

        @Nullable
        String messageId;

        @Nullable
        String group;

        @Nullable
        String deduplicationId;

        @Nullable
        String traceHeader;

        int receiveCount = 1;

        Builder(Kind kind, String type, String payload, Attributes attributes) {
            this.kind = kind;
            this.type = type;
            this.payload = payload;
            this.attributes = attributes;
        }

        Builder(Message message) {
            this.kind = message.kind;
            this.type = message.type;
            this.payload = message.payload;
            this.attributes = message.attributes;
            this.damage = message.damage;
            this.eventId = message.eventId;
            this.messageId = message.messageId;
            this.group = message.group;
            this.deduplicationId = message.deduplicationId;
            this.traceHeader = message.traceHeader;
            this.receiveCount = message.receiveCount;
        }
    }
}
