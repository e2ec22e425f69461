package io.github.eventfork.benchmarks;

import java.util.Locale;

/** Where a consumer's queue is. */
enum Where {
    /** In memory, behind a round trip of 15 ms: of the engine alone. */
    MEMORY,
    /** On the local server in a JVM of its own. */
    SERVER;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
