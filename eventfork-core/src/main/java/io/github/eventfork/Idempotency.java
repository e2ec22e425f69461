package io.github.eventfork;

import io.github.eventfork.idempotency.IdempotencyStore;
import java.time.Duration;

/**
 * Says where a fork remembers what it has done, by which key and for how long. Immutable; as thread-safe as its store,
 * which must be. One store may serve many forks: the key carries the fork's name.
 */
public final class Idempotency {

    private final IdempotencyStore store;
    private final IdempotencyKey key;
    private final Duration rememberFor;
    private final boolean failOpen;

    private Idempotency(IdempotencyStore store, IdempotencyKey key, Duration rememberFor, boolean failOpen) {
        this.store = store;
        this.key = key;
        this.rememberFor = rememberFor;
        this.failOpen = failOpen;
    }

    /** Keys are kept in {@code store}: the event's id, for 1 day, and nothing runs while the store is down. */
    public static Idempotency in(IdempotencyStore store) {
        return new Idempotency(store, IdempotencyKey.eventId(), Duration.ofDays(1), false);
    }

    /** The same by another key. Default: {@link IdempotencyKey#eventId()}. */
    public Idempotency by(IdempotencyKey key) {
        return new Idempotency(store, key, rememberFor, failOpen);
    }

    /**
     * The same, remembering done work for {@code time}. Default: 1 day. Let it be longer than the queue's retention where
     * a copy that late must not be done again.
     *
     * @throws IllegalArgumentException if {@code time} is not positive
     */
    public Idempotency rememberFor(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time must be positive, was " + time);
        }
        return new Idempotency(store, key, time, failOpen);
    }

    /** The same, but while the store is down events run without a claim. Default: they wait. */
    public Idempotency failOpen() {
        return new Idempotency(store, key, rememberFor, true);
    }

    IdempotencyStore store() {
        return store;
    }

    IdempotencyKey key() {
        return key;
    }

    Duration rememberFor() {
        return rememberFor;
    }

    boolean failsOpen() {
        return failOpen;
    }
}
