package io.github.eventfork.benchmarks;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** One topic, one queue with a filter policy, and clients that publish to the one and drain the other. */
final class FanOut implements AutoCloseable {

    private static final int BATCH = 10;
    private static final String BODY =
            "{\"email\":\"ada@example.org\",\"plan\":\"pro\",\"note\":\"" + "x".repeat(200) + "\"}";
    private static final Map<String, MessageAttributeValue> SIGNUP = Map.of(
            "event",
            MessageAttributeValue.builder()
                    .dataType("String")
                    .stringValue("signup")
                    .build());

    private final int clients;
    private final ExecutorService threads;
    private final SnsClient sns;
    private final SqsClient sqs;
    private final String topicArn;
    private final String queueUrl;

    FanOut(URI endpoint, int clients) {
        this.clients = clients;
        this.threads = Executors.newFixedThreadPool(clients);
        this.sns = on(endpoint, SnsClient.builder()).build();
        this.sqs = on(endpoint, SqsClient.builder()).build();
        String name = "bench-" + UUID.randomUUID().toString().substring(0, 8);
        this.topicArn = sns.createTopic(request -> request.name(name)).topicArn();
        this.queueUrl = sqs.createQueue(request -> request.queueName(name)).queueUrl();
        String queueArn = sqs.getQueueAttributes(
                        request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        sns.subscribe(request -> request.topicArn(topicArn)
                .protocol("sqs")
                .endpoint(queueArn)
                .attributes(Map.of("FilterPolicy", "{\"event\":[\"signup\"]}")));
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B on(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .proxyConfiguration(ProxyConfiguration.builder()
                                .useSystemPropertyValues(false)
                                .useEnvironmentVariableValues(false)
                                .build()));
    }

    /** Publishes {@code messages}, a multiple of ten, in batches of ten, and answers with the nanoseconds that it took. */
    long publish(long messages) {
        AtomicLong left = new AtomicLong(messages / BATCH);
        return timed(() -> {
            while (left.getAndDecrement() > 0) {
                sns.publishBatch(request -> request.topicArn(topicArn).publishBatchRequestEntries(entries()));
            }
        });
    }

    private static List<PublishBatchRequestEntry> entries() {
        return IntStream.range(0, BATCH)
                .mapToObj(index -> PublishBatchRequestEntry.builder()
                        .id(String.valueOf(index))
                        .message(BODY)
                        .messageAttributes(SIGNUP)
                        .build())
                .toList();
    }

    /** Receives and deletes {@code messages}, ten by ten, and answers with the nanoseconds that it took. */
    long drain(long messages) {
        AtomicLong left = new AtomicLong(messages);
        return timed(() -> {
            while (left.get() > 0) {
                List<Message> received = sqs.receiveMessage(
                                request -> request.queueUrl(queueUrl).maxNumberOfMessages(BATCH))
                        .messages();
                if (!received.isEmpty()) {
                    delete(received);
                    left.addAndGet(-received.size());
                }
            }
        });
    }

    private void delete(List<Message> received) {
        List<DeleteMessageBatchRequestEntry> entries = IntStream.range(0, received.size())
                .mapToObj(index -> DeleteMessageBatchRequestEntry.builder()
                        .id(String.valueOf(index))
                        .receiptHandle(received.get(index).receiptHandle())
                        .build())
                .toList();
        sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries));
    }

    private long timed(Runnable work) {
        long begun = System.nanoTime();
        List<Future<?>> all = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            all.add(threads.submit(work));
        }
        for (Future<?> each : all) {
            try {
                each.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while measuring", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a client failed while measuring", e.getCause());
            }
        }
        return System.nanoTime() - begun;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        sns.close();
        sqs.close();
    }
}
