package io.github.eventfork.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.local.SubscriptionOptions.Caller;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The subscriptions that exist.
 *
 * <p><b>Invariant:</b> every subscription here belongs to a topic that exists, or that is being deleted right now; a
 * topic and a queue have at most one subscription.
 *
 * <p><b>Ownership:</b> {@code byArn} belongs to whoever holds this object's monitor. Under it {@link Topics} is asked,
 * never the other way round.
 */
final class Subscriptions {
    /** <a href="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html">SNS's quota</a>. */
    private static final int MAX_POLICIES_OF_A_TOPIC = 200;

    private final Topics topics;

    @GuardedBy("this")
    private final NavigableMap<String, Subscription> byArn = new TreeMap<>();

    Subscriptions(Topics topics) {
        this.topics = topics;
    }

    /** Subscribes a queue, or finds its subscription if no attribute that is asked for differs from it. */
    synchronized Subscription subscribe(String topicArn, String queueArn, Map<String, String> attributes) {
        // The bad interleaving: 1. A sees the topic. 2. B deletes it and its subscriptions. 3. A adds one more, of a
        // topic that is gone. It cannot happen: A looks and adds under one monitor, and B deletes the topic first.
        topics.get(topicArn);
        Optional<Subscription> there = find(topicArn, queueArn);
        if (there.isPresent()) {
            return sameAs(there.get(), attributes);
        }
        SubscriptionOptions options = SubscriptionOptions.DEFAULT.with(attributes, queueArn, Caller.SUBSCRIBE);
        Subscription made = new Subscription(topicArn + ":" + UUID.randomUUID(), topicArn, queueArn, options);
        requireRoomForPolicyOf(made);
        byArn.put(made.arn(), made);
        return made;
    }

    private static Subscription sameAs(Subscription there, Map<String, String> attributes) {
        if (!there.options().has(attributes, there.queueArn())) {
            throw SnsError.invalidParameter("Attributes Reason: Subscription already exists with different attributes");
        }
        return there;
    }

    @GuardedBy("this")
    private Optional<Subscription> find(String topicArn, String queueArn) {
        return byArn.values().stream()
                .filter(subscription -> subscription.topicArn().equals(topicArn)
                        && subscription.queueArn().equals(queueArn))
                .findFirst();
    }

    /** Forgets a subscription; one that is not there is no error, as in SNS. */
    synchronized void remove(String arn) {
        byArn.remove(arn);
    }

    /** To be called after the topic itself is gone. */
    synchronized void removeAllOf(String topicArn) {
        byArn.values().removeIf(subscription -> subscription.topicArn().equals(topicArn));
    }

    synchronized Subscription get(String arn) {
        return Optional.ofNullable(byArn.get(arn)).orElseThrow(SnsError::noSuchSubscription);
    }

    synchronized void change(String arn, Map<String, String> attributes) {
        Subscription there = get(arn);
        SubscriptionOptions options = there.options().with(attributes, there.queueArn(), Caller.SET_ATTRIBUTES);
        Subscription changed = new Subscription(arn, there.topicArn(), there.queueArn(), options);
        requireRoomForPolicyOf(changed);
        byArn.put(arn, changed);
    }

    @GuardedBy("this")
    private void requireRoomForPolicyOf(Subscription one) {
        if (one.hasFilterPolicy()
                && byArn.values().stream()
                                .filter(other -> other.topicArn().equals(one.topicArn())
                                        && other.hasFilterPolicy()
                                        && !other.arn().equals(one.arn()))
                                .count()
                        >= MAX_POLICIES_OF_A_TOPIC) {
            throw new SnsError(403, "FilterPolicyLimitExceeded", "Filter policy limit exceeded")
                    .because("a topic has at most " + MAX_POLICIES_OF_A_TOPIC + " filter policies");
        }
    }

    synchronized List<Subscription> of(String topicArn) {
        return byArn.values().stream()
                .filter(subscription -> subscription.topicArn().equals(topicArn))
                .toList();
    }

    synchronized Page<Subscription> page(Optional<String> token) {
        return Page.of(byArn, token, subscription -> true);
    }

    synchronized Page<Subscription> pageOf(String topicArn, Optional<String> token) {
        return Page.of(byArn, token, subscription -> subscription.topicArn().equals(topicArn));
    }
}
