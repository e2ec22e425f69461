package io.github.eventfork.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the JSON that says who may do what with a fork's queues: the access policy, and where dead letters go and come
 * from.
 */
final class QueuePolicy {

    private QueuePolicy() {}

    /**
     * Lets SNS send for these topics and nobody else. Who has the right by an IAM policy of the same account keeps it.
     *
     * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html">Subscribing a queue
     *     to a topic</a>
     */
    static String letsSend(String queueArn, String topicArn, List<String> otherTopicArns) {
        List<String> topics = new ArrayList<>();
        topics.add(topicArn);
        otherTopicArns.stream().filter(other -> !topics.contains(other)).forEach(topics::add);
        Map<String, Object> statement = inOrder(
                "Sid",
                "OnlyItsTopicsSend",
                "Effect",
                "Allow",
                "Principal",
                Map.of("Service", "sns.amazonaws.com"),
                "Action",
                "sqs:SendMessage",
                "Resource",
                queueArn,
                "Condition",
                Map.of("ArnEquals", Map.of("aws:SourceArn", topics.size() == 1 ? topicArn : topics)));
        return Json.write(inOrder("Version", "2012-10-17", "Statement", List.of(statement)));
    }

    /** Moves a message to the dead-letter queue when it would be received once more than {@code maxReceiveCount}. */
    static String redrive(String deadLetterQueueArn, int maxReceiveCount) {
        return Json.write(inOrder("deadLetterTargetArn", deadLetterQueueArn, "maxReceiveCount", maxReceiveCount));
    }

    /** Lets a dead-letter queue serve this queue only. */
    static String redriveAllow(String queueArn) {
        return Json.write(inOrder("redrivePermission", "byQueue", "sourceQueueArns", List.of(queueArn)));
    }

    private static Map<String, Object> inOrder(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
