package io.github.eventfork.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A closed gate at which handlers wait until the test opens it. {@link VirtualRuntime#hold()} makes one. Only handlers on
 * threads of their own can wait ({@code handlersOnThreads()}).
 *
 * <p><b>Ownership:</b> all fields belong to whoever holds this object's monitor; nobody waits under it.
 */
public final class Hold {

    private final VirtualRuntime runtime;

    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private boolean open;

    Hold(VirtualRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Waits until the gate is opened; time stands still or moves on as the test likes.
     *
     * @throws InterruptedException if the handler is interrupted before or meanwhile
     */
    public void await() throws InterruptedException {
        if (!Thread.currentThread().isInterrupted()) {
            pass();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Waits like a handler that ignores being interrupted; the thread's flag is set afterwards if it was. */
    public void awaitIgnoringInterrupts() {
        boolean interrupted = Thread.interrupted();
        while (!pass()) {
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opens the gate for good: who waits goes on at the next run, who comes later goes through. */
    public void release() {
        Deque<Runnable> all;
        synchronized (this) {
            open = true;
            all = new ArrayDeque<>(waiting);
            waiting.clear();
        }
        all.forEach(Runnable::run);
    }

    /** Lets the one go that has waited longest, if any waits. */
    public void releaseOne() {
        Runnable first;
        synchronized (this) {
            first = waiting.poll();
        }
        if (first != null) {
            first.run();
        }
    }

    /** How many wait. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** Waits once, and says whether it was let through; else it was interrupted. */
    private boolean pass() {
        synchronized (this) {
            if (open) {
                return true;
            }
        }
        Runnable[] ours = new Runnable[1];
        runtime.park(wake -> {
            ours[0] = wake;
            synchronized (this) {
                waiting.add(wake);
            }
        });
        synchronized (this) {
            return !waiting.remove(ours[0]);
        }
    }
}
