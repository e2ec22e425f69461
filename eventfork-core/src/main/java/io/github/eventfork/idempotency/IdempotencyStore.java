package io.github.eventfork.idempotency;

import java.time.Duration;

/**
 * Keeps which keys are being processed and which are done. Thread-safe. Calls may block and may throw any
 * {@link RuntimeException}: the event then waits, unless its fork fails open. So it does when a claim is
 * answered by null. No key is to be remembered for more than 100 years.
 *
 * <p>Stores are given durations, never instants, because clocks differ. A call with a token that does not hold the key
 * (any more) changes nothing and answers {@code false}: so a holder whose time is up can't harm its successor.
 */
public interface IdempotencyStore {

    /**
     * Claims {@code key} for {@code hold}: granted, unless it is completed, or claimed by another for a time that is not
     * over yet. Two calls for one key never both win.
     */
    Claim claim(String key, Duration hold);

    /** Holds {@code key} for {@code hold} from now on. False if {@code token} does not hold it. */
    boolean renew(String key, String token, Duration hold);

    /** Marks the work of {@code key} as done, remembered for {@code rememberFor}. False if {@code token} does not hold it. */
    boolean complete(String key, String token, Duration rememberFor);

    /** Lets {@code key} go: the next claim wins. False if {@code token} does not hold it. */
    boolean release(String key, String token);
}
