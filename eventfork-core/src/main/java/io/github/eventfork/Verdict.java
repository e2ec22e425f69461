package io.github.eventfork;

import java.time.Duration;

/**
 * The one function from outcome to settlement.
 *
 * <p>{@code Handled}, {@code Duplicate}, {@code Discarded}: acknowledge. {@code Rejected}, and {@code Failed} at its last
 * attempt: dead letter. Any other {@code Failed}: give back, in a FIFO lane try again. {@code Postponed}: try again. A try
 * for which the lease can't be kept: give back.
 *
 * <p>A handler that says when to be tried again is believed: at its last attempt too it is tried again in hand, as long as
 * the lease can be kept, for nothing is wrong with the message.
 */
final class Verdict implements Outcome.Cases<Settlement> {

    private final String fork;
    private final Work work;
    private final int attempts;
    private final boolean retriesFailures;
    private final boolean stopping;

    /**
     * @param attempts after how many a failure is final
     * @param retriesFailures whether a failure at the head of a FIFO lane is tried again in hand
     * @param stopping whether nothing is tried again in hand any more
     */
    Verdict(String fork, Work work, int attempts, boolean retriesFailures, boolean stopping) {
        this.fork = fork;
        this.work = work;
        this.attempts = attempts;
        this.retriesFailures = retriesFailures;
        this.stopping = stopping;
    }

    @Override
    public Settlement handled(Outcome.Handled handled) {
        return new Settlement.Acknowledge();
    }

    @Override
    public Settlement duplicate(Outcome.Duplicate duplicate) {
        return new Settlement.Acknowledge();
    }

    @Override
    public Settlement discarded(Outcome.Discarded discarded) {
        return new Settlement.Acknowledge();
    }

    @Override
    public Settlement rejected(Outcome.Rejected rejected) {
        return deadLetter(rejected.reason());
    }

    @Override
    public Settlement failed(Outcome.Failed failed) {
        Duration delay = failed.retryAfter();
        if (lastAttempt()) {
            return failed.later() && kept(delay) ? new Settlement.TryAgain(delay) : lastWord(failed);
        }
        return work.delivery.fifo() && retriesFailures ? again(delay) : givenBack(delay);
    }

    boolean lastAttempt() {
        return work.attempt() >= attempts;
    }

    /** What a failure ends in when nothing is tried any more. */
    Settlement lastWord(Outcome.Failed failed) {
        String message = failed.cause().getMessage();
        return deadLetter("failed at attempt " + work.attempt() + " of " + attempts + " with "
                + failed.cause().getClass().getName() + (message == null ? "" : ": " + LogText.of(message)));
    }

    @Override
    public Settlement postponed(Outcome.Postponed postponed) {
        return again(postponed.retryAfter());
    }

    private Settlement deadLetter(String reason) {
        return new Settlement.DeadLetter(reason, fork, work.attempt());
    }

    private Settlement again(Duration delay) {
        return kept(delay) ? new Settlement.TryAgain(delay) : givenBack(delay);
    }

    private boolean kept(Duration delay) {
        return !stopping && delay.compareTo(work.lease.keepable()) < 0;
    }

    /** A visibility timeout that would reach past the most that the delivery can be hidden is an error to SQS. */
    private Settlement givenBack(Duration delay) {
        Duration most = work.lease.hideable();
        return new Settlement.GiveBack(delay.compareTo(most) > 0 ? most : delay);
    }
}
