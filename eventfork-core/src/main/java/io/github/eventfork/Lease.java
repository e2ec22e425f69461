package io.github.eventfork;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a delivery is ours: a
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html">visibility
 * timeout</a> in the poller, which renews it, and the remaining time in Lambda. It begins when the receive that brought the
 * delivery was sent. What a handler is given is thread-safe.
 */
public interface Lease {

    /** When it runs out unless it is extended, by the wall clock. In the past if it has run out. */
    Instant until();

    /** How long it lasts unless it is extended; zero if it is lost. */
    Duration remaining();

    /** Whether the delivery is no longer ours, be it that the lease ran out or that the queue said so. */
    boolean lost();

    /**
     * Calls {@code listener} once when the lease is lost, soon if it is. A handler's thread is interrupted besides. Listeners
     * of one fork are called one after another, on a thread that they have for themselves: one that blocks delays the others,
     * and the fork's {@link ForkListener}s. What it throws is logged and dropped. One that a handler adds is forgotten when
     * the delivery is tried again in hand.
     */
    void onLost(Runnable listener);

    /**
     * Calls {@code listener} after the lease was extended, where {@link #onLost} calls its own. One that is called late, because
     * another blocks, is called once for all extensions meanwhile.
     */
    void onExtended(Runnable listener);

    /** A lease of this length from now on, for unit tests of handlers: nobody extends it, and nobody calls its listeners. */
    static Lease fixed(Duration length) {
        return new FixedLease(ForkRuntime.system(), length);
    }
}
