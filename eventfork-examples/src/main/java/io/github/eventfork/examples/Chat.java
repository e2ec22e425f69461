package io.github.eventfork.examples;

/** A team's chat, as far as {@link ChatNotifications} needs one. Thread-safe. */
public interface Chat {

    /**
     * Posts {@code text} for all to see.
     *
     * @throws IllegalStateException if the service does not answer; another time it may
     */
    void announce(String text);
}
