package io.github.eventfork.topology;

import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes calls for a topology, or for one fork of it, and says of a failed one what its reader can act on.
 *
 * @param subject for whom they are made, as an error begins
 */
record Calls(String subject) {

    static Calls of(Topology topology) {
        return new Calls(topology.subject());
    }

    Calls of(ForkQueue queue) {
        return new Calls(subject + ", fork '" + queue.fork().name() + "'");
    }

    /**
     * Answers with what {@code call} answers.
     *
     * @param action its IAM action, such as {@code sqs:CreateQueue}
     * @param target what it is made on, such as {@code queue 'chat'}
     * @throws TopologyException if it fails
     */
    <R> R make(String action, String target, Supplier<R> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw new TopologyException(subject + ": " + action + " on " + target + " failed " + why(e), e);
        }
    }

    private static String why(SdkException e) {
        if (e instanceof AwsServiceException refused) {
            AwsErrorDetails details = refused.awsErrorDetails();
            return details == null
                    ? "with HTTP " + refused.statusCode() + "."
                    : "with " + details.errorCode() + " (HTTP " + refused.statusCode() + "): " + details.errorMessage();
        }
        return "without an answer: " + e.getMessage();
    }
}
