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

    private final DeduplicationWindow recent;
    private final AtomicLong numbered = new AtomicLong();
    private final Map<String, Lock> turns = new ConcurrentHashMap<>();

    FifoPublications(DeduplicationWindow recent) {
        this.recent = recent;
    }

    /**
     * Hands what is no duplicate to {@code deliver}, numbered.
     *
     * @return one for each message: a duplicate's is that of the message it repeats
     */
    List<PublishReceipt> publish(Topic topic, List<SnsMessage> messages, Consumer<List<SnsMessage>> deliver) {
        Lock turn = turns.computeIfAbsent(topic.arn(), arn -> new ReentrantLock(true));
        turn.lock();
        try {
            return inTurn(topic, messages, deliver);
        } finally {
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

    /** The topic is gone: one of the same name would begin anew. */
    void forget(String topicArn) {
        turns.remove(topicArn);
        recent.forgetTopic(topicArn);
    }
}
