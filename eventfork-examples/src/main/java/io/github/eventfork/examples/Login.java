package io.github.eventfork.examples;

import java.time.Instant;
import java.util.Objects;

/** Someone logged in: the payload of an event of type {@code login}. Times are read as ISO 8601 without further ado. */
public record Login(String email, Instant at) {

    /** Refuses a payload with a part missing. */
    public Login {
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(at, "at");
    }
}
