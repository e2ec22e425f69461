package io.github.eventfork.engine;

import io.github.eventfork.Outcome;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Settlement;
import io.github.eventfork.text.LogText;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The one function from outcome to settlement.
 *
 * <p>{@code Handled}, {@code Duplicate}, {@code Discarded}: acknowledge. {@code Rejected}, and {@code Failed} at its last
 * attempt: dead letter. Any other {@code Failed}: give back, in a FIFO lane try again. {@code Stopped}: give back at once, at
 * its last receive dead letter. {@code Postponed}: try again. A try for which the lease can't be kept: give back.
 *
 * <p>Where this process has not the classes for it, it waits in hand, failed or postponed, and no attempt is counted; where no
 * lease is renewed, it is given back for a while if it is postponed, and a failure as any other if it failed.
 *
 * <p>A handler that says when to be tried again is believed where leases can be renewed: nothing is wrong with the message. In
 * a FIFO lane, and at its last receive, it waits in hand, and no attempt is counted; with receives left it is given back.
 */
final class Verdict implements Outcome.Cases<Settlement> {

    /** A handler may ask for no delay at all, again and again, and no attempt is counted. */
    private static final Duration SPINS_NOT = Duration.ofSeconds(1);

    /** How long a handler waits at most that lacks a class: it may do something each time before it meets with that. */
    private static final Duration CLASS_RETRY_AT_MOST = Duration.ofMinutes(15);

    /** Where nothing waits in hand for a class, it is hidden for as long as a rollback may take. */
    private static final Duration HIDDEN_FOR_A_CLASS = Duration.ofMinutes(15);

    /** What is to be left of a lease after a wait: a run that outlasts it says no last word. */
    private static final Duration FOR_ANOTHER_RUN = Duration.ofSeconds(30);

    private final String fork;
    private final Work work;
    private final int attempts;
    private final boolean lastReceive;
    private final OptionalInt maxReceiveCount;
    private final Dispatcher.Limits limits;
    private final boolean stopping;
    private final boolean waitsOn;

    /**
     * @param attempts how many the fork wants
     * @param maxReceiveCount the queue's own, as far as it is known
     * @param stopping whether the adapter stops: what its handler puts off waits no more
     * @param waitsOn whether anything else may still wait in hand
     */
    Verdict(
            String fork,
            Work work,
            int attempts,
            OptionalInt maxReceiveCount,
            Dispatcher.Limits limits,
            boolean stopping,
            boolean waitsOn) {
        this.fork = fork;
        this.work = work;
        this.attempts = Math.min(attempts, maxReceiveCount.orElse(attempts));
        this.lastReceive = work.delivery.receiveCount() >= maxReceiveCount.orElse(attempts);
        this.maxReceiveCount = maxReceiveCount;
        this.limits = limits;
        this.stopping = stopping;
        this.waitsOn = waitsOn;
    }

    /** Whether the handler said when to be tried again. */
    static boolean later(Outcome.Failed failed) {
        return failed.cause() instanceof RetryLaterException;
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
        if (work.missing != null) {
            return withoutClass(failed);
        }
        if (limits.putsOff(failed)) {
            return putOff(failed);
        }
        if (work.attempt() >= attempts) {
            return lastWord(failed);
        }
        Duration delay = failed.retryAfter();
        return work.delivery.fifo() && limits.retriesFailures() ? again(delay) : givenBack(delay);
    }

    /** Nothing is wrong with the message: no attempt is counted, and it waits in hand with receives left too. */
    private Settlement withoutClass(Outcome.Failed failed) {
        Duration wait = Parts.doubledEachTime(SPINS_NOT, work.misses, CLASS_RETRY_AT_MOST);
        if (!stopping && kept(wait, FOR_ANOTHER_RUN)) {
            return new Settlement.TryAgain(wait);
        }
        return lastReceive ? lastWord(failed) : givenBack(stopping ? Duration.ZERO : wait);
    }

    private Settlement putOff(Outcome.Failed failed) {
        Duration delay = failed.retryAfter();
        Duration wait = delay.compareTo(SPINS_NOT) < 0 ? SPINS_NOT : delay;
        if ((lastReceive || work.delivery.fifo()) && !stopping && kept(wait, FOR_ANOTHER_RUN)) {
            return new Settlement.TryAgain(wait);
        }
        return lastReceive ? lastWord(failed) : givenBack(delay);
    }

    private Settlement lastWord(Outcome.Failed failed) {
        return deadLetter("failed at attempt " + work.attempt() + " of " + attempts + " with " + text(failed.cause()));
    }

    /**
     * No attempt is counted and no delay is due, but a receive is used all the same. SQS would move it away at the next one,
     * and say no reason; where nobody knows the queue's count it is left to that, because it may well come again.
     */
    @Override
    public Settlement stopped(Outcome.Stopped stopped) {
        int receive = work.delivery.receiveCount();
        if (maxReceiveCount.isPresent() && receive >= maxReceiveCount.getAsInt()) {
            return deadLetter("stopped at its last receive, " + receive + " of " + maxReceiveCount.getAsInt()
                    + ", because the poller closed or the invocation's time was over, with " + text(stopped.cause()));
        }
        return givenBack(Duration.ZERO);
    }

    private static String text(Throwable cause) {
        String message = message(cause);
        return cause.getClass().getName() + (message == null ? "" : ": " + LogText.of(message));
    }

    /** An exception of a user's may throw when it is asked what it says. */
    private static @Nullable String message(Throwable cause) {
        try {
            return cause.getMessage();
        } catch (RuntimeException e) {
            return null;
        }
    }

    @Override
    public Settlement postponed(Outcome.Postponed postponed) {
        if (work.missing != null && !limits.renews()) {
            return givenBack(HIDDEN_FOR_A_CLASS);
        }
        if (stopping && lastReceive && work.putOff != null) {
            return lastWord(work.putOff);
        }
        return again(postponed.retryAfter());
    }

    private Settlement deadLetter(String reason) {
        return new Settlement.DeadLetter(reason, fork, work.attempt());
    }

    private Settlement again(Duration delay) {
        return waitsOn && kept(delay, Duration.ZERO) ? new Settlement.TryAgain(delay) : givenBack(delay);
    }

    /** Whether the lease can be kept for {@code delay}, which may be of any length, and for {@code more} after that. */
    private boolean kept(Duration delay, Duration more) {
        return delay.compareTo(work.lease.keepable().minus(more)) < 0;
    }

    /** A visibility timeout that would reach past the most that the delivery can be hidden is an error to SQS. */
    private Settlement givenBack(Duration delay) {
        Duration most = work.lease.hideable();
        return new Settlement.GiveBack(delay.compareTo(most) > 0 ? most : delay);
    }
}
