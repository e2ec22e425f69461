package io.github.eventfork.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.local.SubscriptionOptions.Caller;

/**
 * Where a subscription's messages go that its queue does not take:
 * <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html">a dead-letter queue of its own</a>.
 *
 * @param json as it was set
 */
record RedrivePolicy(String json, String deadLetterQueueArn) {
    private static final ObjectMapper JSON = SqsEndpoint.JSON;

    /** Reads the policy of a subscription of {@code queueArn}, whose account and region are those of the dead-letter queue. */
    static RedrivePolicy of(String json, String queueArn, Caller caller) {
        String target = parsed(json, caller).path("deadLetterTargetArn").asText();
        String account = queueArn.substring(0, queueArn.lastIndexOf(':') + 1);
        SnsError invalid = caller.refusal("RedrivePolicy: deadLetterTargetArn is an invalid arn");
        if (!target.startsWith("arn:aws:sqs:") || target.split(":", -1).length != 6 || target.endsWith(":")) {
            throw invalid;
        }
        if (!target.startsWith(account)) {
            throw invalid.because("there are only queues of this region and account here");
        }
        if (isFifo(queueArn) && !isFifo(target)) {
            throw caller.refusal(
                    "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.");
        }
        if (!isFifo(queueArn) && isFifo(target)) {
            throw invalid.because("the dead-letter queue of a standard queue's subscription must be a standard queue");
        }
        return new RedrivePolicy(json, target);
    }

    private static boolean isFifo(String queueArn) {
        return queueArn.endsWith(".fifo");
    }

    private static JsonNode parsed(String json, Caller caller) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw caller.refusal("RedrivePolicy: failed to parse JSON. " + e.getMessage());
        }
    }
}
