package io.github.eventfork.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
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

    /** Creates a topic, or finds the one of that name if nothing that is asked for differs from it. */
    synchronized void create(Topic wanted) {
        Topic there = byArn.putIfAbsent(wanted.arn(), wanted);
        if (there != null) {
            if (!there.attributes().entrySet().containsAll(wanted.attributes().entrySet())) {
                throw SnsError.invalidParameter("Attributes Reason: Topic already exists with different attributes");
            }
            if (!there.tags().equals(wanted.tags())) {
                throw SnsError.invalidParameter("Tags Reason: Topic already exists with different tags");
            }
        }
    }

    /** Forgets a topic; one that is not there is no error, as in SNS. */
    synchronized void remove(String arn) {
        byArn.remove(arn);
    }

    @CanIgnoreReturnValue
    synchronized Topic get(String arn) {
        return Optional.ofNullable(byArn.get(arn)).orElseThrow(SnsError::noSuchTopic);
    }

    synchronized void change(String arn, UnaryOperator<Topic> change) {
        byArn.put(arn, change.apply(get(arn)));
    }

    synchronized Page<Topic> page(Optional<String> token) {
        return Page.of(byArn, token, topic -> true);
    }
}
