package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.engine.Dispatcher;

/**
 * Decides when to poll and for how many. A permit stands for a message that is asked for, waiting, running or being
 * settled; it is taken here before a poll and given back here when the settlement stands.
 *
 * <p>A poll that comes back empty at once, as one does that may not wait, is followed by a rest, up to a second when it happens
 * again and again.
 *
 * <p>Asked is for as many as runs were over in the last two round trips, plus the free handlers, less what is asked for or
 * ready already. One poll is always allowed; more are while polls come back full, each for a full batch: so an idle queue
 * costs one long poll, and a busy one few calls.
 *
 * <p><b>Invariant:</b> {@code 0 <= taken <= most}, and {@code taken = asked + in hand}.
 *
 * <p><b>Ownership:</b> all fields belong to whoever holds this object's monitor; it calls nobody but the budget.
 */
final class Intake {

    private static final int BATCH = 10;
    private static final long SHORTEST_REST = 50_000_000;
    private static final long LONGEST_REST = 1_000_000_000;

    private final int most;
    private final PollBudget budget;

    @GuardedBy("this")
    private final Pace pace;

    @GuardedBy("this")
    private int taken;

    @GuardedBy("this")
    private int asked;

    @GuardedBy("this")
    private int polls;

    /** How many polls may be in flight, by the client's budget and by how full the last ones came back. */
    @GuardedBy("this")
    private int allowed = 1;

    @GuardedBy("this")
    private boolean open = true;

    @GuardedBy("this")
    private boolean stopped;

    @GuardedBy("this")
    private boolean closed;

    /** Whether polls that are in flight are not waited for any more. */
    @GuardedBy("this")
    private boolean pollsLeft;

    /** How many polls in a row came back empty without having waited. */
    @GuardedBy("this")
    private int empty;

    @GuardedBy("this")
    private long restsUntil;

    Intake(int most, PollBudget budget, long now) {
        this.most = most;
        this.budget = budget;
        this.pace = new Pace(now);
        this.restsUntil = now;
        budget.join();
    }

    /** Takes permits for a poll, and says for how many; 0 if there should be none now. */
    synchronized int ask(Dispatcher.Load load, long now) {
        long wanted = load.free() + pace.recent(load.over(), now) - load.ready() - asked;
        int size = (int) Math.min(Math.min(BATCH, wanted), most - taken);
        if (!open || size <= 0 || polls >= allowed || now - restsUntil < 0) {
            return 0;
        }
        if (polls > 0 && (size < BATCH || !budget.takeExtra())) {
            return 0;
        }
        polls++;
        asked += size;
        taken += size;
        return size;
    }

    /**
     * A poll for {@code size} came back with {@code got} messages after {@code nanos}. Answers with whether they are taken in
     * hand: not by one that is closed.
     */
    synchronized boolean came(int size, int got, long nanos, long now) {
        pollOver(size, closed ? 0 : got);
        rest(got, nanos, now);
        if (got == size) {
            pace.tookRoundTrip(nanos);
            allowed = Math.min(allowed * 2, most);
        } else if (got == 0) {
            allowed = 1;
        } else if (got * 2 >= size) {
            allowed = Math.min(allowed + 1, most);
        } else {
            allowed = Math.max(1, allowed - 1);
        }
        return !closed;
    }

    @GuardedBy("this")
    private void rest(int got, long nanos, long now) {
        if (got > 0 || nanos >= LONGEST_REST) {
            empty = 0;
        } else {
            restsUntil = now + Math.min(LONGEST_REST, SHORTEST_REST << Math.min(empty++, 10));
        }
    }

    /** For how many nanoseconds no poll begins, because the last ones came back empty at once. */
    synchronized long rests(long now) {
        return Math.max(0, restsUntil - now);
    }

    /** A poll for {@code size} failed. */
    synchronized void failed(int size) {
        pollOver(size, 0);
        allowed = 1;
    }

    /** The settlement of one message stands. */
    synchronized void settled() {
        taken--;
    }

    /** Whether polls may begin; what is asked for comes in any case. Does nothing once it is stopped. */
    synchronized void open(boolean open) {
        this.open = open && !stopped;
    }

    /** Whether a poll that was asked for is to begin: not once it is stopped. */
    synchronized boolean receives() {
        return !stopped;
    }

    /** No poll begins any more. */
    synchronized void stop() {
        stopped = true;
        open = false;
    }

    /** Polls in flight are not waited for any more: what they bring yet is given back. */
    synchronized void leavePolls() {
        pollsLeft = true;
    }

    /** Whether nothing is in hand, and nothing asked for that is waited for. */
    synchronized boolean idle() {
        return taken == asked && (polls == 0 || pollsLeft);
    }

    /** It polls no more, and leaves the client's budget to others. */
    synchronized void close() {
        stopped = true;
        closed = true;
        open = false;
        budget.leave();
    }

    @GuardedBy("this")
    private void pollOver(int size, int got) {
        if (polls > 1) {
            budget.giveExtra();
        }
        polls--;
        asked -= size;
        taken -= size - got;
    }
}
