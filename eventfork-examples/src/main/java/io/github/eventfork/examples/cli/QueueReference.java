package io.github.eventfork.examples.cli;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * A queue as a user names it: by URL, ARN or name.
 *
 * @param text what the user wrote
 */
record QueueReference(String text) {

    private static final Pattern ARN = Pattern.compile("arn:[^:]+:sqs:([^:]+):(\\d{12}):([A-Za-z0-9_.-]+)");
    private static final Pattern URL = Pattern.compile("(https?://([^/:]+)(?::\\d+)?)/.+");
    private static final Pattern AWS =
            Pattern.compile("(?:[^.]+\\.)*?([a-z]{2}(?:-[a-z]+)+-\\d)\\.(?:[^.]+\\.)*amazonaws\\.com(?:\\.cn)?");

    /** The Region, if the text says it. */
    Optional<String> region() {
        Matcher arn = ARN.matcher(text);
        if (arn.matches()) {
            return Optional.of(arn.group(1));
        }
        Matcher url = URL.matcher(text);
        Matcher host = AWS.matcher(url.matches() ? url.group(2) : "");
        return host.matches() ? Optional.of(host.group(1)) : Optional.empty();
    }

    /** Where SQS is, if the text is the URL of a queue elsewhere than at AWS. */
    Optional<URI> server() {
        Matcher url = URL.matcher(text);
        return url.matches() && !AWS.matcher(url.group(2)).matches()
                ? Optional.of(URI.create(url.group(1)))
                : Optional.empty();
    }

    /**
     * Asks SQS once whether it can be polled, so that what a user must mend ends the command at once. What may pass by
     * itself is the poller's to wait for.
     *
     * @return what went wrong and may pass, if anything did
     * @throws CommandException if there is no such queue
     * @throws AwsServiceException if SQS refuses the credentials or the call
     */
    Optional<SdkException> check(SqsAsyncClient sqs) {
        try {
            String url = URL.matcher(text).matches()
                    ? text
                    : sqs.getQueueUrl(lookup()).join().queueUrl();
            sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                    .join();
            return Optional.empty();
        } catch (CompletionException e) {
            if (e.getCause() instanceof QueueDoesNotExistException none) {
                throw new CommandException("there is no queue " + text, none);
            }
            if (e.getCause() instanceof AwsServiceException refused && isForGood(refused)) {
                throw refused;
            }
            if (e.getCause() instanceof SdkException other) {
                return Optional.of(other);
            }
            throw e;
        }
    }

    private GetQueueUrlRequest lookup() {
        Matcher arn = ARN.matcher(text);
        return arn.matches()
                ? GetQueueUrlRequest.builder()
                        .queueName(arn.group(3))
                        .queueOwnerAWSAccountId(arn.group(2))
                        .build()
                : GetQueueUrlRequest.builder().queueName(text).build();
    }

    private static boolean isForGood(AwsServiceException refused) {
        return refused.statusCode() < 500 && !refused.isThrottlingException() && !refused.isClockSkewException();
    }
}
