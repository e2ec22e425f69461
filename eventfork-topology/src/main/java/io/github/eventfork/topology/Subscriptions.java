package io.github.eventfork.topology;

import io.github.eventfork.filter.FilterPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.Subscription;

/**
 * Makes the topic's subscriptions of fork queues be what the topology says, and leaves all others alone.
 *
 * <p>SNS allows one subscription per topic and endpoint, so a queue's ARN finds its own. What is right already is not
 * written to.
 */
final class Subscriptions {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    private static final String POLICY = "FilterPolicy";
    private static final String SCOPE = "FilterPolicyScope";
    private static final String RAW = "RawMessageDelivery";
    /** What takes a policy away; SNS has no call for it. */
    private static final String NO_POLICY = "";

    private final SnsClient sns;
    private final String topicArn;

    Subscriptions(SnsClient sns, String topicArn) {
        this.sns = sns;
        this.topicArn = topicArn;
    }

    /** All subscriptions that the topic has now. */
    List<Subscription> list(Calls calls) {
        return calls.make(
                "sns:ListSubscriptionsByTopic",
                "topic " + topicArn,
                () ->
                        sns
                                .listSubscriptionsByTopicPaginator(request -> request.topicArn(topicArn))
                                .subscriptions()
                                .stream()
                                .filter(subscription -> !"Deleted".equals(subscription.subscriptionArn()))
                                .toList());
    }

    /** Those of {@code listed} that lead to none of these queues. */
    static List<Deployed.Stranger> strangers(List<Subscription> listed, Set<String> queueArns) {
        return listed.stream()
                .filter(subscription -> !queueArns.contains(subscription.endpoint()))
                .map(subscription -> new Deployed.Stranger(
                        subscription.subscriptionArn(), subscription.protocol(), subscription.endpoint()))
                .toList();
    }

    /** The ARN of the queue's subscription, which now is as {@code queue} wants it. */
    String ensure(ForkQueue queue, String queueArn, List<Subscription> listed, Calls calls) {
        String arn = find(listed, queueArn)
                .or(() -> subscribe(queue, queueArn, calls))
                .or(() -> find(list(calls), queueArn))
                .orElseThrow(() -> new IllegalStateException(calls.subject() + ": SNS says that queue " + queueArn
                        + " is subscribed with other attributes, but does not list it yet. Try again in a minute."));
        mend(arn, queue, calls);
        return arn;
    }

    /** One that waits for confirmation has no ARN yet in the list; subscribing again answers with it. */
    private static Optional<String> find(List<Subscription> listed, String queueArn) {
        return listed.stream()
                .filter(subscription -> queueArn.equals(subscription.endpoint()))
                .map(Subscription::subscriptionArn)
                .filter(arn -> arn.startsWith("arn:"))
                .findFirst();
    }

    /** Answers with nothing if there is a subscription with other attributes, which the list did not show yet. */
    private Optional<String> subscribe(ForkQueue queue, String queueArn, Calls calls) {
        SubscribeRequest request = SubscribeRequest.builder()
                .topicArn(topicArn)
                .protocol("sqs")
                .endpoint(queueArn)
                .attributes(attributes(queue))
                .returnSubscriptionArn(true)
                .build();
        return calls.make("sns:Subscribe", "queue " + queueArn, () -> {
            try {
                return Optional.of(sns.subscribe(request).subscriptionArn());
            } catch (InvalidParameterException e) {
                if (String.valueOf(e.getMessage()).contains("already exists with different attributes")) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private static Map<String, String> attributes(ForkQueue queue) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put(RAW, Boolean.toString(queue.rawDelivery()));
        FilterPolicy policy = queue.filterPolicy();
        if (!policy.takesAll()) {
            attributes.put(POLICY, policy.json());
            attributes.put(SCOPE, policy.scope().toString());
        }
        return attributes;
    }

    private void mend(String arn, ForkQueue queue, Calls calls) {
        Map<String, String> standing = calls.make(
                "sns:GetSubscriptionAttributes",
                "subscription " + arn,
                () -> sns.getSubscriptionAttributes(request -> request.subscriptionArn(arn))
                        .attributes());
        Attributes attributes = new Attributes(arn, standing, calls);
        if (queue.rawDelivery() != Boolean.parseBoolean(standing.get(RAW))) {
            attributes.set(RAW, Boolean.toString(queue.rawDelivery()));
        }
        attributes.filterBy(queue.filterPolicy());
    }

    /** The attributes of one standing subscription. */
    private final class Attributes {

        private final String arn;
        private final Map<String, String> standing;
        private final Calls calls;

        Attributes(String arn, Map<String, String> standing, Calls calls) {
            this.arn = arn;
            this.standing = standing;
            this.calls = calls;
        }

        /**
         * Makes {@code wanted} the policy. A policy of the same scope is replaced in one step. When the scope changes, it
         * can't be: SNS refuses a nested policy for attributes; and where it does not, either policy under the other's
         * scope would keep out what is wanted:
         *
         * <ol>
         *   <li>scope is MessageBody, the policy asks for {@code event} in the body
         *   <li>the scope becomes MessageAttributes: a signup without that attribute is lost
         *   <li>the policy follows, too late for it
         * </ol>
         *
         * So the policy goes first. What comes in between is too much, not too little, and the fork treats it as unrouted.
         */
        void filterBy(FilterPolicy wanted) {
            String policy = standing.getOrDefault(POLICY, NO_POLICY);
            boolean unfiltered = policy.isEmpty() || Json.same("{}", policy);
            if (wanted.takesAll()) {
                if (!unfiltered) {
                    set(POLICY, NO_POLICY);
                }
                return;
            }
            if (unfiltered || !wanted.scope().toString().equals(scope())) {
                if (!unfiltered) {
                    LOG.warn(
                            "{}: the filter policy's scope becomes {}; until that is done, the queue gets every event",
                            calls.subject(),
                            wanted.scope());
                    set(POLICY, NO_POLICY);
                }
                set(SCOPE, wanted.scope().toString());
                set(POLICY, wanted.json());
            } else if (!Json.same(wanted.json(), policy)) {
                set(POLICY, wanted.json());
            }
        }

        private String scope() {
            return standing.getOrDefault(SCOPE, FilterPolicy.Scope.MESSAGE_ATTRIBUTES.toString());
        }

        void set(String attribute, String value) {
            calls.make(
                    "sns:SetSubscriptionAttributes",
                    attribute + " of subscription " + arn,
                    () -> sns.setSubscriptionAttributes(request -> request.subscriptionArn(arn)
                            .attributeName(attribute)
                            .attributeValue(value)));
            LOG.debug("{}: set {} of subscription {}", calls.subject(), attribute, arn);
        }
    }
}
