package io.github.eventfork.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers that run now, and who may interrupt them: their processing limit, the loss of their lease, the adapter.
 *
 * <p><b>Invariant:</b> a thread is interrupted only while its handler runs. {@code running} holds exactly the runs whose
 * handler has been called and has not returned, in the order of their start, so the first is the first to reach the
 * limit, and one timer serves them all.
 *
 * <p><b>Ownership:</b> {@code running}, {@code armed} and the interrupt itself belong to whoever holds this object's
 * monitor: that is what keeps an interrupt from hitting a thread whose handler has just returned. Leases are told
 * without it.
 */
final class Runs {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private final ForkRuntime runtime;
    private final OptionalLong limit;

    @GuardedBy("this")
    private final Map<Run, Thread> running = new LinkedHashMap<>();

    @GuardedBy("this")
    private boolean armed;

    @GuardedBy("this")
    private ForkRuntime.@Nullable Cancellable timer;

    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private boolean stopped;

    Runs(ForkRuntime runtime, Optional<Duration> limit) {
        this.runtime = runtime;
        this.limit = limit.map(most -> OptionalLong.of(Nanos.of(most))).orElse(OptionalLong.empty());
    }

    /** One handler on its thread. */
    final class Run {

        private final KeptLease lease;
        private final long started = runtime.nanoTime();

        @GuardedBy("Runs.this")
        private boolean limitTold;

        @GuardedBy("Runs.this")
        private boolean interrupted;

        @GuardedBy("Runs.this")
        private boolean stopped;

        private Run(KeptLease lease) {
            this.lease = lease;
        }

        /**
         * Whether it was stopped: the adapter's stop interrupted it, and nothing else had before. Once the run has ended, what
         * it says changes no more.
         */
        boolean stopped() {
            synchronized (Runs.this) {
                return stopped;
            }
        }

        /** The handler has returned: nobody interrupts its thread any more, and what came too late is cleared. */
        void end() {
            synchronized (Runs.this) {
                running.remove(this);
                Thread.interrupted();
            }
        }

        /** What a handler waits in is closed by an interrupt, and may throw at that: the next is interrupted all the same. */
        private void interrupt(boolean byStop) {
            synchronized (Runs.this) {
                Thread thread = running.get(this);
                if (thread == null) {
                    return;
                }
                stopped |= byStop && !interrupted;
                interrupted = true;
                try {
                    thread.interrupt();
                } catch (Throwable e) {
                    Errors.rethrowFatal(e);
                    log.warn("What a handler waits in threw when it was interrupted", e);
                }
            }
        }

        /** Interrupts it once: what it still does to clean up is its own. */
        private void reachedLimit() {
            synchronized (Runs.this) {
                if (limitTold) {
                    return;
                }
                limitTold = true;
            }
            lease.letRunOut();
            interrupt(false);
        }

        private long left(long limit) {
            return started + limit - runtime.nanoTime();
        }
    }

    /** The handler is about to run on this thread. One that begins after the stop is interrupted at once. */
    Run begin(KeptLease lease) {
        Run run = new Run(lease);
        synchronized (this) {
            Thread.interrupted();
            // first, because a timer that can't be set must leave no run behind
            if (limit.isPresent()) {
                arm(limit.getAsLong(), limit.getAsLong());
            }
            running.put(run, Thread.currentThread());
            if (stopped) {
                run.interrupt(true);
            }
        }
        lease.whenLost(() -> run.interrupt(false));
        return run;
    }

    /** Interrupts every handler that runs now; none is to start any more. */
    void stop() {
        List<Run> all;
        synchronized (this) {
            stopped = true;
            all = List.copyOf(running.keySet());
        }
        all.forEach(run -> run.interrupt(true));
    }

    /** Whether no handler is to start any more. */
    synchronized boolean stopped() {
        return stopped;
    }

    /** How many handlers run now. */
    synchronized int count() {
        return running.size();
    }

    /** Ends the runs that have reached the limit, and waits for the next one. */
    private void limitReached(long limit) {
        List<Run> overdue = List.of();
        try {
            synchronized (this) {
                armed = false;
                overdue = running.keySet().stream()
                        .takeWhile(run -> run.left(limit) <= 0)
                        .toList();
                Optional<Run> next =
                        running.keySet().stream().skip(overdue.size()).findFirst();
                if (next.isPresent()) {
                    arm(next.get().left(limit), limit);
                }
            }
        } catch (RuntimeException e) {
            log.error("No timer could be set for the processing limit; the next run sets it", e);
        } finally {
            overdue.forEach(Run::reachedLimit);
        }
    }

    @GuardedBy("this")
    private void arm(long nanos, long limit) {
        if (!armed && !closed) {
            timer = runtime.schedule(Duration.ofNanos(nanos), () -> limitReached(limit));
            armed = true;
        }
    }

    /** Nobody waits for a run any more. */
    synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}
