package io.github.eventfork;

import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/**
 * Carries settlements out. Implementations are thread-safe and never block.
 *
 * <p>It sees {@link Settlement.Acknowledge}, {@link Settlement.GiveBack} and {@link Settlement.DeadLetter}; on Lambda
 * only the last two, because there the answer of the function acknowledges.
 */
public interface Settler {

    /**
     * Carries {@code settlement} out and answers with the settlement that stands. It may be another one: a dead letter
     * without a dead-letter queue, or without the right to send to it, stands as a {@link Settlement.GiveBack} with the
     * queue's visibility timeout, so that it does not spin. The stage ends exceptionally if what stands is unknown.
     */
    CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement);

    /**
     * After how many receives the delivery's queue moves a message away: {@link Integer#MAX_VALUE} if it never does, empty
     * if that is not known, or not known yet. It decides whether what is given back comes again, and whether another
     * failure is the last one. Default: not known.
     */
    default OptionalInt maxReceiveCount(Delivery delivery) {
        return OptionalInt.empty();
    }

    /** Sends at once what lingers to fill a batch. The stage ends when all that was asked before has an answer. */
    CompletionStage<Void> flush();
}
