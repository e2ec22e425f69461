package io.github.eventfork.local;

import java.util.Set;
import java.util.TreeSet;

/** The calls of both APIs, by the names of their actions. */
final class AwsCalls {
    static final Set<String> SQS = SqsEndpoint.ACTIONS;

    static final Set<String> SNS = Set.of(
            "AddPermission",
            "ConfirmSubscription",
            "CreateTopic",
            "DeleteTopic",
            "GetDataProtectionPolicy",
            "GetSubscriptionAttributes",
            "GetTopicAttributes",
            "ListSubscriptions",
            "ListSubscriptionsByTopic",
            "ListTagsForResource",
            "ListTopics",
            "Publish",
            "PublishBatch",
            "PutDataProtectionPolicy",
            "RemovePermission",
            "SetSubscriptionAttributes",
            "SetTopicAttributes",
            "Subscribe",
            "TagResource",
            "Unsubscribe",
            "UntagResource");

    private AwsCalls() {}

    static Set<String> all() {
        Set<String> all = new TreeSet<>(SQS);
        all.addAll(SNS);
        return all;
    }
}
