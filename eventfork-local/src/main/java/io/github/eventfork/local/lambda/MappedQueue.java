package io.github.eventfork.local.lambda;

import io.github.eventfork.local.LocalAws;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** The queue of a mapping, as Lambda sees it: through the public endpoint. Thread-safe; the client is its own. */
final class MappedQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MappedQueue.class);
    private static final int MOST_IN_A_CALL = 10;

    /** Says to the local server that a call is none that Lambda would make. */
    private static final String UNNOTED = "x-eventfork-local-unnoted";

    /** A call that takes longer than this meets no server that is up. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    private final SqsClient sqs;
    private final String url;
    private final String arn;
    private final Duration visibilityTimeout;
    private final EventWriter events;

    MappedQueue(SqsClient sqs, String url, String arn, Duration visibilityTimeout, String region) {
        this.sqs = sqs;
        this.url = url;
        this.arn = arn;
        this.visibilityTimeout = visibilityTimeout;
        this.events = new EventWriter(arn, region);
    }

    /**
     * Looks the queue up.
     *
     * @throws IllegalArgumentException if there is none of that name or ARN
     */
    static MappedQueue of(LocalAws aws, String nameOrArn) {
        String name = name(aws, nameOrArn);
        SqsClient sqs = client(aws);
        try {
            String url = aws.endpoint() + "/" + aws.accountId() + "/" + name;
            Map<QueueAttributeName, String> attributes = sqs.getQueueAttributes(request -> request.queueUrl(url)
                            .attributeNames(QueueAttributeName.QUEUE_ARN, QueueAttributeName.VISIBILITY_TIMEOUT))
                    .attributes();
            return new MappedQueue(
                    sqs,
                    url,
                    answered(attributes, QueueAttributeName.QUEUE_ARN),
                    Duration.ofSeconds(Long.parseLong(answered(attributes, QueueAttributeName.VISIBILITY_TIMEOUT))),
                    aws.region());
        } catch (QueueDoesNotExistException e) {
            sqs.close();
            throw new IllegalArgumentException("there is no queue '" + name + "' on the local server", e);
        } catch (RuntimeException | Error e) {
            sqs.close();
            throw e;
        }
    }

    private static String answered(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
        return Objects.requireNonNull(attributes.get(name), name.toString());
    }

    private static String name(LocalAws aws, String nameOrArn) {
        if (!nameOrArn.startsWith("arn:")) {
            return nameOrArn;
        }
        String prefix = "arn:aws:sqs:" + aws.region() + ":" + aws.accountId() + ":";
        if (!nameOrArn.startsWith(prefix)) {
            throw new IllegalArgumentException(
                    "the ARN of a queue here begins with " + prefix + ", this one was " + nameOrArn);
        }
        return nameOrArn.substring(prefix.length());
    }

    private static SqsClient client(LocalAws aws) {
        return SqsClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.of(aws.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .overrideConfiguration(calls -> calls.apiCallTimeout(CALL_TIMEOUT))
                // loopback is never behind the proxy that the machine may have
                .httpClientBuilder(Apache5HttpClient.builder()
                        .proxyConfiguration(ProxyConfiguration.builder()
                                .useSystemPropertyValues(false)
                                .useEnvironmentVariableValues(false)
                                .build()))
                .build();
    }

    boolean isFifo() {
        return arn.endsWith(".fifo");
    }

    Duration visibilityTimeout() {
        return visibilityTimeout;
    }

    /** Receives up to {@code most}, and up to ten; waits for the first of them. */
    List<Received> receive(int most, Duration wait) {
        return sqs
                .receiveMessage(request -> request.queueUrl(url)
                        .maxNumberOfMessages(Math.min(most, MOST_IN_A_CALL))
                        .waitTimeSeconds((int) wait.toSeconds())
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages()
                .stream()
                .map(message -> new Received(message.messageId(), message.receiptHandle(), events.record(message)))
                .toList();
    }

    /** Deletes them. What can't be deleted comes back, and the log says so. */
    void delete(List<Received> messages) {
        inTens(
                messages,
                ten -> sqs.deleteMessageBatch(request -> request.queueUrl(url)
                                .entries(IntStream.range(0, ten.size())
                                        .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                                                .id(Integer.toString(i))
                                                .receiptHandle(ten.get(i).receipt())
                                                .build())
                                        .toList()))
                        .failed());
    }

    /** Makes them visible at once: nobody was invoked with them. Lambda's own role has no right to that, and so notes none. */
    void release(List<Received> messages) {
        inTens(
                messages,
                ten -> sqs.changeMessageVisibilityBatch(request -> request.queueUrl(url)
                                .overrideConfiguration(call -> call.putHeader(UNNOTED, "true"))
                                .entries(IntStream.range(0, ten.size())
                                        .mapToObj(i -> ChangeMessageVisibilityBatchRequestEntry.builder()
                                                .id(Integer.toString(i))
                                                .receiptHandle(ten.get(i).receipt())
                                                .visibilityTimeout(0)
                                                .build())
                                        .toList()))
                        .failed());
    }

    private interface Call {
        List<BatchResultErrorEntry> on(List<Received> ten);
    }

    private void inTens(List<Received> messages, Call call) {
        for (int from = 0; from < messages.size(); from += MOST_IN_A_CALL) {
            List<Received> ten = messages.subList(from, Math.min(from + MOST_IN_A_CALL, messages.size()));
            try {
                for (BatchResultErrorEntry failed : call.on(ten)) {
                    LOG.warn(
                            "Queue {}: message {} comes back when its visibility timeout is over: {}",
                            arn,
                            ten.get(Integer.parseInt(failed.id())).messageId(),
                            failed.code());
                }
            } catch (RuntimeException e) {
                LOG.warn("Queue {}: {} messages come back when their visibility timeout is over", arn, ten.size(), e);
            }
        }
    }

    @Override
    public void close() {
        sqs.close();
    }

    @Override
    public String toString() {
        return arn;
    }
}
