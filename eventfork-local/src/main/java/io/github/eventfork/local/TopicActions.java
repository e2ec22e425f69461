package io.github.eventfork.local;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actions on topics. Keeps nothing itself. */
final class TopicActions {
    private static final Logger LOG = LoggerFactory.getLogger(TopicActions.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final Pattern FIFO_NAME = Pattern.compile("[A-Za-z0-9_-]{1,251}\\.fifo");

    private final Account account;
    private final Topics topics;
    private final Subscriptions subscriptions;
    private final FifoPublications fifo;

    TopicActions(Account account, Topics topics, Subscriptions subscriptions, FifoPublications fifo) {
        this.account = account;
        this.topics = topics;
        this.subscriptions = subscriptions;
        this.fifo = fifo;
    }

    void create(QueryRequest request, XmlWriter result) {
        String name = request.text("Name");
        Map<String, String> asked = request.map("Attributes.entry", "key", "value");
        boolean fifo = "true".equalsIgnoreCase(asked.get("FifoTopic"));
        if (!(fifo ? FIFO_NAME : NAME).matcher(name).matches()) {
            throw SnsError.invalidParameter("Topic Name");
        }
        Topic wanted = new Topic(account.topicArn(name), TopicAttributes.created(asked), Tags.of(request));
        if (request.find("DataProtectionPolicy").isPresent()) {
            LOG.info("Topic {}: a data protection policy has no effect in eventfork-local", wanted.arn());
        }
        topics.create(wanted, asked);
        result.element("TopicArn", wanted.arn());
    }

    void delete(QueryRequest request, XmlWriter result) {
        String arn = arn(request);
        // in this order: see Subscriptions.subscribe
        topics.remove(arn);
        subscriptions.removeAllOf(arn);
        fifo.forget(arn);
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
                "disableSubscriptionOverrides":false,\
                "defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}""");
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
        topics.change(arn(request), topic -> topic.withAttributes(TopicAttributes.changed(topic, name, value)));
    }

    private String arn(QueryRequest request) {
        return account.checkedTopicArn(request.find("TopicArn"));
    }
}
