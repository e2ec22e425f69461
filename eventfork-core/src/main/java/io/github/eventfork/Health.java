package io.github.eventfork;

import java.time.Instant;
import java.util.Optional;

/**
 * How an adapter is, and since when. Immutable.
 *
 * @param status what it is doing
 * @param since when that began
 * @param problem what is wrong, if something is; holds no value of a payload
 */
public record Health(Status status, Instant since, Optional<String> problem) {

    /** What an adapter is doing. */
    public enum Status {
        /** Built, and not started yet. */
        NEW,
        /** It receives. */
        RUNNING,
        /** It receives nothing until it is resumed; what is in hand goes on. */
        PAUSED,
        /** It can't receive, or its queue leaves unanswered what it asks about what is in hand; it tries again by itself. */
        FAILING,
        /** It is closing: what is in hand is being finished or given back. */
        DRAINING,
        /** It is closed; with a problem if the drain timeout was over before all that was in hand was done with. */
        CLOSED,
        /** An error that no process should survive stopped it. */
        STOPPED
    }
}
