package io.github.eventfork.engine;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease as the engine keeps it; what a handler sees of it is {@link Lease}. Thread-safe.
 *
 * <p><b>Invariant:</b> a lease that is lost stays lost, and each listener hears of it exactly once, whenever it came.
 *
 * <p><b>Ownership:</b> time and listeners belong to whoever holds this object's monitor; listeners are called without
 * it: the engine's own on the thread that extends or loses, a handler's by {@code words}, since they may block.
 */
public final class KeptLease implements Lease {

    private static final Logger log = LoggerFactory.getLogger(Lease.class);

    /** What SQS hides a message for at most, 12 h from its receive, less what passed before it reached us. */
    private static final Duration LONGEST = Duration.ofHours(12).minusMinutes(6);

    private final ForkRuntime runtime;
    private final Elapsed time;
    private final long keptUntil;
    private final long hideableUntil;

    private long until;

    private boolean lost;

    private boolean unwanted;

    private boolean abandoned;

    private final List<Runnable> onLost = new ArrayList<>(2);

    private final List<Runnable> onExtended = new ArrayList<>(1);

    /** How many listeners there were before the first run; what comes after them is a run's. */
    private int lasting;

    /** Where a handler's listeners are called. */
    private volatile Executor words = Runnable::run;

    private KeptLease(ForkRuntime runtime, Elapsed time, long since, Duration length, Duration atMost) {
        this.runtime = runtime;
        this.time = time;
        this.until = since + Nanos.of(length);
        this.keptUntil = since + Nanos.of(atMost);
        this.hideableUntil = since + Nanos.of(LONGEST);
    }

    /** A lease of this length from now on, which nobody extends. */
    public static KeptLease lasting(ForkRuntime runtime, Duration length) {
        Elapsed time = new Elapsed(runtime);
        return new KeptLease(runtime, time, time.nanos(), length, length);
    }

    @Override
    public Instant until() {
        return runtime.now().plusNanos(nanosLeft());
    }

    @Override
    public Duration remaining() {
        return lost() ? Duration.ZERO : Duration.ofNanos(nanosLeft());
    }

    @Override
    public boolean lost() {
        synchronized (this) {
            if (lost) {
                return true;
            }
        }
        return nanosLeft() <= 0;
    }

    @Override
    public void onLost(Runnable listener) {
        whenLost(() -> words.execute(() -> tell(listener)));
    }

    /** The same for the engine: called on the thread that loses it, at once if it is lost; must not block. */
    void whenLost(Runnable listener) {
        synchronized (this) {
            if (!lost) {
                onLost.add(listener);
                return;
            }
        }
        tell(listener);
    }

    /** Runs begin: who listens from now on does so for one of them, by {@code words}. Nobody listens for extensions yet. */
    synchronized void runsBegin(Executor words) {
        this.words = words;
        lasting = onLost.size();
    }

    /** A run is over and another will come: what listened for it would else pile up, for up to 12 h. */
    synchronized void runOver() {
        if (!lost) {
            onLost.subList(lasting, onLost.size()).clear();
            onExtended.clear();
        }
    }

    @Override
    public void onExtended(Runnable listener) {
        AtomicBoolean asked = new AtomicBoolean();
        whenExtended(() -> {
            if (asked.compareAndSet(false, true)) {
                sayExtended(listener, asked);
            }
        });
    }

    private void sayExtended(Runnable listener, AtomicBoolean asked) {
        try {
            words.execute(() -> {
                asked.set(false);
                tell(listener);
            });
        } catch (Throwable refused) {
            asked.set(false);
            throw refused;
        }
    }

    /** The same for the engine: called on the thread that extends it; must not block. */
    synchronized void whenExtended(Runnable listener) {
        onExtended.add(listener);
    }

    /** How long it can be kept at most by extending it; zero if it is lost, or is to run out. */
    Duration keepable() {
        return lost() || !wanted() ? Duration.ZERO : Duration.ofNanos(Math.max(0, keptUntil - time.nanos()));
    }

    /** For how long the queue can be asked to hide the delivery when it is given back; zero if the lease is lost. */
    Duration hideable() {
        return lost() ? Duration.ZERO : Duration.ofNanos(Math.max(0, hideableUntil - time.nanos()));
    }

    /** Nobody will extend it any more: it may run out. */
    synchronized void letRunOut() {
        unwanted = true;
    }

    /** The adapter has answered without waiting for the handler: what it still does concerns nobody. */
    synchronized void abandon() {
        abandoned = true;
    }

    synchronized boolean abandoned() {
        return abandoned;
    }

    private synchronized long nanosLeft() {
        return until - time.nanos();
    }

    private void extend(long since, Duration length) {
        List<Runnable> listeners;
        synchronized (this) {
            if (lost || nanosLeft() <= 0) {
                return;
            }
            until += Math.max(0, since + Nanos.of(length) - until);
            listeners = List.copyOf(onExtended);
        }
        listeners.forEach(KeptLease::tell);
    }

    private void lose() {
        List<Runnable> listeners;
        synchronized (this) {
            if (lost) {
                return;
            }
            lost = true;
            listeners = List.copyOf(onLost);
            onLost.clear();
            onExtended.clear();
        }
        listeners.forEach(KeptLease::tell);
    }

    /** What one listener throws is logged, and the next is told. */
    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (Throwable e) {
            Errors.rethrowFatal(e);
            log.warn("A listener of a lease threw; it is ignored", e);
        }
    }

    private synchronized boolean wanted() {
        return !unwanted;
    }

    /** The adapter's side of a lease: whoever holds the keeper extends and loses it. */
    public static final class Keeper {

        private final KeptLease lease;

        /** Begins a lease of {@code length} from now on, which can be extended as long as SQS allows. */
        public Keeper(ForkRuntime runtime, Duration length) {
            this(runtime, new Elapsed(runtime), length);
        }

        private Keeper(ForkRuntime runtime, Elapsed time, Duration length) {
            this(runtime, time, time.nanos(), length);
        }

        /** The same from {@code since} on, a reading of {@code time}; it is over already if that is {@code length} ago. */
        public Keeper(ForkRuntime runtime, Elapsed time, long since, Duration length) {
            this.lease = new KeptLease(runtime, time, since, length, LONGEST);
        }

        /** What the handler sees of it. */
        public KeptLease lease() {
            return lease;
        }

        /** It lasts {@code length} from {@code since}, a reading of the same {@link Elapsed}. */
        public void extend(long since, Duration length) {
            lease.extend(since, length);
        }

        /** It is lost. */
        public void lose() {
            lease.lose();
        }

        /** How long it can be kept at most by extending it; zero if it is lost, or is to run out. */
        public Duration keepable() {
            return lease.keepable();
        }
    }
}
