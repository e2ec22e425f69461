package io.github.eventfork;

import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.text.LogText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a handler sees: a typed payload and what is known about it. Immutable but for its {@link #lease()}, thread-safe
 * if the payload is. {@link #toString()} shows no value of the payload.
 *
 * <p>In a unit test of a handler, {@link #of(String, Object)} or {@link #builder(String, Object)} makes one.
 *
 * @param <T> the type of the payload
 */
public final class Event<T> {

    private final T payload;
    private final String type;
    private final String id;
    private final Attributes attributes;
    private final @Nullable String source;
    private final @Nullable String subject;
    private final @Nullable Instant published;

    /** Knows when it was published, which few handlers ask for. */
    private final @Nullable Envelope envelope;

    private final Delivery delivery;
    private final String fork;
    private final int attempt;
    private final @Nullable String key;
    private final Lease lease;

    private Event(Builder<T> builder) {
        this.payload = builder.payload;
        this.type = builder.type;
        this.id = builder.id;
        this.attributes = builder.attributes;
        this.source = builder.source;
        this.subject = builder.subject;
        this.published = builder.published;
        this.envelope = builder.envelope;
        this.delivery = builder.delivery == null
                ? Delivery.of("test", builder.id, "")
                        .attributes(builder.attributes)
                        .build()
                : builder.delivery;
        this.fork = builder.fork;
        this.attempt = builder.attempt;
        this.key = builder.key;
        this.lease = builder.lease == null ? Lease.fixed(Duration.ofMinutes(15)) : builder.lease;
    }

    /** An event with this type and payload and defaults for the rest, for tests of handlers. */
    public static <T> Event<T> of(String type, T payload) {
        return builder(type, payload).build();
    }

    /** A builder for an event with this type and payload, for tests of handlers. */
    public static <T> Builder<T> builder(String type, T payload) {
        return new Builder<>(type, payload);
    }

    /** What the publisher said, as the route's type. */
    public T payload() {
        return payload;
    }

    /** The event type that chose the route. */
    public String type() {
        return type;
    }

    /**
     * The id that every copy of the event shares: the SNS {@code MessageId}, the EventBridge {@code id}, the source and
     * id of a CloudEvent; else the SQS message id. A publisher's retry has another one.
     */
    public String id() {
        return id;
    }

    /** The message attributes, whichever way they came. */
    public Attributes attributes() {
        return attributes;
    }

    /** Who published it: the topic's ARN, or the source of an EventBridge event or CloudEvent. */
    public Optional<String> source() {
        return Optional.ofNullable(source);
    }

    /** The subject, if it was published with one. */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    /** When it was published, as its envelope says. */
    public Optional<Instant> published() {
        return published == null && envelope != null ? envelope.time() : Optional.ofNullable(published);
    }

    /** The SQS message that brought it: message id, group, trace header. */
    public Delivery delivery() {
        return delivery;
    }

    /** The name of the fork that handles it. */
    public String fork() {
        return fork;
    }

    /** Which attempt this is, from 1: the receive count plus the failed runs since that receipt. */
    public int attempt() {
        return attempt;
    }

    /**
     * The idempotency key under which it runs, with the fork's name; empty if the fork asks for none, or runs without one
     * because the event has none or the store is down.
     */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /** How long the delivery is ours. */
    public Lease lease() {
        return lease;
    }

    Event<T> withKey(String key) {
        return new Builder<>(this).key(key).build();
    }

    @Override
    public String toString() {
        return "Event[type " + LogText.of(type) + ", id " + LogText.of(id) + ", fork " + fork + ", attempt " + attempt
                + "]";
    }

    /**
     * Collects what an event holds. Not thread-safe.
     *
     * @param <T> the type of the payload
     */
    public static final class Builder<T> {

        private final String type;
        private final T payload;
        private String id = "test-event";
        private Attributes attributes = Attributes.none();
        private @Nullable String source;
        private @Nullable String subject;
        private @Nullable Instant published;
        private @Nullable Envelope envelope;
        private @Nullable Delivery delivery;
        private String fork = "test";
        private int attempt = 1;
        private @Nullable String key;
        private @Nullable Lease lease;

        private Builder(String type, T payload) {
            this.type = type;
            this.payload = payload;
        }

        private Builder(Event<T> event) {
            this(event.type, event.payload);
            this.id = event.id;
            this.attributes = event.attributes;
            this.source = event.source;
            this.subject = event.subject;
            this.published = event.published;
            this.envelope = event.envelope;
            this.delivery = event.delivery;
            this.fork = event.fork;
            this.attempt = event.attempt;
            this.key = event.key;
            this.lease = event.lease;
        }

        /** The id that all copies share. Default: {@code test-event}. */
        public Builder<T> id(String id) {
            this.id = id;
            return this;
        }

        /** The message attributes. Default: none. */
        public Builder<T> attributes(Attributes attributes) {
            this.attributes = attributes;
            return this;
        }

        /** Who published it. Default: unknown. */
        public Builder<T> source(String source) {
            this.source = source;
            return this;
        }

        /** The subject. Default: none. */
        public Builder<T> subject(String subject) {
            this.subject = subject;
            return this;
        }

        /** When it was published. Default: unknown. */
        public Builder<T> published(Instant published) {
            this.published = published;
            return this;
        }

        /** The SQS message that brought it. Default: one with the event's id and attributes, of a queue {@code test}. */
        public Builder<T> delivery(Delivery delivery) {
            this.delivery = delivery;
            return this;
        }

        /** The name of the fork. Default: {@code test}. */
        public Builder<T> fork(String fork) {
            this.fork = fork;
            return this;
        }

        /** The attempt, from 1. Default: 1. */
        public Builder<T> attempt(int attempt) {
            this.attempt = attempt;
            return this;
        }

        /** The idempotency key. Default: none. */
        public Builder<T> key(String key) {
            this.key = key;
            return this;
        }

        /** The lease. Default: 15 minutes from now. */
        public Builder<T> lease(Lease lease) {
            this.lease = lease;
            return this;
        }

        Builder<T> envelope(Envelope envelope) {
            this.source = envelope.source().orElse(null);
            this.subject = envelope.subject().orElse(null);
            this.envelope = envelope;
            return attributes(envelope.attributes());
        }

        /** The event. */
        public Event<T> build() {
            return new Event<>(this);
        }
    }
}
