package io.github.eventfork.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicResponse;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicResponse;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.SubscribeResponse;
import software.amazon.awssdk.services.sns.model.Subscription;

/**
 * The part of SNS that keeps subscriptions, with AWS's answers: one subscription a page, a scope that is shown beside a
 * policy only, no nested policy for attributes.
 */
final class FakeSns implements SnsClient {

    static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:user-events";

    private final Map<String, Map<String, String>> topics = new LinkedHashMap<>();
    private final Map<String, Entry> byArn = new LinkedHashMap<>();
    private final List<String> writes = new ArrayList<>();
    private int hiddenLists;

    private record Entry(Subscription subscription, Map<String, String> attributes) {}

    /** What was subscribed and set, oldest first. */
    List<String> writes() {
        return writes;
    }

    void forgetWrites() {
        writes.clear();
    }

    /** The next list of subscriptions is empty: SNS's lists are eventually consistent. */
    void hideFromNextList() {
        hiddenLists = 1;
    }

    /** Someone else subscribes. */
    void put(String arn, String protocol, String endpoint) {
        Subscription subscription = Subscription.builder()
                .subscriptionArn(arn)
                .protocol(protocol)
                .endpoint(endpoint)
                .build();
        byArn.put(arn, new Entry(subscription, new LinkedHashMap<>()));
    }

    /** As GetSubscriptionAttributes shows them. */
    Map<String, String> attributes(String arn) {
        Map<String, String> shown = new LinkedHashMap<>(entry(arn).attributes());
        if (shown.getOrDefault("FilterPolicy", "").isEmpty()) {
            shown.remove("FilterPolicy");
            shown.remove("FilterPolicyScope");
        }
        return shown;
    }

    /** Someone else makes a topic. */
    void putTopic(String name, Map<String, String> attributes) {
        topics.put(name, new LinkedHashMap<>(attributes));
    }

    /** What a topic was made with. */
    Map<String, String> topic(String name) {
        return Objects.requireNonNull(topics.get(name), name);
    }

    @Override
    public CreateTopicResponse createTopic(CreateTopicRequest request) {
        Map<String, String> standing = topics.get(request.name());
        if (standing == null) {
            putTopic(request.name(), request.attributes());
        } else if (!standing.entrySet().containsAll(request.attributes().entrySet())) {
            throw refused("Invalid parameter: Attributes Reason: Topic already exists with different attributes");
        }
        return CreateTopicResponse.builder().topicArn(arn(request.name())).build();
    }

    private static String arn(String topicName) {
        return TOPIC.substring(0, TOPIC.lastIndexOf(':') + 1) + topicName;
    }

    @Override
    public ListSubscriptionsByTopicResponse listSubscriptionsByTopic(ListSubscriptionsByTopicRequest request) {
        if (hiddenLists > 0) {
            hiddenLists--;
            return ListSubscriptionsByTopicResponse.builder().build();
        }
        List<Subscription> all =
                byArn.values().stream().map(Entry::subscription).toList();
        int from = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
        int to = Math.min(from + 1, all.size());
        return ListSubscriptionsByTopicResponse.builder()
                .subscriptions(all.subList(from, to))
                .nextToken(to < all.size() ? Integer.toString(to) : null)
                .build();
    }

    @Override
    public SubscribeResponse subscribe(SubscribeRequest request) {
        String arn =
                TOPIC + ":" + request.endpoint().substring(request.endpoint().lastIndexOf(':') + 1);
        Entry standing = byArn.get(arn);
        if (standing == null) {
            put(arn, request.protocol(), request.endpoint());
            entry(arn).attributes().put("RawMessageDelivery", "false");
            entry(arn).attributes().putAll(request.attributes());
            writes.add("Subscribe " + request.endpoint());
        } else if (!standing.attributes()
                .entrySet()
                .containsAll(request.attributes().entrySet())) {
            throw refused(
                    "Invalid parameter: Attributes Reason: Subscription already exists with different attributes");
        }
        return SubscribeResponse.builder().subscriptionArn(arn).build();
    }

    @Override
    public GetSubscriptionAttributesResponse getSubscriptionAttributes(GetSubscriptionAttributesRequest request) {
        return GetSubscriptionAttributesResponse.builder()
                .attributes(attributes(request.subscriptionArn()))
                .build();
    }

    @Override
    public SetSubscriptionAttributesResponse setSubscriptionAttributes(SetSubscriptionAttributesRequest request) {
        Map<String, String> attributes = entry(request.subscriptionArn()).attributes();
        Map<String, String> changed = new LinkedHashMap<>(attributes);
        changed.put(request.attributeName(), request.attributeValue());
        if (changed.getOrDefault("FilterPolicy", "").contains(":{")
                && !"MessageBody".equals(changed.get("FilterPolicyScope"))) {
            throw refused(
                    "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy");
        }
        attributes.putAll(changed);
        writes.add("Set " + request.attributeName() + " " + request.attributeValue());
        return SetSubscriptionAttributesResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return "sns";
    }

    @Override
    public void close() {}

    private Entry entry(String arn) {
        return Objects.requireNonNull(byArn.get(arn), arn);
    }

    private static InvalidParameterException refused(String text) {
        return InvalidParameterException.builder()
                .statusCode(400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("InvalidParameter")
                        .errorMessage(text)
                        .build())
                .message(text)
                .build();
    }
}
