package io.github.eventfork;

import io.github.eventfork.text.LogText;
import java.time.Duration;

/**
 * What became of one try of a delivery: a fact, not a decision. What is to be done about it is a {@link Settlement}.
 *
 * <p>Immutable. {@link #match} forces a decision on every case on Java 17; from Java 21 on, a pattern switch does too.
 */
public sealed interface Outcome {

    /** The handler ran and returned. */
    record Handled() implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.handled(this);
        }
    }

    /**
     * Nothing is left to do: its work had been done before, by its key or by the handler's word, or an earlier sight of the
     * same message was done or dead-lettered.
     */
    record Duplicate() implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.duplicate(this);
        }
    }

    /** No route wants it and the fork discards such events ({@link Unrouted#DISCARD}). */
    record Discarded() implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.discarded(this);
        }
    }

    /**
     * It ran and failed.
     *
     * @param cause what the handler threw
     * @param retryAfter how long to wait before it is tried again; not negative
     */
    record Failed(Throwable cause, Duration retryAfter) implements Outcome {

        /** The text of the cause, which may quote the message, is shown with its control characters escaped. */
        @Override
        public String toString() {
            return "Failed[cause=" + LogText.of(String.valueOf(cause)) + ", retryAfter=" + retryAfter + "]";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.failed(this);
        }
    }

    /**
     * It ran and was stopped: the poller closes, or the time of the invocation is over, so its handler was interrupted, and
     * then threw. Nothing is wrong with it; it is for the next process to run. What its processing limit or the loss of its
     * lease interrupted before has {@link Failed}.
     *
     * @param cause what the handler threw when it was interrupted
     */
    record Stopped(Throwable cause) implements Outcome {

        /** The text of the cause, which may quote the message, is shown with its control characters escaped. */
        @Override
        public String toString() {
            return "Stopped[cause=" + LogText.of(String.valueOf(cause)) + "]";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.stopped(this);
        }
    }

    /**
     * It did not run, but may later.
     *
     * @param reason why, without values of the payload
     * @param retryAfter how long to wait before it is tried again; not negative
     */
    record Postponed(String reason, Duration retryAfter) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.postponed(this);
        }
    }

    /**
     * It never will run, however often it is tried.
     *
     * @param reason names fork, message id, type, place and what to do, without values of the payload
     */
    record Rejected(String reason) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.rejected(this);
        }
    }

    /** Answers with the one method of {@code cases} that belongs to this outcome. */
    <R> R match(Cases<R> cases);

    /** One method per outcome and no default: whoever settles must decide on each. */
    interface Cases<R> {
        R handled(Handled handled);

        R duplicate(Duplicate duplicate);

        R discarded(Discarded discarded);

        R failed(Failed failed);

        R stopped(Stopped stopped);

        R postponed(Postponed postponed);

        R rejected(Rejected rejected);
    }
}
