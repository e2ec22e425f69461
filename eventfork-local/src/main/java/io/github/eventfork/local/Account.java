package io.github.eventfork.local;

/** Whose topics and queues these are: one region and one account, in all ARNs. */
record Account(String region, String id) {
    static final Account LOCAL = new Account("us-east-1", "000000000000");

    String topicArn(String name) {
        return "arn:aws:sns:" + region + ":" + id + ":" + name;
    }

    /** Refuses what is no ARN of a topic here; whether the topic exists is another question. */
    String checkedTopicArn(String arn) {
        return checkedSnsArn("TopicArn", arn);
    }

    String checkedSubscriptionArn(String arn) {
        return checkedSnsArn("SubscriptionArn", arn);
    }

    private String checkedSnsArn(String parameter, String arn) {
        int elements = arn.split(":", -1).length;
        if (elements < 6) {
            throw SnsError.invalidParameter(
                    parameter + " Reason: An ARN must have at least 6 elements, not " + elements);
        }
        if (!arn.startsWith(topicArn(""))) {
            throw SnsError.invalidParameter(parameter);
        }
        return arn;
    }

    /** The name of the queue behind an ARN; refuses what is no queue of this account. */
    String queueName(String queueArn) {
        String prefix = "arn:aws:sqs:" + region + ":" + id + ":";
        if (!queueArn.startsWith(prefix) || queueArn.length() == prefix.length()) {
            throw SnsError.invalidParameter("SQS endpoint ARN");
        }
        return queueArn.substring(prefix.length());
    }
}
