package io.github.eventfork.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was published, the last of it.
 *
 * <p><b>Invariant:</b> no more than {@code kept} are here, in the order of publication, oldest out.
 *
 * <p><b>Ownership:</b> {@code byMessageId} belongs to whoever holds this object's monitor; {@link Changes} are told
 * outside.
 */
final class PublishedLog implements FanOutListener {
    private final int kept;
    private final Changes changes;

    @GuardedBy("this")
    private final Map<String, Published> byMessageId = new LinkedHashMap<>();

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
            byMessageId.put(message.id(), published);
            if (byMessageId.size() > kept) {
                Iterator<String> oldest = byMessageId.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
        changes.changed();
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
        return List.copyOf(byMessageId.values());
    }
}
