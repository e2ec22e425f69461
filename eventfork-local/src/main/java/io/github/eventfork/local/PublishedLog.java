package io.github.eventfork.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was published, the last of it.
 *
 * <p><b>Invariant:</b> no more than {@code kept} are here, and no more than {@value #MOST_CHARS} characters of them, in the
 * order of publication, oldest out. {@code chars} is how many characters are here.
 *
 * <p><b>Ownership:</b> {@code last} and {@code chars} belong to whoever holds this object's monitor; {@link Changes} are
 * told outside.
 */
final class PublishedLog implements FanOutListener {
    /** 64 MB: a character has two bytes at most. */
    static final int MOST_CHARS = 32 * 1024 * 1024;

    private final int kept;
    private final Changes changes;

    @GuardedBy("this")
    private final Deque<Published> last = new ArrayDeque<>();

    @GuardedBy("this")
    private long chars;

    PublishedLog(int kept, Changes changes) {
        this.kept = kept;
        this.changes = changes;
    }

    @Override
    public void published(Topic topic, SnsMessage message, List<Decision> decisions) {
        Published published = new Published(
                topic.arn(),
                message.id(),
                message.text(),
                message.subject(),
                attributes(message),
                message.groupId(),
                message.publishedAt(),
                decisions.stream().map(PublishedLog::decision).toList());
        synchronized (this) {
            last.addLast(published);
            chars += chars(published);
            while (last.size() > kept || chars > MOST_CHARS) {
                chars -= chars(last.removeFirst());
            }
        }
        changes.changed();
    }

    private static long chars(Published published) {
        return published.message().length()
                + published.subject().map(String::length).orElse(0)
                + published.attributes().entrySet().stream()
                        .mapToLong(attribute -> attribute.getKey().length()
                                + attribute.getValue().dataType().length()
                                + attribute.getValue().value().length())
                        .sum();
    }

    private static Map<String, Attribute> attributes(SnsMessage message) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        message.attributes()
                .all()
                .forEach(attribute ->
                        attributes.put(attribute.name(), new Attribute(attribute.dataType(), attribute.value())));
        return attributes;
    }

    private static Published.Decision decision(Decision decision) {
        return new Published.Decision(
                decision.subscription().arn(),
                decision.subscription().queueArn(),
                decision.refusedBy(),
                decision.undelivered());
    }

    synchronized List<Published> all() {
        return List.copyOf(last);
    }
}
