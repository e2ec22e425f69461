package io.github.eventfork.testkit;

import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.Locale;

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

    /** The queue handed it out once more with the same receipt, because the same attempt to receive was made again. */
    record ReceivedAgain(int receive) implements Step {
        @Override
        public String toString() {
            return "received (" + receive + ") by the same attempt again";
        }
    }

    /**
     * Its idempotency key was claimed. Its text does not show the key: that may hold an event's id, which differs from run
     * to run.
     *
     * @param key with the fork's name
     */
    record Claimed(String key) implements Step {
        @Override
        public String toString() {
            return "claimed";
        }
    }

    /** The handler was called. */
    record Started(String type, int attempt) implements Step {
        @Override
        public String toString() {
            return "started: '" + type + "', attempt " + attempt;
        }
    }

    /** The handler's run is over; what became of it follows, unless it was left behind before. */
    record Ran(String type, Outcome outcome) implements Step {
        @Override
        public String toString() {
            return "ended";
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
            return outcome.match(StepText.OUTCOME);
        }
    }

    /** A settlement stands. */
    record Settled(Settlement settlement) implements Step {
        @Override
        public String toString() {
            return settlement.match(StepText.SETTLEMENT);
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
            return StepText.answered("deleted", answer);
        }
    }

    /** The queue was asked to change its visibility timeout. */
    record Hidden(Duration timeout, Entry answer) implements Step {
        @Override
        public String toString() {
            return StepText.answered("hidden for " + TimeText.length(timeout), answer);
        }
    }

    /** A copy was sent to the dead-letter queue. */
    record Copied(Entry answer) implements Step {
        @Override
        public String toString() {
            return StepText.answered("copied to the dead-letter queue", answer);
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
            return "reported to Lambda as failed";
        }
    }

    /** The Lambda invocation that it was in failed as a whole, or had no answer in its time. */
    record InvocationFailed(Throwable cause) implements Step {
        @Override
        public String toString() {
            return "invocation failed: " + cause;
        }
    }

    /** A call that concerned it went wrong; of a call for facts or messages, the message id is empty. */
    record WentWrong(InMemoryQueue.Call call, Fault fault) implements Step {
        @Override
        public String toString() {
            return StepText.wrong(call.name().toLowerCase(Locale.ROOT).replace('_', ' '), fault);
        }
    }
}
