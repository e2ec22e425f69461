package io.github.eventfork.topology;

/**
 * Where one fork's branch of the fan-out stands. Nothing here is null.
 *
 * @param fork the fork's name
 */
public record DeployedFork(
        String fork,
        String queueUrl,
        String queueArn,
        String deadLetterQueueUrl,
        String deadLetterQueueArn,
        String subscriptionArn) {}
