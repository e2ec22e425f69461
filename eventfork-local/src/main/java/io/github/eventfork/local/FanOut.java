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

    /** Returns when the copies stand in the queues, or where else they ended; the listener has been told by then. */
    void deliver(Topic topic, List<SnsMessage> messages) {
        List<Subscription> standing = subscriptions.of(topic.arn());
        Map<SnsMessage, List<Decision>> decisions = new LinkedHashMap<>();
        Map<Subscription, List<QueueCopy>> copies = new LinkedHashMap<>();
        for (SnsMessage message : messages) {
            List<Decision> ofMessage = standing.stream()
                    .map(subscription -> new Decision(subscription, subscription.refusedBy(message), Optional.empty()))
                    .toList();
            decisions.put(message, ofMessage);
            ofMessage.stream()
                    .filter(Decision::taken)
                    .map(Decision::subscription)
                    .forEach(subscription -> copies.computeIfAbsent(subscription, none -> new ArrayList<>())
                            .add(copy(message, topic, subscription)));
        }
        List<CopySender.Undelivered> undelivered = sender.send(copies);
        decisions.forEach((message, ofMessage) -> listener.published(
                topic,
                message,
                ofMessage.stream()
                        .map(decision -> concluded(message, decision, undelivered))
                        .toList()));
    }

    private static Decision concluded(SnsMessage message, Decision decision, List<CopySender.Undelivered> undelivered) {
        return new Decision(
                decision.subscription(),
                decision.refusedBy(),
                undelivered.stream()
                        .filter(copy -> copy.messageId().equals(message.id())
                                && copy.subscription().equals(decision.subscription()))
                        .map(CopySender.Undelivered::reason)
                        .findFirst());
    }

    private QueueCopy copy(SnsMessage message, Topic topic, Subscription subscription) {
        boolean raw = subscription.options().raw();
        // SNS: attributes are sent raw only with a message that is a text, not one per protocol
        List<MessageAttributes.Attribute> attributes =
                raw && !message.perProtocol() ? message.attributes().all() : List.of();
        boolean tooMany = attributes.size() > MAX_RAW_ATTRIBUTES;
        // A FIFO queue gets both ids. A standard queue gets the group, of its tenants, but not from a FIFO topic.
        boolean fifo = subscription.hasFifoQueue();
        return new QueueCopy(
                message.id(),
                raw ? message.text() : envelopes.wrap(message, topic, subscription),
                tooMany ? List.of() : attributes,
                fifo || !topic.isFifo() ? message.groupId() : Optional.empty(),
                fifo ? message.deduplicationId() : Optional.empty(),
                message.traceHeader(),
                tooMany ? Optional.of("raw delivery takes 10 attributes at most") : Optional.empty());
    }
}
