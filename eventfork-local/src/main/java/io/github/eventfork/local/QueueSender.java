package io.github.eventfork.local;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;

/**
 * Puts copies into queues through the SQS endpoint, as SNS does from outside.
 *
 * <p><b>Invariant:</b> when {@link #send} returns, every copy stands in its queue, or in the dead-letter queue of its
 * subscription, or was dropped with a log line; one queue's failure is no other's. The log names subscription and
 * message, never what is in it.
 *
 * <p><b>Ownership:</b> client and threads are ours, and end with us.
 */
final class QueueSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSender.class);
    private static final int THREADS = 8;

    private final URI endpoint;
    private final Account account;
    private final SqsClient sqs;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(THREADS, new DaemonThreads("eventfork-local-delivery-"));

    QueueSender(URI endpoint, Account account) {
        this.endpoint = endpoint;
        this.account = account;
        this.sqs = SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(account.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(Apache5HttpClient.builder().proxyConfiguration(none()))
                .build();
    }

    /** Loopback is never behind the proxy that the machine may have. */
    private static ProxyConfiguration none() {
        return ProxyConfiguration.builder()
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false)
                .build();
    }

    /** Sends copies to each queue, in their order, the queues side by side, and waits until all are done. */
    void send(Map<Subscription, List<QueueCopy>> copies) {
        CompletableFuture.allOf(copies.entrySet().stream()
                        .map(queue -> CompletableFuture.runAsync(() -> send(queue.getKey(), queue.getValue()), threads))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    private void send(Subscription subscription, List<QueueCopy> copies) {
        Map<QueueCopy, String> refused = refusedBy(subscription.queueArn(), copies);
        if (refused.isEmpty()) {
            return;
        }
        if (subscription.deadLetterQueueArn().isEmpty()) {
            refused.forEach((copy, reason) -> dropped(copy, subscription, reason));
            return;
        }
        String deadLetters = subscription.deadLetterQueueArn().get();
        refused.forEach((copy, reason) -> LOG.info(
                "Message {} goes to dead-letter queue {} of subscription {}: {}",
                copy.messageId(),
                deadLetters,
                subscription.arn(),
                reason));
        List<QueueCopy> letters =
                refused.keySet().stream().map(QueueCopy::asDeadLetter).toList();
        refusedBy(deadLetters, letters).forEach((copy, reason) -> dropped(copy, subscription, reason));
    }

    /** Puts copies into a queue; answers with those it does not have, in their order, and why. */
    private Map<QueueCopy, String> refusedBy(String queueArn, List<QueueCopy> copies) {
        String url = endpoint + "/" + account.id() + "/" + account.queueName(queueArn);
        Map<QueueCopy, String> reasons = new LinkedHashMap<>();
        copies.forEach(copy -> copy.undeliverable().ifPresent(reason -> reasons.put(copy, reason)));
        List<QueueCopy> able =
                copies.stream().filter(copy -> copy.undeliverable().isEmpty()).toList();
        if (queueArn.endsWith(".fifo")) {
            // One by one: ElasticMQ works on the entries of a batch side by side.
            able.forEach(copy -> sendOne(url, copy, reasons));
        } else {
            SqsBatches.of(able).forEach(batch -> sendBatch(url, batch, reasons));
        }
        Map<QueueCopy, String> refused = new LinkedHashMap<>();
        copies.stream().filter(reasons::containsKey).forEach(copy -> refused.put(copy, reasons.getOrDefault(copy, "")));
        return refused;
    }

    private void sendOne(String url, QueueCopy copy, Map<QueueCopy, String> reasons) {
        try {
            sqs.sendMessage(SqsBatches.single(copy, url));
        } catch (SdkException e) {
            reasons.put(copy, reason(e));
        }
    }

    private void sendBatch(String url, List<QueueCopy> batch, Map<QueueCopy, String> reasons) {
        try {
            List<BatchResultErrorEntry> failures = sqs.sendMessageBatch(
                            request -> request.queueUrl(url).entries(SqsBatches.entries(batch)))
                    .failed();
            failures.forEach(failure -> reasons.put(batch.get(Integer.parseInt(failure.id())), failure.code()));
        } catch (SdkException e) {
            batch.forEach(copy -> reasons.put(copy, reason(e)));
        }
    }

    /** The code alone: the text of an error may quote what is in a message. */
    private static String reason(SdkException failure) {
        LOG.debug("SQS refused a copy", failure);
        return failure instanceof AwsServiceException refusal && refusal.awsErrorDetails() != null
                ? refusal.awsErrorDetails().errorCode()
                : failure.getClass().getSimpleName();
    }

    private static void dropped(QueueCopy copy, Subscription subscription, String reason) {
        LOG.warn(
                "Message {} was dropped for subscription {}, queue {}: {}",
                copy.messageId(),
                subscription.arn(),
                subscription.queueArn(),
                reason);
    }

    @Override
    public void close() {
        threads.shutdown();
        sqs.close();
    }
}
