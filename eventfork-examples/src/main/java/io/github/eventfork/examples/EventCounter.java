package io.github.eventfork.examples;

import io.github.eventfork.Event;
import java.io.IOException;

/** An analytics service, as far as {@link Analytics} needs one. Thread-safe. */
@FunctionalInterface
public interface EventCounter {

    /**
     * Counts {@code event}, of the person with this e-mail address. A second call for the same event counts nothing more.
     *
     * @throws IOException if the service does not answer as it should; another time it may
     * @throws io.github.eventfork.RetryLaterException if it says when it will
     * @throws io.github.eventfork.RejectedEventException if it never will take this event
     */
    void count(Event<?> event, String email) throws IOException, InterruptedException;
}
