package io.github.eventfork.queue;

import io.github.eventfork.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/**
 * The port to a queue: asynchronous batch calls, as SQS has them. An adapter implements it and decides nothing.
 *
 * <p>Implementations are thread-safe and never block. A stage ends exceptionally if the whole call failed, which may be
 * tried again; what failed for good, entry by entry, is {@link Entry#FINAL}. Lists are of 1 to 10 elements, and answers
 * are in the order asked; a shorter answer leaves entries out.
 */
public interface MessageQueue {

    /** What became of one entry of a batch. */
    enum Entry {
        /** It was done. */
        DONE,
        /** It may be tried again. */
        RETRIABLE,
        /** It will never be done. */
        FINAL
    }

    /**
     * What is known about the queue.
     *
     * @param name its name, which ends in {@code .fifo} exactly if it keeps order
     * @param visibilityTimeout how long a received message is invisible
     * @param maxReceiveCount after how many receives SQS moves a message away, if it has a dead-letter queue
     * @param deadLetterQueue the name of its dead-letter queue, if it has one
     */
    record Facts(
            String name, Duration visibilityTimeout, OptionalInt maxReceiveCount, Optional<String> deadLetterQueue) {}

    /**
     * A message's visibility timeout, to be set anew.
     *
     * @param receipt of the receive
     * @param timeout from the time of the call; whole seconds, 0 to 43,200
     */
    record Change(String receipt, Duration timeout) {}

    /**
     * A message to be copied to the dead-letter queue, with all its attributes, its group, and its message id for a
     * deduplication id.
     *
     * @param delivery the message
     * @param note what the attribute {@code eventfork} of the copy says; empty where there is no room for it
     */
    record Copy(Delivery delivery, Optional<String> note) {}

    /** Asks for the facts. */
    CompletionStage<Facts> facts();

    /**
     * Receives messages.
     *
     * @param most how many at most, 1 to 10
     * @param wait how long the queue may wait for a first one; whole seconds, 0 to 20
     */
    CompletionStage<List<Delivery>> receive(int most, Duration wait);

    /** Deletes messages by their receipts. */
    CompletionStage<List<Entry>> delete(List<String> receipts);

    /** Sets visibility timeouts. */
    CompletionStage<List<Entry>> changeVisibility(List<Change> changes);

    /** Sends copies to the dead-letter queue; {@link Entry#FINAL} if there is none. */
    CompletionStage<List<Entry>> deadLetter(List<Copy> copies);
}
