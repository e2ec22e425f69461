package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which IAM actions a call needs, and on what; by AWS's <a
 * href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html">lists of actions</a> and
 * the <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html">
 * table of SQS</a>. Keeps nothing.
 */
final class IamNeeds {
    /** IAM's word for actions on no topic or queue, those on a subscription among them. */
    private static final String ANYTHING = "*";

    private static final Set<String> ON_ANYTHING = Set.of(
            "ListQueues",
            "ListTopics",
            "ListSubscriptions",
            "Unsubscribe",
            "GetSubscriptionAttributes",
            "SetSubscriptionAttributes");

    /** What all calls about moving messages out of a dead-letter queue need on it besides their own action. */
    private static final List<String> WHILE_MOVING = List.of("ReceiveMessage", "DeleteMessage", "GetQueueAttributes");

    private static final String BATCH = "Batch";

    /** An action on a resource. */
    record Need(String resource, String action) {}

    private final Account account;

    IamNeeds(Account account) {
        this.account = account;
    }

    String queueArn(String queue) {
        return "arn:aws:sqs:" + account.region() + ":" + account.id() + ":" + queue;
    }

    /** What a call to SQS needs, but for what {@link #ofMoving} says. */
    List<Need> of(SqsCall call) {
        String action = call.action();
        if (!AwsCalls.SQS.contains(action)) {
            return List.of();
        }
        if (ON_ANYTHING.contains(action)) {
            return List.of(sqs(ANYTHING, action));
        }
        return queue(call.parameters())
                .map(arn -> tagging(call)
                        ? List.of(sqs(arn, action), sqs(arn, "TagQueue"))
                        : List.of(sqs(arn, single(action))))
                .orElse(List.of());
    }

    private Optional<String> queue(JsonNode parameters) {
        String url = parameters.path("QueueUrl").asText();
        String name = url.isEmpty() ? parameters.path("QueueName").asText() : url.substring(url.lastIndexOf('/') + 1);
        return Optional.of(name).filter(text -> !text.isEmpty()).map(this::queueArn);
    }

    private static boolean tagging(SqsCall call) {
        return call.action().equals("CreateQueue")
                && !call.parameters().path("tags").isEmpty();
    }

    /** What a call about moving messages out of a dead-letter queue needs; {@code destinations} if it starts that. */
    static List<Need> ofMoving(String action, String deadLetterQueueArn, List<String> destinations) {
        return Stream.of(
                        Stream.of(sqs(deadLetterQueueArn, action)),
                        WHILE_MOVING.stream().map(besides -> sqs(deadLetterQueueArn, besides)),
                        destinations.stream().map(arn -> sqs(arn, "SendMessage")))
                .flatMap(needs -> needs)
                .toList();
    }

    /** What a call to SNS needs. */
    List<Need> of(QueryRequest request) {
        String action = request.action();
        if (!AwsCalls.SNS.contains(action)) {
            return List.of();
        }
        if (ON_ANYTHING.contains(action)) {
            return List.of(sns(ANYTHING, action));
        }
        return topic(request)
                .map(arn -> tagging(request)
                        ? List.of(sns(arn, action), sns(arn, "TagResource"))
                        : List.of(sns(arn, single(action))))
                .orElse(List.of());
    }

    private Optional<String> topic(QueryRequest request) {
        return request.action().equals("CreateTopic")
                ? request.find("Name").map(account::topicArn)
                : request.find("TopicArn").or(() -> request.find("TargetArn")).or(() -> request.find("ResourceArn"));
    }

    private static boolean tagging(QueryRequest request) {
        return request.action().equals("CreateTopic")
                && !request.list("Tags.member").isEmpty();
    }

    /** A batch needs the action of a single call, and there is no other. */
    private static String single(String action) {
        return action.endsWith(BATCH) ? action.substring(0, action.length() - BATCH.length()) : action;
    }

    private static Need sqs(String resource, String action) {
        return new Need(resource, "sqs:" + action);
    }

    private static Need sns(String resource, String action) {
        return new Need(resource, "sns:" + action);
    }
}
