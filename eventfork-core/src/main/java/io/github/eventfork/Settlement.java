package io.github.eventfork;

import java.time.Duration;

/**
 * What is to be done about a delivery. Immutable.
 *
 * <p>A {@link Settler} is asked for one settlement and answers with the one that stands.
 */
public sealed interface Settlement {

    /** Delete it: its work is done, or never wanted. */
    record Acknowledge() implements Settlement {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.acknowledge(this);
        }
    }

    /**
     * Keep it in hand, with its lease, and try again. No settler ever sees this one.
     *
     * @param delay how long to wait first; not negative
     */
    record TryAgain(Duration delay) implements Settlement {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.tryAgain(this);
        }
    }

    /**
     * Give it back to the queue, invisible for a while.
     *
     * @param delay how long it stays invisible; not negative
     */
    record GiveBack(Duration delay) implements Settlement {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.giveBack(this);
        }
    }

    /**
     * Copy it to the dead-letter queue, then delete it.
     *
     * @param reason why; travels with the copy, as the rest does
     * @param fork the name of the fork that decided it
     * @param attempt which attempt it was, from 1
     */
    record DeadLetter(String reason, String fork, int attempt) implements Settlement {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.deadLetter(this);
        }
    }

    /** Answers with the one method of {@code cases} that belongs to this settlement. */
    <R> R match(Cases<R> cases);

    /** One method per settlement and no default. */
    interface Cases<R> {
        R acknowledge(Acknowledge acknowledge);

        R tryAgain(TryAgain tryAgain);

        R giveBack(GiveBack giveBack);

        R deadLetter(DeadLetter deadLetter);
    }
}
