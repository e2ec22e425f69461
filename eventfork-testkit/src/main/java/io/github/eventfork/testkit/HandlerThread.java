package io.github.eventfork.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A real thread for one handler, or for a call that may block, which takes turns with the thread that runs the tasks of a {@link VirtualRuntime}.
 *
 * <p><b>Invariant:</b> it runs only while {@code turn} is true, and the runner only waits meanwhile. So whatever the two
 * touch needs no lock between them.
 *
 * <p>An interrupt that comes while it waits must be seen by the runner at once, or the run would depend on real time: the
 * flag stays readable, because it is cleared only after {@code interruptSeen} has been set.
 */
final class HandlerThread extends Thread {

    private final Runnable task;
    private final @Nullable Object callingFor;
    private volatile boolean turn;
    private volatile boolean interruptSeen;
    private volatile @Nullable Thread runner;
    private volatile @Nullable Throwable thrown;

    /** A turn took longer than any should. */
    static final class Stuck extends AssertionError {
        private static final long serialVersionUID = 1L;

        Stuck(String message) {
            super(message);
        }
    }

    private HandlerThread(String name, @Nullable Object callingFor, Runnable task) {
        super(name);
        this.callingFor = callingFor;
        this.task = task;
        setDaemon(true);
    }

    static HandlerThread handler(long number, Runnable task) {
        return new HandlerThread("virtual-handler-" + number, null, task);
    }

    /** A thread for calls to a client or a store. */
    static HandlerThread caller(long number, Object callingFor, Runnable task) {
        return new HandlerThread("virtual-caller-" + number, callingFor, task);
    }

    /** Whom it calls, if it is for calls. */
    Optional<Object> callingFor() {
        return Optional.ofNullable(callingFor);
    }

    @Override
    public void run() {
        try {
            task.run();
        } catch (Throwable e) {
            thrown = e;
        } finally {
            endTurn();
        }
    }

    /** For the runner: lets it run until it ends or waits, and throws what it threw. */
    void letRun(Duration patience) {
        runner = Thread.currentThread();
        turn = true;
        if (getState() == State.NEW) {
            start();
        } else {
            LockSupport.unpark(this);
        }
        waitForTurnToEnd(patience);
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** For itself: gives its turn back and waits for the next; an interrupt meanwhile leaves its flag set. */
    void giveTurnBack() {
        endTurn();
        while (!turn) {
            LockSupport.park(this);
            if (isInterrupted()) {
                interruptSeen = true;
                Thread.interrupted();
            }
        }
        if (interruptSeen) {
            interruptSeen = false;
            interrupt();
        }
    }

    /** For the runner: whether it was interrupted while it waits. */
    boolean wasInterrupted() {
        return isInterrupted() || interruptSeen;
    }

    private void endTurn() {
        turn = false;
        LockSupport.unpark(runner);
    }

    private void waitForTurnToEnd(Duration patience) {
        long began = System.nanoTime();
        boolean interrupted = false;
        while (turn) {
            LockSupport.parkNanos(this, Duration.ofMillis(100).toNanos());
            interrupted |= Thread.interrupted();
            if (turn && System.nanoTime() - began > patience.toNanos()) {
                throw stuck(patience);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Stuck stuck(Duration patience) {
        String stack =
                Arrays.stream(getStackTrace()).map(frame -> "\n    at " + frame).collect(Collectors.joining());
        return new Stuck("What runs on " + getName() + " has neither ended nor waited in a Hold for " + patience
                + " of real time: let it wait in a Hold or in VirtualRuntime.sleep(..). It is " + getState() + stack);
    }
}
