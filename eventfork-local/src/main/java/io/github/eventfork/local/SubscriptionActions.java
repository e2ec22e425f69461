package io.github.eventfork.local;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The actions on subscriptions. Keeps nothing itself. */
final class SubscriptionActions {
    private static final String SQS = "sqs";
    private static final Set<String> NOT_HERE =
            Set.of("http", "https", "email", "email-json", "sms", "application", "lambda", "firehose");
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{288}");

    private final Account account;
    private final Topics topics;
    private final Subscriptions subscriptions;

    SubscriptionActions(Account account, Topics topics, Subscriptions subscriptions) {
        this.account = account;
        this.topics = topics;
        this.subscriptions = subscriptions;
    }

    void subscribe(QueryRequest request, XmlWriter result) {
        String topicArn = account.checkedTopicArn(request.find("TopicArn"));
        requireSqs(request.text("Protocol"));
        String queueArn = account.checkedQueueArn(request.text("Endpoint"));
        if (queueArn.endsWith(".fifo") && !topics.get(topicArn).isFifo()) {
            throw SnsError.invalidParameter("Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed"
                    + " to standard SNS topics");
        }
        Map<String, String> attributes = request.map("Attributes.entry", "key", "value");
        result.element(
                "SubscriptionArn",
                subscriptions.subscribe(topicArn, queueArn, attributes).arn());
    }

    private static void requireSqs(String protocol) {
        if (!protocol.equals(SQS)) {
            SnsError refusal =
                    SnsError.invalidParameter("Amazon SNS does not support this protocol string: " + protocol);
            throw NOT_HERE.contains(protocol)
                    ? refusal.because("SNS does, but eventfork-local delivers to SQS only")
                    : refusal;
        }
    }

    /**
     * A queue of this account is confirmed as soon as it is subscribed, so no token was ever sent and none is right.
     * What looks like one gets another answer than what does not, and the topic need not exist.
     */
    void confirm(QueryRequest request, XmlWriter result) {
        String topicArn = request.find("TopicArn").orElseThrow(() -> SnsError.missing("TopicArn"));
        if (!topicArn.startsWith(account.topicArn(""))) {
            throw SnsError.invalidParameter("Topic");
        }
        String token = request.find("Token").orElseThrow(() -> SnsError.missing("Token"));
        throw TOKEN.matcher(token).matches()
                ? SnsError.invalidParameter("Token")
                : SnsError.badRequest("InvalidParameter", "Invalid token");
    }

    void unsubscribe(QueryRequest request, XmlWriter result) {
        subscriptions.remove(arn(request));
    }

    void list(QueryRequest request, XmlWriter result) {
        write(subscriptions.page(request.find("NextToken")), result);
    }

    void listByTopic(QueryRequest request, XmlWriter result) {
        Topic topic = topics.get(account.checkedTopicArn(request.find("TopicArn")));
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
        return account.checkedSubscriptionArn(request.find("SubscriptionArn"));
    }
}
