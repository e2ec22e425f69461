package io.github.eventfork;

/** A payload's type and who handles it. */
record Route<T>(Class<T> payloadType, EventHandler<T> handler) {}
