package io.github.eventfork.local;

import io.github.eventfork.local.FanOutListener.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns what is published to a topic into copies for the queues that want it, raw or wrapped. Keeps nothing. */
final class FanOut {
    /** As many as an SQS message can have; with more, SNS gives up on a raw copy. */
    private static final int MAX_RAW_ATTRIBUTES = 10;

    private final Subscriptions subscriptions;
    private final EnvelopeWriter envelopes;
    private final CopySender sender;
    private final FanOutListener listener;

    FanOut(Subscriptions subscriptions, EnvelopeWriter envelopes, CopySender sender, FanOutListener listener) {
        this.subscriptions = subscriptions;
        this.envelopes = envelopes;
        this.sender = sender;
        this.listener = listener;
    }

    /** Returns when the copies stand in the queues. */
    void deliver(Topic topic, List<SnsMessage> messages) {
        List<Subscription> standing = subscriptions.of(topic.arn());
        Map<Subscription, List<QueueCopy>> copies = new LinkedHashMap<>();
        for (SnsMessage message : messages) {
            List<Decision> decisions = standing.stream()
                    .map(subscription -> new Decision(subscription, subscription.refusedBy(message)))
                    .toList();
            listener.published(topic, message, decisions);
            decisions.stream()
                    .filter(Decision::taken)
                    .map(Decision::subscription)
                    .forEach(subscription -> copy(message, topic, subscription)
                            .ifPresent(copy -> copies.computeIfAbsent(subscription, none -> new ArrayList<>())
                                    .add(copy)));
        }
        sender.send(copies);
    }

    private Optional<QueueCopy> copy(SnsMessage message, Topic topic, Subscription subscription) {
        if (!subscription.options().raw()) {
            return Optional.of(copy(message, envelopes.wrap(message, topic, subscription), List.of()));
        }
        // SNS: attributes are sent raw only with a message that is a text, not one per protocol
        List<MessageAttributes.Attribute> attributes =
                message.perProtocol() ? List.of() : message.attributes().all();
        if (attributes.size() > MAX_RAW_ATTRIBUTES) {
            listener.dropped(message.id(), subscription, "raw delivery takes 10 attributes at most");
            return Optional.empty();
        }
        return Optional.of(copy(message, message.text(), attributes));
    }

    private static QueueCopy copy(SnsMessage message, String body, List<MessageAttributes.Attribute> attributes) {
        return new QueueCopy(message.id(), body, attributes, message.groupId(), message.traceHeader());
    }
}
