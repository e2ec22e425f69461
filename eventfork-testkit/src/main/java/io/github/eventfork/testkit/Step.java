package io.github.eventfork.testkit;

import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;

/** Something that happened to a message, in its {@link Timeline}. Immutable; its text is for people. */
public sealed interface Step {

    /** It was sent to the queue. */
    record Sent() implements Step {
        @Override
        public String toString() {
            return "sent";
        }
    }

    /** The queue handed it out. */
    record Received(int receive) implements Step {
        @Override
        public String toString() {
            return "received (" + receive + ")";
        }
    }

    /** The handler was called. */
    record Started(String type, int attempt) implements Step {
        @Override
        public String toString() {
            return "handler started: type '" + type + "', attempt " + attempt;
        }
    }

    /** The handler's run is over. */
    record Ran(String type, Outcome outcome) implements Step {
        @Override
        public String toString() {
            return "handler ended: " + text(outcome);
        }
    }

    /**
     * A try is over.
     *
     * @param type the event type if the handler ran, else empty
     */
    record Finished(String type, Outcome outcome) implements Step {
        @Override
        public String toString() {
            return "outcome: " + text(outcome);
        }
    }

    /** A settlement stands. */
    record Settled(Settlement settlement) implements Step {
        @Override
        public String toString() {
            return "settled: " + settlement;
        }
    }

    /** Its lease was lost. */
    record LeaseLost() implements Step {
        @Override
        public String toString() {
            return "lease lost";
        }
    }

    /** Its claim was lost. */
    record ClaimLost() implements Step {
        @Override
        public String toString() {
            return "claim lost";
        }
    }

    /** The queue was asked to delete it. */
    record Deleted(Entry answer) implements Step {
        @Override
        public String toString() {
            return "delete: " + answer;
        }
    }

    /** The queue was asked to change its visibility timeout. */
    record Hidden(Duration timeout, Entry answer) implements Step {
        @Override
        public String toString() {
            return "visibility timeout set to " + timeout + ": " + answer;
        }
    }

    /** A copy was sent to the dead-letter queue. */
    record Copied(Entry answer) implements Step {
        @Override
        public String toString() {
            return "copy to the dead-letter queue: " + answer;
        }
    }

    /** The queue moved it to the dead-letter queue, because its receives were used up. */
    record MovedAway() implements Step {
        @Override
        public String toString() {
            return "moved to the dead-letter queue by the queue";
        }
    }

    /** A Lambda invocation answered that it is to be retried. */
    record Reported() implements Step {
        @Override
        public String toString() {
            return "reported as failed";
        }
    }

    private static String text(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed
                ? "Failed with " + failed.cause() + ", retry after " + failed.retryAfter()
                : outcome.toString();
    }
}
