package io.github.eventfork.engine;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A delivery in hand, from acceptance until its settlement stands.
 *
 * <p><b>Ownership:</b> {@code failures}, {@code retrying}, {@code retryAt}, {@code waitsForHandler}, {@code putOff},
 * {@code missing} and {@code misses} belong to whoever has the work's turn: the thread that runs or settles it, handed on through executors, waits and stages.
 * {@code standing} completes once.
 */
final class Work {

    final Delivery delivery;
    final KeptLease lease;
    final CompletableFuture<Settlement> standing = new CompletableFuture<>();

    /** Whether what waited behind it has been given back, because its lease was lost while it ran. */
    volatile boolean restGivenBack;

    /** Whether its turn is over: its settlement stands or is unknown, and its lane has gone on. */
    private final AtomicBoolean over = new AtomicBoolean();

    /** Whether it is decided what its standing is; whoever listens is told of it first. */
    private final AtomicBoolean answered = new AtomicBoolean();

    /** Whether listeners have been told that its lease is lost. */
    private final AtomicBoolean lostTold = new AtomicBoolean();

    /** Whether it is with the processor now. Written by the thread that runs it, read by whoever loses the lease. */
    volatile boolean running;

    /**
     * Whether an earlier sight of its message, which it waited behind, was done or dead-lettered: so it does not run. Written
     * by the thread that ends the turn of that one, under the monitor of the lanes, and read by whoever has the turn after it.
     */
    boolean firstSightDone;

    /** Failed runs since the receipt, other than those that asked to be tried later. */
    int failures;

    /** Why its last try could not run, or failed, if this process has not the classes for it. */
    MissingClasses.@Nullable Missing missing;

    /** How often it has been tried without the classes for it. */
    int misses;

    /** Whether it has been tried and is to be tried again, at {@code retryAt} by {@link ForkRuntime#nanoTime()}. */
    boolean retrying;

    long retryAt;

    /** Whether its handler put it off in its last try, so that another run may end it. */
    boolean waitsForHandler;

    /** The last failure by which its handler put it off: what a dead letter says if nothing else comes. */
    Outcome.@Nullable Failed putOff;

    Work(Delivery delivery, KeptLease lease) {
        this.delivery = delivery;
        this.lease = lease;
    }

    /** Ends its turn, and says whether it had not ended before. */
    boolean endTurn() {
        return over.compareAndSet(false, true);
    }

    /** Decides what its standing is, and says whether that was open. */
    boolean beginAnswer() {
        return answered.compareAndSet(false, true);
    }

    /** Whether it has not been told yet that its lease is lost. */
    boolean beginTellingLost() {
        return lostTold.compareAndSet(false, true);
    }

    boolean answered() {
        return answered.get();
    }

    int attempt() {
        return delivery.receiveCount() + failures;
    }

    /** What must not run beside it: its group on a FIFO queue, else the sights of its message id. */
    String lane() {
        return delivery.fifo() ? delivery.group().orElse(delivery.messageId()) : delivery.messageId();
    }
}
