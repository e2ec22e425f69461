package io.github.eventfork;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;

/**
 * The threads on which calls begin, a few for each client and each store.
 *
 * <p><b>Invariant:</b> an owner that is still held by somebody has one pool, whatever its class thinks of equality; that of
 * one that nobody holds is forgotten, and its threads, kept for 60 s, end by themselves. No pool holds its owner, nor the
 * context class loader of whoever asked for it first, which its threads have.
 *
 * <p><b>Ownership:</b> {@code pools} belongs to whoever holds this object's monitor.
 */
final class Callers {

    private final IntFunction<Executor> newPool;

    @GuardedBy("this")
    private final Map<Owner, Executor> pools = new HashMap<>();

    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

    /** Who is called, by identity; it does not keep it from being collected. */
    private static final class Owner extends WeakReference<Object> {
        private final int hash;

        Owner(Object of, ReferenceQueue<Object> gone) {
            super(of, gone);
            this.hash = System.identityHashCode(of);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other || (other instanceof Owner owner && get() != null && get() == owner.get());
        }
    }

    /** @param newPool makes a pool of at most so many threads, which end by themselves when nothing is to do */
    Callers(IntFunction<Executor> newPool) {
        this.newPool = newPool;
    }

    synchronized Executor of(Object owner, int most) {
        for (Object forgotten = gone.poll(); forgotten != null; forgotten = gone.poll()) {
            pools.remove(forgotten);
        }
        return pools.computeIfAbsent(new Owner(owner, gone), first -> newPool.apply(most));
    }
}
