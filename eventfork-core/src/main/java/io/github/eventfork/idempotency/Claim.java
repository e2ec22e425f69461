package io.github.eventfork.idempotency;

import java.time.Duration;
import java.util.Objects;

/** A store's answer to who wants to process a key. Immutable. */
public sealed interface Claim {

    /**
     * The key is yours for the time asked for.
     *
     * @param token proves it; every later call on the key carries it
     */
    record Acquired(String token) implements Claim {

        /** Refuses null, which proves nothing: to a fork the store has failed then. */
        public Acquired {
            Objects.requireNonNull(token, "token");
        }
    }

    /** Its work was completed, and that is still remembered. */
    record Completed() implements Claim {}

    /**
     * Another holds it.
     *
     * @param remaining how long at most, unless it is renewed; not negative
     */
    record InProgress(Duration remaining) implements Claim {

        /**
         * Refuses null and what is negative: to a fork the store has failed then.
         *
         * @throws IllegalArgumentException if {@code remaining} is negative
         */
        public InProgress {
            if (remaining.isNegative()) {
                throw new IllegalArgumentException("a key in progress is held for another zero or more, not for "
                        + remaining + "; a claim whose time is over goes to who asks for it");
            }
        }
    }
}
