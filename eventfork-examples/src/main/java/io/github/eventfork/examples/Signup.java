package io.github.eventfork.examples;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/**
 * Someone signed up: the payload of an event of type {@code signup}. An event that lacks one of these is rejected before
 * any handler sees it.
 */
public record Signup(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String email) {

    /** Refuses a payload with a part missing. */
    public Signup {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(email, "email");
    }
}
