package io.github.eventfork.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Says who may do what with a fork's queues: the access policy, and where dead letters go and come from. An ARN is a
 * string, or what a template refers to.
 */
final class QueuePolicy {

    private QueuePolicy() {}

    /**
     * Lets SNS send for these topics and nobody else. Who has the right by an IAM policy of the same account keeps it.
     *
     * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html">Subscribing a queue
     *     to a topic</a>
     */
    static Map<String, Object> topicsSend(Object queueArn, Object topicArn, List<String> otherTopicArns) {
        List<Object> topics = new ArrayList<>();
        topics.add(topicArn);
        otherTopicArns.stream().filter(other -> !topics.contains(other)).forEach(topics::add);
        return sends("OnlyItsTopicsSend", "sns.amazonaws.com", queueArn, topics.size() == 1 ? topicArn : topics);
    }

    /**
     * Lets EventBridge send for this rule and nobody else.
     *
     * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html">Resource-based
     *     policies</a>
     */
    static Map<String, Object> ruleSends(Object queueArn, Object ruleArn) {
        return sends("OnlyItsRuleSends", "events.amazonaws.com", queueArn, ruleArn);
    }

    private static Map<String, Object> sends(String sid, String service, Object queueArn, Object sourceArns) {
        return Json.object(
                "Sid",
                sid,
                "Effect",
                "Allow",
                "Principal",
                Json.object("Service", service),
                "Action",
                "sqs:SendMessage",
                "Resource",
                queueArn,
                "Condition",
                Json.object("ArnEquals", Json.object("aws:SourceArn", sourceArns)));
    }

    /** A policy of these statements. */
    static Map<String, Object> document(List<Map<String, Object>> statements) {
        return Json.object("Version", "2012-10-17", "Statement", statements);
    }

    /** The properties that give a queue its policy in a template. */
    static Map<String, Object> of(Object queueUrl, Map<String, Object> document) {
        return Json.object("Queues", List.of(queueUrl), "PolicyDocument", document);
    }

    /** Moves a message to the dead-letter queue when it would be received once more than {@code maxReceiveCount}. */
    static Map<String, Object> redrive(Object deadLetterQueueArn, int maxReceiveCount) {
        return Json.object("deadLetterTargetArn", deadLetterQueueArn, "maxReceiveCount", maxReceiveCount);
    }

    /** Lets a dead-letter queue serve this queue only. */
    static Map<String, Object> redriveAllow(Object queueArn) {
        return Json.object("redrivePermission", "byQueue", "sourceQueueArns", List.of(queueArn));
    }
}
