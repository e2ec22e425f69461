package io.github.eventfork;

import io.github.eventfork.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says by which key a fork's work is known, and who remembers that it was done: a store, for how long, or the service that
 * the handler calls. Immutable; as thread-safe as its store, which must be. One store, and one service, may serve many
 * forks: the key carries the fork's name.
 */
public final class Idempotency {

    private static final Duration LONGEST = Duration.ofDays(36_525);

    private final IdempotencyKey key;
    private final @Nullable Memory memory;

    /** What is remembered here. */
    record Memory(IdempotencyStore store, Duration rememberFor, boolean failsOpen) {}

    private Idempotency(IdempotencyKey key, @Nullable Memory memory) {
        this.key = key;
        this.memory = memory;
    }

    /** Keys are kept in {@code store}: the event's id, for 1 day, and nothing runs while the store is down. */
    public static Idempotency in(IdempotencyStore store) {
        return new Idempotency(IdempotencyKey.eventId(), new Memory(store, Duration.ofDays(1), false));
    }

    /**
     * The service that the handler calls drops what it has seen, by the {@linkplain Event#key() key} that the handler sends
     * along: the event's id. Nothing is claimed here, so a handler may run twice for one key, at once too.
     */
    public static Idempotency downstream() {
        return new Idempotency(IdempotencyKey.eventId(), null);
    }

    /** The same by another key. Default: {@link IdempotencyKey#eventId()}. */
    public Idempotency by(IdempotencyKey key) {
        return new Idempotency(key, memory);
    }

    /**
     * The same, remembering done work for {@code time}. Default: 1 day. Let it be longer than the queue's retention where
     * a copy that late must not be done again.
     *
     * @throws IllegalArgumentException if {@code time} is not positive, or longer than 36,525 days, which are 100 years
     * @throws IllegalStateException if it is {@linkplain #downstream() not remembered here}
     */
    public Idempotency rememberFor(Duration time) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "work is remembered for more than no time and at most 36525 days, which are 100 years; was "
                            + time);
        }
        Memory kept = kept("rememberFor");
        return new Idempotency(key, new Memory(kept.store(), time, kept.failsOpen()));
    }

    /**
     * The same, but while the store is down events run without a claim. Default: they wait.
     *
     * @throws IllegalStateException if there is {@linkplain #downstream() no store}
     */
    public Idempotency failOpen() {
        Memory kept = kept("failOpen");
        return new Idempotency(key, new Memory(kept.store(), kept.rememberFor(), true));
    }

    private Memory kept(String wish) {
        if (memory == null) {
            throw new IllegalStateException(wish + " is said of a store, and downstream() has none");
        }
        return memory;
    }

    IdempotencyKey key() {
        return key;
    }

    /** Empty if whoever is called remembers. */
    Optional<Memory> memory() {
        return Optional.ofNullable(memory);
    }
}
