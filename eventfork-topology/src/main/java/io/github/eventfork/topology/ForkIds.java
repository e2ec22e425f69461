package io.github.eventfork.topology;

/** The logical ids of what a template holds for one fork. CloudFormation takes letters and digits only. */
record ForkIds(String base) {

    /** Fork {@code mailing-list} becomes {@code MailingList}. */
    static ForkIds of(ForkQueue queue) {
        StringBuilder id = new StringBuilder();
        for (String word : queue.fork().name().split("[-_]+", -1)) {
            if (!word.isEmpty()) {
                id.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
            }
        }
        return new ForkIds(id.toString());
    }

    String queue() {
        return base + "Queue";
    }

    String deadLetterQueue() {
        return base + "DeadLetterQueue";
    }

    String queuePolicy() {
        return base + "QueuePolicy";
    }

    String deadLetterQueuePolicy() {
        return base + "DeadLetterQueuePolicy";
    }

    String subscription() {
        return base + "Subscription";
    }

    String rule() {
        return base + "Rule";
    }

    String role() {
        return base + "Role";
    }

    String function() {
        return base + "Function";
    }

    String handler() {
        return base + "Handler";
    }

    String runtime() {
        return base + "Runtime";
    }

    String memory() {
        return base + "MemorySize";
    }

    String queueUrl() {
        return base + "QueueUrl";
    }

    String queueArn() {
        return base + "QueueArn";
    }

    String deadLetterQueueUrl() {
        return base + "DeadLetterQueueUrl";
    }

    String deadLetterQueueArn() {
        return base + "DeadLetterQueueArn";
    }
}
