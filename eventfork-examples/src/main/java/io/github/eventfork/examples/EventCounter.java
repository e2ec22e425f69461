package io.github.eventfork.examples;

/** An analytics service, as far as {@link Analytics} needs one. Thread-safe. */
public interface EventCounter {

    /** Counts one more event of this name. */
    void count(String name);
}
