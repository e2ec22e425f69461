package io.github.eventfork.local;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The actions on topics. Keeps nothing itself. */
final class TopicActions {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final Pattern FIFO_NAME = Pattern.compile("[A-Za-z0-9_-]{1,251}\\.fifo");

    private final Account account;
    private final Topics topics;
    private final Subscriptions subscriptions;

    TopicActions(Account account, Topics topics, Subscriptions subscriptions) {
        this.account = account;
        this.topics = topics;
        this.subscriptions = subscriptions;
    }

    void create(QueryRequest request, XmlWriter result) {
        String name = request.text("Name");
        Map<String, String> attributes = request.map("Attributes.entry", "key", "value");
        if (FIFO_NAME.matcher(name).matches()) {
            throw TopicAttributes.noFifoYet();
        }
        if (!NAME.matcher(name).matches()) {
            throw SnsError.invalidParameter("Topic Name");
        }
        attributes.remove("FifoTopic", "false");
        TopicAttributes.check(attributes, "Attributes Reason: ");
        Topic wanted = new Topic(account.topicArn(name), attributes, request.map("Tags.member", "Key", "Value"));
        topics.create(wanted);
        result.element("TopicArn", wanted.arn());
    }

    void delete(QueryRequest request, XmlWriter result) {
        String arn = arn(request);
        // in this order: see Subscriptions.subscribe
        topics.remove(arn);
        subscriptions.removeAllOf(arn);
    }

    void list(QueryRequest request, XmlWriter result) {
        Page<Topic> page = topics.page(request.find("NextToken"));
        result.element(
                "Topics",
                members -> page.items()
                        .forEach(
                                topic -> members.element("member", member -> member.element("TopicArn", topic.arn()))));
        page.nextToken().ifPresent(token -> result.element("NextToken", token));
    }

    void getAttributes(QueryRequest request, XmlWriter result) {
        Topic topic = topics.get(arn(request));
        result.element(
                "Attributes",
                entries -> described(topic)
                        .forEach((key, value) -> entries.element(
                                "entry", entry -> entry.element("key", key).element("value", value))));
    }

    private Map<String, String> described(Topic topic) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("TopicArn", topic.arn());
        attributes.put("Owner", account.id());
        attributes.put("Policy", defaultPolicy(topic));
        attributes.put("DisplayName", "");
        attributes.put("EffectiveDeliveryPolicy", """
                {"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,\
                "numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},\
                "disableSubscriptionOverrides":false}}""");
        attributes.put(
                "SubscriptionsConfirmed",
                String.valueOf(subscriptions.of(topic.arn()).size()));
        attributes.put("SubscriptionsPending", "0");
        attributes.put("SubscriptionsDeleted", "0");
        attributes.putAll(topic.attributes());
        return attributes;
    }

    private String defaultPolicy(Topic topic) {
        return """
               {"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID",\
               "Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes",\
               "SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe",\
               "SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"%s",\
               "Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}}}]}""".formatted(topic.arn(), account.id());
    }

    void setAttributes(QueryRequest request, XmlWriter result) {
        String name = request.text("AttributeName");
        String value = request.text("AttributeValue");
        topics.change(arn(request), topic -> {
            TopicAttributes.check(Map.of(name, value), "");
            Map<String, String> changed = new LinkedHashMap<>(topic.attributes());
            changed.put(name, value);
            return new Topic(topic.arn(), changed, topic.tags());
        });
    }

    private String arn(QueryRequest request) {
        return account.checkedTopicArn(request.text("TopicArn"));
    }
}
