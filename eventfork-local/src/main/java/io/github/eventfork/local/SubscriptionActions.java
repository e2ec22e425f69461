package io.github.eventfork.local;

import java.util.LinkedHashMap;
import java.util.Map;

/** The actions on subscriptions. Keeps nothing itself. */
final class SubscriptionActions {
    private static final String SQS = "sqs";

    private final Account account;
    private final Topics topics;
    private final Subscriptions subscriptions;

    SubscriptionActions(Account account, Topics topics, Subscriptions subscriptions) {
        this.account = account;
        this.topics = topics;
        this.subscriptions = subscriptions;
    }

    void subscribe(QueryRequest request, XmlWriter result) {
        String topicArn = account.checkedTopicArn(request.text("TopicArn"));
        if (!request.text("Protocol").equals(SQS)) {
            throw SnsError.invalidParameter(
                    "Amazon SNS does not support this protocol string: " + request.text("Protocol"));
        }
        String queueArn = request.text("Endpoint");
        if (account.queueName(queueArn).endsWith(".fifo")) {
            throw SnsError.invalidParameter("Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed"
                    + " to standard SNS topics");
        }
        Map<String, String> attributes = request.map("Attributes.entry", "key", "value");
        result.element(
                "SubscriptionArn",
                subscriptions.subscribe(topicArn, queueArn, attributes).arn());
    }

    void unsubscribe(QueryRequest request, XmlWriter result) {
        subscriptions.remove(arn(request));
    }

    void list(QueryRequest request, XmlWriter result) {
        write(subscriptions.page(request.find("NextToken")), result);
    }

    void listByTopic(QueryRequest request, XmlWriter result) {
        Topic topic = topics.get(account.checkedTopicArn(request.text("TopicArn")));
        write(subscriptions.pageOf(topic.arn(), request.find("NextToken")), result);
    }

    private void write(Page<Subscription> page, XmlWriter result) {
        result.element(
                "Subscriptions",
                members -> page.items()
                        .forEach(subscription -> members.element("member", member -> write(subscription, member))));
        page.nextToken().ifPresent(token -> result.element("NextToken", token));
    }

    private void write(Subscription subscription, XmlWriter member) {
        member.element("SubscriptionArn", subscription.arn())
                .element("Owner", account.id())
                .element("Protocol", SQS)
                .element("Endpoint", subscription.queueArn())
                .element("TopicArn", subscription.topicArn());
    }

    void getAttributes(QueryRequest request, XmlWriter result) {
        Subscription subscription = subscriptions.get(arn(request));
        result.element(
                "Attributes",
                entries -> described(subscription)
                        .forEach((key, value) -> entries.element(
                                "entry", entry -> entry.element("key", key).element("value", value))));
    }

    private Map<String, String> described(Subscription subscription) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("SubscriptionArn", subscription.arn());
        attributes.put("TopicArn", subscription.topicArn());
        attributes.put("Owner", account.id());
        attributes.put("Protocol", SQS);
        attributes.put("Endpoint", subscription.queueArn());
        attributes.put("ConfirmationWasAuthenticated", "true");
        attributes.put("PendingConfirmation", "false");
        attributes.put("SubscriptionPrincipal", "arn:aws:iam::" + account.id() + ":user/local");
        attributes.putAll(subscription.options().asAttributes());
        return attributes;
    }

    void setAttributes(QueryRequest request, XmlWriter result) {
        subscriptions.change(arn(request), Map.of(request.text("AttributeName"), request.text("AttributeValue")));
    }

    private String arn(QueryRequest request) {
        return account.checkedSubscriptionArn(request.text("SubscriptionArn"));
    }
}
