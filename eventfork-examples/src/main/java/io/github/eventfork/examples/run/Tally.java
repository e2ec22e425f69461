package io.github.eventfork.examples.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.Delivery;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Counts what becomes of one fork's messages, by listening.
 *
 * <p><b>Invariant:</b> a message stands in {@code open}, with its latest outcome, from its first try until it is
 * acknowledged or a dead letter. So a second try of it is no second message, and memory holds what is under way only.
 *
 * <p><b>Ownership:</b> all fields belong to whoever holds this object's monitor.
 */
final class Tally implements ForkListener {

    @GuardedBy("this")
    private final Map<String, Outcome> open = new HashMap<>();

    @GuardedBy("this")
    private long received;

    @GuardedBy("this")
    private long handled;

    @GuardedBy("this")
    private long duplicate;

    @GuardedBy("this")
    private long discarded;

    @GuardedBy("this")
    private long failedRuns;

    @GuardedBy("this")
    private long rejected;

    @GuardedBy("this")
    private long deadLettered;

    @GuardedBy("this")
    private Duration longestWait = Duration.ZERO;

    @GuardedBy("this")
    private long awaited = Long.MAX_VALUE;

    @GuardedBy("this")
    private CompletableFuture<Void> reached = new CompletableFuture<>();

    @Override
    public synchronized void finished(Delivery delivery, Outcome outcome) {
        Outcome before = open.get(delivery.messageId());
        if (before == null) {
            received++;
        }
        if (outcome instanceof Outcome.Failed) {
            failedRuns++;
        }
        // its delete may be lost: then a later try finds a duplicate of what this message itself has done
        if (!(before instanceof Outcome.Handled)) {
            open.put(delivery.messageId(), outcome);
        }
    }

    @Override
    public synchronized void settled(Delivery delivery, Settlement settlement) {
        if (settlement instanceof Settlement.GiveBack giveBack) {
            if (giveBack.delay().compareTo(longestWait) > 0) {
                longestWait = giveBack.delay();
            }
            return;
        }
        Outcome last = open.remove(delivery.messageId());
        if (last instanceof Outcome.Rejected) {
            rejected++;
        }
        if (settlement instanceof Settlement.DeadLetter) {
            deadLettered++;
        } else if (last instanceof Outcome.Handled) {
            handled++;
        } else if (last instanceof Outcome.Duplicate) {
            duplicate++;
        } else if (last instanceof Outcome.Discarded) {
            discarded++;
        }
        tellIfReached();
    }

    /** What it has counted so far. */
    synchronized Counts counts() {
        return new Counts(received, handled, duplicate, discarded, failedRuns, rejected, deadLettered);
    }

    /** The longest time that a message was given back for. */
    synchronized Duration longestWait() {
        return longestWait;
    }

    /** Ends when so many messages have come to their end. One such wish is kept. */
    synchronized CompletionStage<Void> whenSettled(long messages) {
        awaited = messages;
        reached = new CompletableFuture<>();
        tellIfReached();
        return reached;
    }

    @GuardedBy("this")
    private void tellIfReached() {
        if (counts().settled() >= awaited) {
            reached.complete(null);
        }
    }
}
