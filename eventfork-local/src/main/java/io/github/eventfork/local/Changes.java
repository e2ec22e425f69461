package io.github.eventfork.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Wakes those who wait for something to change.
 *
 * <p><b>Invariant:</b> who has read {@link #count()} and then looks, misses no change that comes after: the next wait
 * for a count other than that one returns at once.
 *
 * <p><b>Ownership:</b> {@code count} belongs to whoever holds this object's monitor.
 */
final class Changes {
    @GuardedBy("this")
    private long count;

    synchronized long count() {
        return count;
    }

    synchronized void changed() {
        count++;
        notifyAll();
    }

    /** Returns when the count is another one, or the time is over. */
    synchronized void awaitOtherThan(long seen, Duration atMost) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(atMost);
        long deadline = System.nanoTime() + left;
        while (count == seen && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
    }
}
