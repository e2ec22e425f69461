package io.github.eventfork.examples.run;

import java.util.Optional;

/** A line of an {@link EventFile}: an event to publish, or one that is skipped. */
sealed interface Line {

    /** Its number, from 1. */
    int number();

    /**
     * An event to publish.
     *
     * @param event the attribute {@code event}, by which filter policies choose
     * @param id the attribute {@code id}, by which forks tell what they have done
     * @param message what is published
     */
    record Event(int number, Optional<String> event, Optional<String> id, String message) implements Line {}

    /**
     * A line that can't be published.
     *
     * @param why without anything of the line itself, which may be personal
     */
    record Malformed(int number, String why) implements Line {}
}
