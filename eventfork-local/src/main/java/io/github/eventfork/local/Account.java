package io.github.eventfork.local;

import java.util.Optional;

/** Whose topics and queues these are: one region and one account, in all ARNs. */
record Account(String region, String id) {
    static final Account LOCAL = new Account("us-east-1", "000000000000");

    private static final int TOPIC_ELEMENTS = 6;

    String topicArn(String name) {
        return "arn:aws:sns:" + region + ":" + id + ":" + name;
    }

    /** Refuses what is no ARN of a topic here; whether the topic exists is another question. */
    String checkedTopicArn(Optional<String> arn) {
        return checkedSnsArn("TopicArn", arn);
    }

    /** As {@link #checkedTopicArn}, in the words of the actions on tags. */
    String checkedResourceArn(Optional<String> arn) {
        return checkedSnsArn("ResourceArn", arn);
    }

    String checkedSubscriptionArn(Optional<String> arn) {
        String checked = checkedSnsArn("SubscriptionArn", arn);
        if (elements(checked) == TOPIC_ELEMENTS) {
            throw SnsError.invalidParameter("SubscriptionId");
        }
        return checked;
    }

    private String checkedSnsArn(String parameter, Optional<String> given) {
        String arn = given.orElseThrow(() -> SnsError.missing(parameter));
        if (elements(arn) < TOPIC_ELEMENTS) {
            throw SnsError.invalidParameter(
                    parameter + " Reason: An ARN must have at least 6 elements, not " + elements(arn));
        }
        if (!arn.startsWith(topicArn(""))) {
            throw SnsError.invalidParameter(parameter);
        }
        return arn;
    }

    private static int elements(String arn) {
        return arn.split(":", -1).length;
    }

    boolean isQueueArn(String arn) {
        String prefix = queueArn("");
        return arn.startsWith(prefix)
                && arn.length() > prefix.length()
                && arn.substring(prefix.length()).indexOf(':') < 0;
    }

    private String queueArn(String name) {
        return "arn:aws:sqs:" + region + ":" + id + ":" + name;
    }

    /** Refuses what is no queue of this account; whether the queue exists is another question, as in SNS. */
    String checkedQueueArn(String arn) {
        if (isQueueArn(arn)) {
            return arn;
        }
        SnsError refusal = SnsError.invalidParameter("SQS endpoint ARN");
        throw arn.startsWith("arn:aws:sqs:") && elements(arn) == TOPIC_ELEMENTS
                ? refusal.because("there are only queues of region " + region + " and account " + id + " here")
                : refusal;
    }

    /** The name of the queue behind an ARN that was checked. */
    String queueName(String queueArn) {
        return queueArn.substring(queueArn("").length());
    }
}
