package io.github.eventfork;

import java.lang.reflect.Type;
import java.util.Optional;

/**
 * Which events a fork wants, and as what it reads their payloads. Immutable; two are equal if they are the same.
 *
 * @param <T> the payload's type
 */
public final class Route<T> {

    private final Optional<String> type;
    private final Class<T> payload;
    private final EventHandler<T> handler;

    Route(Optional<String> type, Class<T> payload, EventHandler<T> handler) {
        this.type = type;
        this.payload = payload;
        this.handler = handler;
    }

    /** The event type; empty for a route of any type that has none of its own. */
    public Optional<String> type() {
        return type;
    }

    /** What payloads are read as. */
    public Type payload() {
        return payload;
    }

    Class<T> payloadType() {
        return payload;
    }

    EventHandler<T> handler() {
        return handler;
    }

    @Override
    public String toString() {
        return "Route[" + type.map(name -> "type '" + name + "'").orElse("any type") + " as " + payload.getSimpleName()
                + "]";
    }
}
