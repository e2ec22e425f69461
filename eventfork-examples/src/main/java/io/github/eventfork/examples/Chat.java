package io.github.eventfork.examples;

import java.io.IOException;

/** A team's chat, as far as {@link ChatNotifications} needs one. Thread-safe. */
@FunctionalInterface
public interface Chat {

    /**
     * Posts {@code text} for all to see. A second call posts it a second time.
     *
     * @throws IOException if the service does not answer as it should; another time it may
     * @throws io.github.eventfork.RetryLaterException if it says when it will
     * @throws io.github.eventfork.RejectedEventException if it never will take this text
     */
    void announce(String text) throws IOException, InterruptedException;
}
