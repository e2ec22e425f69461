package io.github.eventfork.idempotency;

import java.time.Duration;

/** A store's answer to who wants to process a key. Immutable. */
public sealed interface Claim {

    /**
     * The key is yours for the time asked for.
     *
     * @param token proves it; every later call on the key carries it
     */
    record Acquired(String token) implements Claim {}

    /** Its work was completed, and that is still remembered. */
    record Completed() implements Claim {}

    /**
     * Another holds it.
     *
     * @param remaining how long at most, unless it is renewed; not negative
     */
    record InProgress(Duration remaining) implements Claim {}
}
