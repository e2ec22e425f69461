package io.github.eventfork;

import java.time.Instant;
import java.util.Optional;

/**
 * How an adapter is, and since when. Immutable.
 *
 * @param status what it is doing
 * @param since when that began
 * @param problem what is wrong, if something is; holds no value of a payload
 * @param lastAnswer when the queue answered a call last, if it ever did; an idle queue answers at the end of each long poll
 */
public record Health(Status status, Instant since, Optional<String> problem, Optional<Instant> lastAnswer) {

    /** What an adapter is doing. */
    public enum Status {
        /** Built, and not started yet. */
        NEW,
        /** It is started, and the queue has not answered yet. */
        STARTING,
        /** It receives: the queue answered the last receive, and leaves no call unanswered for too long. */
        RUNNING,
        /** It receives nothing until it is resumed; what is in hand goes on. */
        PAUSED,
        /**
         * It can't receive, or its queue leaves unanswered what it asks about what is in hand, or does not answer a call at
         * all; it tries again by itself.
         */
        FAILING,
        /** It is closing: what is in hand is being finished or given back. */
        DRAINING,
        /** It is closed; with a problem if the drain timeout was over before all that was in hand was done with. */
        CLOSED,
        /** An error that no process should survive stopped it. */
        STOPPED
    }
}
