package io.github.eventfork.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claim under which a handler runs: renewed when its lease is, and ended once, by the thread that ran the handler. A
 * renewal that fails is tried again, and one that hangs is not waited for: another begins beside it, each when half of the time
 * is over that is left of the claim.
 *
 * <p><b>Invariant:</b> at most two renewals are under way, and none begins after the end. A timer is set only between the
 * beginning of a renewal and the first that succeeds, or the end. What the store answers to a renewal after the end says nothing.
 *
 * <p><b>Ownership:</b> all fields that change belong to whoever holds this object's monitor; the store is called without it.
 */
final class HeldClaim {

    private static final Logger log = LoggerFactory.getLogger(ForkProcessor.class);

    /** One may hang; a third would only take a thread from other claims. */
    private static final int RENEWALS_AT_ONCE = 2;

    private static final Duration RETRY_AT_LEAST = Duration.ofMillis(100);

    private final Parts.Memory memory;
    private final String key;
    private final String token;
    private final KeptLease lease;
    private final ForkRuntime runtime;
    private final Executor executor;
    private final Runnable lost;

    /** Until when the store holds it for us, by the runtime; it may do so for longer. */
    @GuardedBy("this")
    private long until;

    /** What is planned in case that a renewal brings nothing. */
    @GuardedBy("this")
    private ForkRuntime.@Nullable Cancellable again;

    @GuardedBy("this")
    private int renewals;

    @GuardedBy("this")
    private boolean over;

    @GuardedBy("this")
    private boolean toldLost;

    /**
     * Follows {@code lease}, also where it was extended while the claim was on its way, which was asked for at {@code since} for
     * {@code hold}; {@code lost} is told once, when the claim is no longer ours, or its end is not known.
     *
     * @param executor on which the store is asked to renew
     */
    HeldClaim(
            Parts.Memory memory,
            String key,
            String token,
            long since,
            Duration hold,
            KeptLease lease,
            ForkRuntime runtime,
            Executor executor,
            Runnable lost) {
        this.memory = memory;
        this.key = key;
        this.token = token;
        this.lease = lease;
        this.runtime = runtime;
        this.executor = executor;
        this.lost = lost;
        this.until = since + hold.toNanos();
        lease.whenExtended(this::follow);
        if (lease.remaining().compareTo(hold) > 0) {
            follow();
        }
    }

    private void follow() {
        if (!beginRenewal()) {
            return;
        }
        try {
            executor.execute(this::renew);
        } catch (RuntimeException e) {
            endRenewal();
            log.warn("Could not renew the claim on a key: no thread was to be had. It is tried again.", e);
        }
    }

    /** Ends it: the work is done. */
    void complete() {
        end("complete", store -> store.complete(key, token, memory.rememberFor()));
    }

    /** Ends it: whoever comes next may try. */
    void release() {
        end("release", store -> store.release(key, token));
    }

    /** Ends it without a word to the store: it expires by itself. */
    synchronized void leaveToExpire() {
        over = true;
        callOff();
    }

    private interface Call {
        boolean on(IdempotencyStore store);
    }

    private void end(String what, Call call) {
        leaveToExpire();
        try {
            if (!call.on(memory.store())) {
                log.warn("Could not {} the claim on a key: it is no longer ours. Its time may be too short.", what);
                tellLost();
            }
        } catch (Throwable e) {
            Errors.rethrowFatal(e);
            storeFailed(what, "The claim expires by itself.", e);
            tellLost();
        }
    }

    /** A store's exception may quote the key, and a key may be a value of the payload. */
    private static void storeFailed(String what, String then, Throwable e) {
        log.warn(
                "Could not {} the claim on a key: the store failed with {}. {}",
                what,
                e.getClass().getName(),
                then);
        log.debug("The store failed", e);
    }

    private synchronized boolean beginRenewal() {
        if (over) {
            return false;
        }
        callOff();
        long left = until - runtime.nanoTime();
        long delay = Math.max(RETRY_AT_LEAST.toNanos(), left / 2);
        if (delay < left) {
            again = runtime.schedule(Duration.ofNanos(delay), this::follow);
        }
        if (renewals == RENEWALS_AT_ONCE) {
            return false;
        }
        renewals++;
        return true;
    }

    @GuardedBy("this")
    private void callOff() {
        if (again != null) {
            again.cancel();
            again = null;
        }
    }

    private synchronized void renewed(long since, Duration hold) {
        until = Math.max(until, since + hold.toNanos());
        callOff();
    }

    private void renew() {
        boolean ours = true;
        boolean inUse;
        if (isOver()) {
            endRenewal();
            return;
        }
        try {
            long since = runtime.nanoTime();
            Duration hold = lease.remaining();
            ours = hold.isZero() || memory.store().renew(key, token, hold);
            if (ours) {
                renewed(since, hold);
            }
        } catch (Throwable e) {
            Errors.rethrowFatal(e);
            storeFailed("renew", "It is tried again.", e);
        } finally {
            inUse = endRenewal();
        }
        if (inUse && !ours) {
            tellLost();
        }
    }

    private void tellLost() {
        synchronized (this) {
            if (toldLost) {
                return;
            }
            toldLost = true;
        }
        lost.run();
    }

    private synchronized boolean isOver() {
        return over;
    }

    /** Whether the claim was still in use when the renewal ended. */
    private synchronized boolean endRenewal() {
        renewals--;
        return !over;
    }
}
