package io.github.eventfork.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The topics that exist.
 *
 * <p><b>Invariant:</b> a topic exists exactly while its ARN is a key of {@code byArn}; what is in it is immutable.
 *
 * <p><b>Ownership:</b> {@code byArn} belongs to whoever holds this object's monitor. {@link Subscriptions} may ask here
 * while it holds its own; this class never asks there.
 */
final class Topics {
    @GuardedBy("this")
    private final NavigableMap<String, Topic> byArn = new TreeMap<>();

    /** Creates a topic, or finds the one of that name if it has all attributes and tags that are asked for. */
    synchronized void create(Topic wanted, Map<String, String> askedAttributes) {
        Topic there = byArn.putIfAbsent(wanted.arn(), wanted);
        if (there != null) {
            if (!TopicAttributes.has(there, askedAttributes)) {
                throw SnsError.invalidParameter("Attributes Reason: Topic already exists with different attributes");
            }
            if (!there.tags().entrySet().containsAll(wanted.tags().entrySet())) {
                throw SnsError.invalidParameter("Tags Reason: Topic already exists with different tags");
            }
        }
    }

    /** Forgets a topic; one that is not there is no error, as in SNS. */
    synchronized void remove(String arn) {
        byArn.remove(arn);
    }

    synchronized Optional<Topic> find(String arn) {
        return Optional.ofNullable(byArn.get(arn));
    }

    @CanIgnoreReturnValue
    Topic get(String arn) {
        return find(arn).orElseThrow(SnsError::noSuchTopic);
    }

    void change(String arn, UnaryOperator<Topic> change) {
        if (!changeIfThere(arn, change)) {
            throw SnsError.noSuchTopic();
        }
    }

    /** Answers whether there was a topic to change. */
    synchronized boolean changeIfThere(String arn, UnaryOperator<Topic> change) {
        return byArn.computeIfPresent(arn, (same, topic) -> change.apply(topic)) != null;
    }

    synchronized Page<Topic> page(Optional<String> token) {
        return Page.of(byArn, token, topic -> true);
    }
}
