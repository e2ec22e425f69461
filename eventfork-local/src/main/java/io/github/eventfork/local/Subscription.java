package io.github.eventfork.local;

/** A queue that gets the messages of a topic which its options let in. */
record Subscription(String arn, String topicArn, String queueArn, SubscriptionOptions options) {
    boolean wants(SnsMessage message) {
        return options.policy().takes(message.attributes().asFilterJson(), message.text());
    }
}
