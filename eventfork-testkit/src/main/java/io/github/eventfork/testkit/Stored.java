package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A message as a queue keeps it. Owned by its {@link Backlog}. */
final class Stored {

    final String messageId;
    final String from;
    final String body;
    final Attributes attributes;
    /** Empty if it has none. */
    final String group;

    final @Nullable String deduplicationId;
    final @Nullable String traceHeader;

    long place;
    int receives;
    long visibleAt;
    long receivedAt;
    boolean gone;

    /** Its visibility was changed since it was handed out. */
    boolean touched;

    @Nullable
    Instant firstReceived;

    /**
     * A message that is visible from {@code visibleAt} on.
     *
     * @param from the id that it had before it became a dead letter, else its own
     */
    Stored(
            String messageId,
            String from,
            String body,
            Attributes attributes,
            String group,
            @Nullable String deduplicationId,
            @Nullable String traceHeader,
            long visibleAt) {
        this.messageId = messageId;
        this.from = from;
        this.body = body;
        this.attributes = attributes;
        this.group = group;
        this.deduplicationId = deduplicationId;
        this.traceHeader = traceHeader;
        this.visibleAt = visibleAt;
    }

    /** The same message, moved to another queue; its receive count goes on. */
    Stored moved(String id, long visibleAt) {
        Stored moved = new Stored(id, from, body, attributes, group, messageId, traceHeader, visibleAt);
        moved.receives = receives;
        moved.firstReceived = firstReceived;
        return moved;
    }

    Delivery handedOut(String queue, String receipt) {
        return Delivery.of(queue, messageId, body)
                .receipt(receipt)
                .attributes(attributes)
                .receiveCount(receives)
                .group(group.isEmpty() ? null : group)
                .deduplicationId(deduplicationId)
                .traceHeader(traceHeader)
                .firstReceived(firstReceived)
                .build();
    }
}
