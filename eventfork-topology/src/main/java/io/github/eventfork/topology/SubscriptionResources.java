package io.github.eventfork.topology;

import io.github.eventfork.filter.FilterPolicy;
import java.util.List;
import java.util.Map;

/** The topic in a template, and what joins a fork's queue to it: the queue's access policy, and a subscription. */
final class SubscriptionResources {

    private static final String TOPIC = "Topic";

    private SubscriptionResources() {}

    static void addTopic(Template.Part template, Topology topology) {
        Map<String, Object> properties = Json.object("TopicName", topology.topicName());
        if (topology.isFifo()) {
            properties.put("FifoTopic", true);
        }
        template.resource(TOPIC, Cfn.resource("AWS::SNS::Topic", properties));
        template.output("TopicArn", "Publish here", Cfn.ref(TOPIC));
    }

    static void add(Template.Part template, ForkIds ids, ForkQueue queue) {
        Map<String, Object> statement =
                QueuePolicy.topicsSend(Cfn.arn(ids.queue()), Cfn.ref(TOPIC), queue.otherSenders());
        template.resource(
                ids.queuePolicy(),
                Cfn.resource(
                        "AWS::SQS::QueuePolicy",
                        QueuePolicy.of(Cfn.ref(ids.queue()), QueuePolicy.document(List.of(statement)))));
        // a subscription that stands before SNS may send loses what is published in between
        template.resource(
                ids.subscription(),
                Cfn.resource("AWS::SNS::Subscription", List.of(ids.queuePolicy()), subscription(ids, queue)));
    }

    private static Map<String, Object> subscription(ForkIds ids, ForkQueue queue) {
        Map<String, Object> properties =
                Json.object("TopicArn", Cfn.ref(TOPIC), "Protocol", "sqs", "Endpoint", Cfn.arn(ids.queue()));
        FilterPolicy policy = queue.filterPolicy();
        if (!policy.takesAll()) {
            properties.put("FilterPolicy", WithoutNull.checked(Json.read(policy.json())));
            properties.put("FilterPolicyScope", policy.scope().toString());
        }
        if (queue.rawDelivery()) {
            properties.put("RawMessageDelivery", true);
        }
        return properties;
    }
}
