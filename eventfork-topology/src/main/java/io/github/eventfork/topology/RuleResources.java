package io.github.eventfork.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The event bus in a template, and what joins a fork's queue to it: a rule, and the queue's access policy.
 *
 * <p>Each fork has a rule of its own, with one target, even where two ask for the same: so a fork comes and goes without a
 * change to another's rule, and none comes near the
 * <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html">five targets</a> that a rule may have.
 */
final class RuleResources {

    private static final String BUS = "EventBus";

    private RuleResources() {}

    static void addBus(Template.Part template, Topology topology) {
        template.resource(BUS, Cfn.resource("AWS::Events::EventBus", Json.object("Name", topology.name())));
        template.output("EventBusName", "Put events here", Cfn.ref(BUS));
        template.output("EventBusArn", "What a publisher needs the right events:PutEvents on", Cfn.arn(BUS));
    }

    static void add(Template.Part template, ForkIds ids, ForkQueue queue) {
        template.resource(
                ids.rule(),
                Cfn.resource(
                        "AWS::Events::Rule",
                        Json.object(
                                "Description",
                                "What fork " + queue.fork().name() + " wants",
                                "EventBusName",
                                Cfn.ref(BUS),
                                "EventPattern",
                                EventPattern.of(queue),
                                "Targets",
                                List.of(target(ids, queue)))));
        List<Map<String, Object>> statements = new ArrayList<>();
        statements.add(QueuePolicy.ruleSends(Cfn.arn(ids.queue()), Cfn.arn(ids.rule())));
        if (!queue.otherSenders().isEmpty()) {
            List<String> topics = queue.otherSenders();
            statements.add(
                    QueuePolicy.topicsSend(Cfn.arn(ids.queue()), topics.get(0), topics.subList(1, topics.size())));
        }
        template.resource(
                ids.queuePolicy(),
                Cfn.resource(
                        "AWS::SQS::QueuePolicy",
                        QueuePolicy.of(Cfn.ref(ids.queue()), QueuePolicy.document(statements))));
    }

    /** A FIFO queue needs a group, and a rule can name but one: all that the fork gets stands in one line. */
    private static Map<String, Object> target(ForkIds ids, ForkQueue queue) {
        Map<String, Object> target = Json.object("Id", "Queue", "Arn", Cfn.arn(ids.queue()));
        if (queue.isFifo()) {
            target.put(
                    "SqsParameters", Json.object("MessageGroupId", queue.fork().name()));
        }
        return target;
    }
}
