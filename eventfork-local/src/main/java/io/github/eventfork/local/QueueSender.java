package io.github.eventfork.local;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/**
 * Puts copies into queues through the SQS endpoint, as SNS does from outside.
 *
 * <p><b>Invariant:</b> when {@link #send} returns, every copy stands in its queue or was dropped and its listener
 * told so; one queue's failure is no other's.
 *
 * <p><b>Ownership:</b> client and threads are ours, and end with us.
 */
final class QueueSender implements CopySender, AutoCloseable {
    private static final int THREADS = 8;

    private final URI endpoint;
    private final Account account;
    private final FanOutListener listener;
    private final SqsClient sqs;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(THREADS, new DaemonThreads("eventfork-local-delivery-"));

    QueueSender(URI endpoint, Account account, FanOutListener listener) {
        this.endpoint = endpoint;
        this.account = account;
        this.listener = listener;
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

    /** Sends up to ten copies to each queue, the queues side by side, and waits until all are done. */
    @Override
    public void send(Map<Subscription, List<QueueCopy>> copies) {
        CompletableFuture.allOf(copies.entrySet().stream()
                        .map(queue -> CompletableFuture.runAsync(() -> send(queue.getKey(), queue.getValue()), threads))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    private void send(Subscription subscription, List<QueueCopy> copies) {
        try {
            SendMessageBatchResponse sent = sqs.sendMessageBatch(
                    request -> request.queueUrl(url(subscription)).entries(entries(copies)));
            for (BatchResultErrorEntry failed : sent.failed()) {
                QueueCopy copy = copies.get(Integer.parseInt(failed.id()));
                listener.dropped(copy.messageId(), subscription, failed.code() + ": " + failed.message());
            }
        } catch (SdkException e) {
            copies.forEach(copy -> listener.dropped(copy.messageId(), subscription, String.valueOf(e.getMessage())));
        }
    }

    private String url(Subscription subscription) {
        return endpoint + "/" + account.id() + "/" + account.queueName(subscription.queueArn());
    }

    /** Their ids are their indexes. */
    private static List<SendMessageBatchRequestEntry> entries(List<QueueCopy> copies) {
        return IntStream.range(0, copies.size())
                .mapToObj(index -> entry(String.valueOf(index), copies.get(index)))
                .toList();
    }

    private static SendMessageBatchRequestEntry entry(String id, QueueCopy copy) {
        SendMessageBatchRequestEntry.Builder entry =
                SendMessageBatchRequestEntry.builder().id(id).messageBody(copy.body());
        if (!copy.attributes().isEmpty()) {
            entry.messageAttributes(attributes(copy));
        }
        copy.groupId().ifPresent(entry::messageGroupId);
        copy.traceHeader()
                .ifPresent(header -> entry.messageSystemAttributes(
                        Map.of(MessageSystemAttributeNameForSends.AWS_TRACE_HEADER, systemAttribute(header))));
        return entry.build();
    }

    private static Map<String, MessageAttributeValue> attributes(QueueCopy copy) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        for (MessageAttributes.Attribute attribute : copy.attributes()) {
            MessageAttributeValue.Builder value =
                    MessageAttributeValue.builder().dataType(attribute.dataType());
            values.put(
                    attribute.name(),
                    attribute.isBinary()
                            ? value.binaryValue(SdkBytes.fromByteArray(attribute.bytes()))
                                    .build()
                            : value.stringValue(attribute.value()).build());
        }
        return values;
    }

    private static MessageSystemAttributeValue systemAttribute(String text) {
        return MessageSystemAttributeValue.builder()
                .dataType("String")
                .stringValue(text)
                .build();
    }

    @Override
    public void close() {
        threads.shutdown();
        sqs.close();
    }
}
