package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * How many polls may be in flight on one client, so that settlements never wait behind long polls for a connection.
 * Shared by the pollers of the client; thread-safe. Each poller always has one poll; more are shared among them.
 *
 * <p><b>Invariant:</b> extra polls never exceed what is left when each poller has had its one.
 */
public final class PollBudget {

    private final int most;

    @GuardedBy("this")
    private int pollers;

    @GuardedBy("this")
    private int extra;

    /** A budget of {@code most} polls. */
    public PollBudget(int most) {
        this.most = most;
    }

    synchronized void join() {
        pollers++;
    }

    synchronized void leave() {
        pollers--;
    }

    synchronized boolean takeExtra() {
        if (pollers + extra >= most) {
            return false;
        }
        extra++;
        return true;
    }

    synchronized void giveExtra() {
        extra--;
    }
}
