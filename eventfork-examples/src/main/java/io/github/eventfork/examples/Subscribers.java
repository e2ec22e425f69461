package io.github.eventfork.examples;

import java.io.IOException;

/** A mailing-list service, as far as {@link MailingList} needs one. Thread-safe. */
@FunctionalInterface
public interface Subscribers {

    /**
     * Adds the person with this e-mail address, or changes the name if the address is on the list already. So a second
     * call with the same values changes nothing.
     *
     * @throws IOException if the service does not answer as it should; another time it may
     * @throws io.github.eventfork.RetryLaterException if it says when it will
     * @throws io.github.eventfork.RejectedEventException if it never will take this person
     */
    void upsert(String email, String name) throws IOException, InterruptedException;
}
