package io.github.eventfork.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Lets what is published to one FIFO topic through one call at a time: numbers it, and drops duplicates.
 *
 * <p><b>Invariant:</b> between the number of a message and its copies standing in the queues, no other message of its topic
 * gets a number. So each queue holds a topic's messages in the order of their numbers, whoever published them.
 *
 * <p><b>Ownership:</b> a topic's messages belong to the call that holds its lock in {@code turns}. The copies are sent
 * under that lock: to keep others out meanwhile is what it is for. Topics do not wait for each other.
 */
final class FifoPublications {
    /** SNS's numbers grow, but not by one. */
    private static final long STEP = 1_000;

    private final Topics topics;
    private final DeduplicationWindow recent;
    private final AtomicLong numbered = new AtomicLong();
    private final Map<String, Lock> turns = new ConcurrentHashMap<>();

    FifoPublications(Topics topics, DeduplicationWindow recent) {
        this.topics = topics;
        this.recent = recent;
    }

    /**
     * Hands what is no duplicate to {@code deliver}, numbered.
     *
     * @return one for each message: a duplicate's is that of the message it repeats
     * @throws SnsError if the topic was deleted before its turn came
     */
    List<PublishReceipt> publish(Topic topic, List<SnsMessage> messages, Consumer<List<SnsMessage>> deliver) {
        Lock turn = taken(topic.arn());
        try {
            // The bad interleaving: 1. A has seen the topic, and waits. 2. B deletes and forgets it. 3. A remembers a
            // message that a topic of the same name would drop. It cannot happen: whoever forgets has had a turn, too.
            if (topics.find(topic.arn()).isEmpty()) {
                turns.remove(topic.arn(), turn);
                throw SnsError.noSuchTopic();
            }
            return inTurn(topic, messages, deliver);
        } finally {
            turn.unlock();
        }
    }

    /** The lock of the topic, held by this thread: one that was forgotten while we waited for it is none any more. */
    @SuppressWarnings("LockNotBeforeTry") // who asked for it releases it
    private Lock taken(String topicArn) {
        while (true) {
            Lock turn = turns.computeIfAbsent(topicArn, arn -> new ReentrantLock(true));
            turn.lock();
            if (turn.equals(turns.get(topicArn))) {
                return turn;
            }
            turn.unlock();
        }
    }

    private List<PublishReceipt> inTurn(Topic topic, List<SnsMessage> messages, Consumer<List<SnsMessage>> deliver) {
        List<PublishReceipt> receipts = new ArrayList<>();
        List<SnsMessage> fresh = new ArrayList<>();
        for (SnsMessage message : messages) {
            DeduplicationWindow.Key key = DeduplicationWindow.Key.of(topic, message);
            receipts.add(recent.first(key).orElseGet(() -> {
                SnsMessage withNumber = message.numbered(nextNumber());
                fresh.add(withNumber);
                recent.remember(key, PublishReceipt.of(withNumber));
                return PublishReceipt.of(withNumber);
            }));
        }
        try {
            deliver.accept(fresh);
        } catch (RuntimeException | Error e) {
            // its publisher will be told, and must be able to try again
            recent.forget(fresh.stream()
                    .map(message -> DeduplicationWindow.Key.of(topic, message))
                    .toList());
            throw e;
        }
        return receipts;
    }

    /** Twenty digits, as in SNS; another number than the one that a FIFO queue gives to its copy. */
    private String nextNumber() {
        return String.format(Locale.ROOT, "1%019d", numbered.incrementAndGet() * STEP);
    }

    /** The topic is gone: one of the same name would begin anew. Waits for what is being published to it. */
    void forget(String topicArn) {
        Lock turn = taken(topicArn);
        try {
            recent.forgetTopic(topicArn);
            turns.remove(topicArn);
        } finally {
            turn.unlock();
        }
    }
}
