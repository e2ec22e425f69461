package io.github.eventfork.examples;

/** A mailing-list service, as far as {@link MailingList} needs one. Thread-safe. */
public interface Subscribers {

    /**
     * Adds the person with this e-mail address, or changes the name if the address is on the list already. So a second
     * call with the same values changes nothing.
     *
     * @throws IllegalStateException if the service does not answer; another time it may
     */
    void upsert(String email, String name);
}
