package io.github.eventfork.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers for five minutes what was published to FIFO topics, by
 * <a href="https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html">deduplication id</a>. A duplicate does not
 * prolong that.
 *
 * <p><b>Invariant:</b> {@code byKey} is in the order of age, and after each call holds nothing that is older than the
 * window. So its size is bounded by what is published in five minutes, and no message's text is in it.
 *
 * <p><b>Ownership:</b> {@code byKey} belongs to whoever holds this object's monitor.
 */
final class DeduplicationWindow {
    static final Duration LENGTH = Duration.ofMinutes(5);

    /**
     * What must be equal in two messages to make the second a duplicate.
     *
     * @param group empty if the scope of deduplication is the topic
     */
    record Key(String topicArn, String group, String deduplicationId) {
        static Key of(Topic topic, SnsMessage message) {
            return new Key(
                    topic.arn(),
                    topic.deduplicatesPerGroup() ? message.groupId().orElse("") : "",
                    message.deduplicationId().orElseThrow());
        }
    }

    private record Entry(PublishReceipt first, Instant until) {}

    private final InstantSource clock;

    @GuardedBy("this")
    private final Map<Key, Entry> byKey = new LinkedHashMap<>();

    DeduplicationWindow(InstantSource clock) {
        this.clock = clock;
    }

    /** What the first message of this key was answered with; empty if there was none within the window. */
    synchronized Optional<PublishReceipt> first(Key key) {
        dropOld();
        return Optional.ofNullable(byKey.get(key)).map(Entry::first);
    }

    /** To be called only after {@link #first} found nothing. */
    synchronized void remember(Key key, PublishReceipt first) {
        dropOld();
        byKey.put(key, new Entry(first, clock.instant().plus(LENGTH)));
    }

    synchronized void forget(Collection<Key> keys) {
        keys.forEach(byKey::remove);
    }

    synchronized void forgetTopic(String topicArn) {
        byKey.keySet().removeIf(key -> key.topicArn().equals(topicArn));
    }

    synchronized int size() {
        return byKey.size();
    }

    @GuardedBy("this")
    private void dropOld() {
        Instant now = clock.instant();
        Iterator<Entry> oldestFirst = byKey.values().iterator();
        while (oldestFirst.hasNext() && !oldestFirst.next().until().isAfter(now)) {
            oldestFirst.remove();
        }
    }
}
