package io.github.eventfork.examples;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Objects;

/** Someone logged in: the payload of an event of type {@code login}. Times are read as ISO 8601 without further ado. */
public record Login(
        @JsonProperty(required = true) String email,
        @JsonProperty(required = true) Instant at) {

    /** Refuses a payload with a part missing. */
    public Login {
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(at, "at");
    }
}
