package io.github.eventfork.queue;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/**
 * The port to a queue: asynchronous batch calls, as SQS has them. An adapter implements it and decides nothing.
 *
 * <p>Implementations are thread-safe. A call may block its caller for a while, as an SDK does that resolves credentials
 * before it sends; its answer comes by the stage. A stage ends exceptionally if the whole call failed, which may be
 * tried again; what failed for good, entry by entry, is {@link Entry#FINAL}. Lists are of 1 to 10 elements, and answers
 * are in the order asked; a shorter answer leaves entries out.
 */
public interface MessageQueue {

    /**
     * How many calls to one {@linkplain #client() client} begin at once: an SDK that need not wait for credentials begins one
     * in some 30 microseconds, and finds its buffers warm on a thread that is kept.
     */
    int CALLERS = 2;

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
     * A message to be copied to the dead-letter queue, with its {@linkplain #attributes() attributes}, its group, and its message id for a
     * deduplication id.
     *
     * @param delivery the message
     * @param note what the attribute {@code eventfork} of the copy says; empty where there is no room for it
     */
    record Copy(Delivery delivery, Optional<String> note) {

        /** The message's attributes but for the one that a note is in: whoever sent the message may have written that. */
        public Attributes attributes() {
            return delivery.attributes().without(Attributes.NOTE);
        }
    }

    /**
     * What a receive asks for.
     *
     * @param most how many messages at most, 1 to 10
     * @param longPoll how long the queue may wait for a first one; whole seconds, 0 to 20
     * @param visibilityTimeout how long what it brings is invisible from when it is handed out; whole seconds, 1 to 43,200;
     *     empty for the queue's own
     * @param attempt by which a FIFO queue knows it when it is asked again because its answer was lost: then it brings the
     *     same messages with the same receipts (<a
     *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html">ReceiveRequestAttemptId</a>);
     *     empty on a standard queue
     */
    record Receive(int most, Duration longPoll, Optional<Duration> visibilityTimeout, Optional<String> attempt) {

        /** A receive with the queue's own visibility timeout, of which nobody asks again. */
        public static Receive of(int most, Duration longPoll) {
            return new Receive(most, longPoll, Optional.empty(), Optional.empty());
        }
    }

    /**
     * What is burdened by its calls, such as a client: queues that name the same one share the few threads on which calls
     * begin, see {@link io.github.eventfork.ForkRuntime#callers}. Default: the queue itself.
     */
    default Object client() {
        return this;
    }

    /** Asks for the facts. */
    CompletionStage<Facts> facts();

    /** Receives messages. */
    CompletionStage<List<Delivery>> receive(Receive asked);

    /** Deletes messages by their receipts. */
    CompletionStage<List<Entry>> delete(List<String> receipts);

    /** Sets visibility timeouts. */
    CompletionStage<List<Entry>> changeVisibility(List<Change> changes);

    /** Sends copies to the dead-letter queue; {@link Entry#FINAL} if there is none. */
    CompletionStage<List<Entry>> deadLetter(List<Copy> copies);
}
