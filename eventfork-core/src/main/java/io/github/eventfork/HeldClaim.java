package io.github.eventfork;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claim under which a handler runs: renewed when its lease is, and ended once, by the thread that ran the handler.
 *
 * <p><b>Invariant:</b> at most one renewal is under way, and none begins after the end. What the store answers to a
 * renewal after the end says nothing.
 *
 * <p><b>Ownership:</b> the flags belong to whoever holds this object's monitor; the store is called without it.
 */
final class HeldClaim {

    private static final Logger log = LoggerFactory.getLogger(ForkProcessor.class);

    private final Idempotency.Memory memory;
    private final String key;
    private final String token;
    private final Lease lease;
    private final Runnable lost;

    @GuardedBy("this")
    private boolean renewing;

    @GuardedBy("this")
    private boolean over;

    @GuardedBy("this")
    private boolean toldLost;

    /**
     * Follows {@code lease}, also where it was extended while the claim of {@code hold} was on its way; {@code lost} is told
     * once, when the claim is no longer ours, or its end is not known.
     */
    HeldClaim(
            Idempotency.Memory memory,
            String key,
            String token,
            Duration hold,
            Lease lease,
            Executor executor,
            Runnable lost) {
        this.memory = memory;
        this.key = key;
        this.token = token;
        this.lease = lease;
        this.lost = lost;
        lease.whenExtended(() -> follow(executor));
        if (lease.remaining().compareTo(hold) > 0) {
            follow(executor);
        }
    }

    private void follow(Executor executor) {
        if (!beginRenewal()) {
            return;
        }
        try {
            executor.execute(this::renew);
        } catch (RuntimeException e) {
            endRenewal();
            log.warn("Could not renew the claim on a key: no thread was to be had. The next renewal tries again.", e);
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
        if (over || renewing) {
            return false;
        }
        renewing = true;
        return true;
    }

    private void renew() {
        boolean ours = true;
        boolean inUse;
        try {
            Duration hold = lease.remaining();
            ours = hold.isZero() || memory.store().renew(key, token, hold);
        } catch (Throwable e) {
            Errors.rethrowFatal(e);
            storeFailed("renew", "The next renewal tries again.", e);
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

    /** Whether the claim was still in use when the renewal ended. */
    private synchronized boolean endRenewal() {
        renewing = false;
        return !over;
    }
}
