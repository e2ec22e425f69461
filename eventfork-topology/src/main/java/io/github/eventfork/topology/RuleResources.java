package io.github.eventfork.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The event bus in a template, and what joins a fork's queue to it: a rule, and who may send to the two queues.
 *
 * <p>Each fork has a rule of its own, with one target, even where two ask for the same: so a fork comes and goes without a
 * change to another's rule, and none comes near the
 * <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html">five targets</a> that a rule may have.
 *
 * <p>The access policies stand before the rule, because EventBridge
 * <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html">does not try again</a> what it
 * had no permission for. So they can't refer to it, and name it by the ARN that it will have.
 */
final class RuleResources {

    private static final String BUS = "EventBus";

    /** The bus that each account has, and that nobody can make. */
    private static final String EVERYBODYS = "default";

    private final Template.Part template;
    private final ForkIds ids;
    private final ForkQueue queue;
    private final Map<String, Object> ruleArn;

    private RuleResources(Template.Part template, Topology topology, ForkIds ids, ForkQueue queue) {
        this.template = template;
        this.ids = ids;
        this.queue = queue;
        this.ruleArn = Cfn.ruleArn(topology.name(), ruleName(queue));
    }

    static void addBus(Template.Part template, Topology topology) {
        if (topology.name().equals(EVERYBODYS)) {
            throw new IllegalArgumentException(
                    topology.subject() + ": an event bus can't be named 'default', because each"
                            + " account has one of that name. Name the topology differently");
        }
        template.resource(BUS, Cfn.resource("AWS::Events::EventBus", Json.object("Name", topology.name())));
        template.output("EventBusName", "Put events here", Cfn.ref(BUS));
        template.output("EventBusArn", "What a publisher needs the right events:PutEvents on", Cfn.arn(BUS));
    }

    static void add(Template.Part template, Topology topology, ForkIds ids, ForkQueue queue) {
        new RuleResources(template, topology, ids, queue).add();
    }

    private void add() {
        List<String> policies = new ArrayList<>();
        policies.add(ids.queuePolicy());
        template.resource(ids.queuePolicy(), policy(ids.queue(), senders()));
        if (takesFromRule()) {
            policies.add(ids.deadLetterQueuePolicy());
            template.resource(
                    ids.deadLetterQueuePolicy(),
                    policy(ids.deadLetterQueue(), List.of(ruleSends(ids.deadLetterQueue()))));
        }
        template.resource(ids.rule(), Cfn.resource("AWS::Events::Rule", policies, rule()));
    }

    private Map<String, Object> rule() {
        return Json.object(
                "Name",
                ruleName(queue),
                "Description",
                "What fork " + queue.fork().name() + " wants",
                "EventBusName",
                Cfn.ref(BUS),
                "EventPattern",
                WithoutNull.checked(EventPattern.of(queue)),
                "Targets",
                List.of(target()));
    }

    /** A fork's name has at most 64 letters, as a rule's has. */
    private static String ruleName(ForkQueue queue) {
        return queue.fork().name();
    }

    private List<Map<String, Object>> senders() {
        List<Map<String, Object>> statements = new ArrayList<>();
        statements.add(ruleSends(ids.queue()));
        if (!queue.otherSenders().isEmpty()) {
            List<String> topics = queue.otherSenders();
            statements.add(
                    QueuePolicy.topicsSend(Cfn.arn(ids.queue()), topics.get(0), topics.subList(1, topics.size())));
        }
        return statements;
    }

    private Map<String, Object> ruleSends(String queueId) {
        return QueuePolicy.ruleSends(Cfn.arn(queueId), ruleArn);
    }

    private static Map<String, Object> policy(String queueId, List<Map<String, Object>> statements) {
        return Cfn.resource(
                "AWS::SQS::QueuePolicy", QueuePolicy.of(Cfn.ref(queueId), QueuePolicy.document(statements)));
    }

    /** Whether EventBridge puts what it could not deliver into the dead-letter queue; into a FIFO queue it can't. */
    private boolean takesFromRule() {
        return !queue.isFifo();
    }

    /** A FIFO queue needs a group, and a rule can name but one: all that the fork gets stands in one line. */
    private Map<String, Object> target() {
        Map<String, Object> target = Json.object("Id", "Queue", "Arn", Cfn.arn(ids.queue()));
        if (queue.isFifo()) {
            target.put(
                    "SqsParameters", Json.object("MessageGroupId", queue.fork().name()));
        }
        if (takesFromRule()) {
            target.put("DeadLetterConfig", Json.object("Arn", Cfn.arn(ids.deadLetterQueue())));
        }
        return target;
    }
}
