package io.github.eventfork;

import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.EnvelopeReader;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.payload.PayloadReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the engine asks of a fork, of an event and of a key, and nobody else: the one seam between the words that users meet and
 * the package that carries them out, which extends it once. Not for users; it holds no state.
 */
public abstract class ForkParts {

    /** For the engine. */
    protected ForkParts() {}

    /** Reads envelopes as the fork takes them. */
    protected static EnvelopeReader envelopes(Fork fork) {
        return fork.envelopes();
    }

    /** The type of what came in {@code envelope}. */
    protected static Optional<String> typeOf(Fork fork, Envelope envelope) {
        return fork.typeOf(envelope);
    }

    /** The route for events of that type. */
    protected static Optional<Route<?>> routeFor(Fork fork, String type) {
        return fork.routeFor(type);
    }

    /** What a route's payloads are read as. */
    protected static <T> Class<T> payloadType(Route<T> route) {
        return route.payloadType();
    }

    /** Who handles a route's events. */
    protected static <T> EventHandler<T> handler(Route<T> route) {
        return route.handler();
    }

    /** How payloads become objects. */
    protected static PayloadReader payloads(Fork fork) {
        return fork.payloads();
    }

    /** Whether a failure is final by its type. */
    protected static boolean rejects(Fork fork, Throwable cause) {
        return fork.rejects(cause);
    }

    /** What happens to events that no route wants. */
    protected static Unrouted unrouted(Fork fork) {
        return fork.unrouted();
    }

    /** What runs around the handler, the outermost first. */
    protected static List<EventInterceptor> interceptors(Fork fork) {
        return fork.interceptors();
    }

    /** Who is told what happens, in order. */
    protected static List<ForkListener> listeners(Fork fork) {
        return fork.listeners();
    }

    /** By which key the fork's work is known, if it is. */
    protected static Optional<Idempotency> idempotency(Fork fork) {
        return fork.idempotency();
    }

    /** The key of an event; an empty string is none. */
    protected static Optional<String> key(Idempotency idempotency, Event<?> event, Envelope envelope) {
        return idempotency.key().of(event, envelope);
    }

    /** Whether an event without a key is rejected. */
    protected static boolean keyIsRequired(Idempotency idempotency) {
        return idempotency.key().required();
    }

    /** What the key is, for the text of a refusal. */
    protected static String keyName(Idempotency idempotency) {
        return idempotency.key().toString();
    }

    /** Who remembers what was done; empty if whoever is called does. */
    protected static Optional<IdempotencyStore> store(Idempotency idempotency) {
        return idempotency.memory().map(Idempotency.Memory::store);
    }

    /** For how long it is remembered; zero if there is no store. */
    protected static Duration rememberFor(Idempotency idempotency) {
        return idempotency.memory().map(Idempotency.Memory::rememberFor).orElse(Duration.ZERO);
    }

    /** Whether events run without a claim while the store is down. */
    protected static boolean failsOpen(Idempotency idempotency) {
        return idempotency.memory().filter(Idempotency.Memory::failsOpen).isPresent();
    }

    /** What the envelope says, for an event. */
    protected static <T> Event.Builder<T> envelope(Event.Builder<T> event, Envelope envelope) {
        return event.envelope(envelope);
    }

    /** The same event under this key. */
    protected static <T> Event<T> withKey(Event<T> event, String key) {
        return event.withKey(key);
    }

    /** {@code first} for the first attempt, twice that for the second and so on, at most {@code most}. */
    protected static Duration doubled(Duration first, int attempt, Duration most) {
        return RetryPolicy.doubled(first, attempt, most);
    }
}
