package io.github.eventfork.examples;

import io.github.eventfork.Event;
import java.io.IOException;

/** An analytics service, as far as {@link Analytics} needs one. Thread-safe. */
@FunctionalInterface
public interface EventCounter {

    /**
     * Counts {@code event}, of the person with this e-mail address. A second event with the same {@linkplain Event#key()
     * key} counts nothing more.
     *
     * @throws IOException if the service does not answer as it should; another time it may
     * @throws io.github.eventfork.RetryLaterException if it says when it will
     * @throws io.github.eventfork.RejectedEventException if it never will take this event
     * @throws java.util.NoSuchElementException if the event has no key, because the fork states none
     */
    void count(Event<?> event, String email) throws IOException, InterruptedException;
}
