package io.github.eventfork.engine;

import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;
import io.github.eventfork.EventInterceptor;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.ForkParts;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Route;
import io.github.eventfork.Unrouted;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.EnvelopeReader;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.payload.PayloadReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What users don't see of a fork, an event and a key; see {@link ForkParts}. Immutable, made once for a fork. */
final class Parts extends ForkParts {

    private final Fork fork;
    final EnvelopeReader envelopes;
    final PayloadReader payloads;
    final Unrouted unrouted;
    final List<EventInterceptor> interceptors;
    final List<ForkListener> listeners;

    /** By which key the fork's work is known, if it is. */
    final Optional<Key> key;

    /**
     * By which key work is known.
     *
     * @param memory who remembers that it was done; empty if whoever is called does
     */
    record Key(Idempotency idempotency, Optional<Memory> memory) {

        /** Of an event; an empty string is none. */
        Optional<String> of(Event<?> event, Envelope envelope) {
            return key(idempotency, event, envelope);
        }

        /** Whether an event without one is rejected. */
        boolean required() {
            return keyIsRequired(idempotency);
        }

        String name() {
            return keyName(idempotency);
        }
    }

    /** What is remembered. */
    record Memory(IdempotencyStore store, Duration rememberFor, boolean failsOpen) {}

    /** The type of what came in {@code envelope}. */
    Optional<String> typeOf(Envelope envelope) {
        return typeOf(fork, envelope);
    }

    Optional<Route<?>> routeFor(String type) {
        return routeFor(fork, type);
    }

    /** Whether a failure is final by its type. */
    boolean rejects(Throwable cause) {
        return rejects(fork, cause);
    }

    /** What a route's payloads are read as. */
    static <T> Class<T> readAs(Route<T> route) {
        return payloadType(route);
    }

    static <T> EventHandler<T> handlerOf(Route<T> route) {
        return handler(route);
    }

    /** The same event with what its envelope says. */
    static <T> Event.Builder<T> in(Envelope envelope, Event.Builder<T> event) {
        return envelope(event, envelope);
    }

    /** The same event under this key. */
    static <T> Event<T> under(String key, Event<T> event) {
        return withKey(event, key);
    }

    /** {@code first} for the first attempt, twice that for the second and so on, at most {@code most}. */
    static Duration doubledEachTime(Duration first, int attempt, Duration most) {
        return doubled(first, attempt, most);
    }

    private Parts(Fork fork) {
        this.fork = fork;
        this.envelopes = envelopes(fork);
        this.payloads = payloads(fork);
        this.unrouted = unrouted(fork);
        this.interceptors = interceptors(fork);
        this.listeners = listeners(fork);
        this.key = idempotency(fork).map(one -> new Key(one, memory(one)));
    }

    static Parts of(Fork fork) {
        return new Parts(fork);
    }

    private static Optional<Memory> memory(Idempotency idempotency) {
        return store(idempotency).map(store -> new Memory(store, rememberFor(idempotency), failsOpen(idempotency)));
    }
}
