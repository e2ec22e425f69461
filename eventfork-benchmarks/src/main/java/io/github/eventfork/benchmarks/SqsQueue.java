package io.github.eventfork.benchmarks;

import io.github.eventfork.poller.SqsPoller;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** A queue of a server, with a client to fill it and another one, whose calls are counted, for who consumes it. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is missed, and the measurement does not end
final class SqsQueue implements AutoCloseable {

    private static final int BATCH = 10;
    private static final int SENDS_AT_ONCE = 16;

    private final Calls calls = new Calls();
    private final SqsAsyncClient sender;
    private final SqsAsyncClient consumer;
    private final String url;

    SqsQueue(URI endpoint) {
        sender = client(endpoint, new Calls());
        consumer = client(endpoint, calls);
        String name = "bench-" + UUID.randomUUID().toString().substring(0, 8);
        url = sender.createQueue(request -> request.queueName(name)).join().queueUrl();
    }

    private static SqsAsyncClient client(URI endpoint, Calls calls) {
        return SqsAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .overrideConfiguration(configuration -> configuration.addExecutionInterceptor(new Counting(calls)))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .proxyConfiguration(ProxyConfiguration.builder()
                                .useSystemPropertyValues(false)
                                .useEnvironmentVariableValues(false)
                                .build()))
                .build();
    }

    private record Counting(Calls calls) implements ExecutionInterceptor {

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (context.request() instanceof ReceiveMessageRequest) {
                calls.receive();
            } else if (context.request() instanceof DeleteMessageBatchRequest) {
                calls.delete();
            } else {
                calls.other();
            }
        }
    }

    /** What whoever consumes it has called. */
    Calls calls() {
        return calls;
    }

    /** Puts {@code messages} into it, and returns when they are there. */
    void fill(long messages, String body) {
        Semaphore free = new Semaphore(SENDS_AT_ONCE);
        List<SendMessageBatchRequestEntry> entries = IntStream.range(0, BATCH)
                .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                        .id(String.valueOf(i))
                        .messageBody(body)
                        .build())
                .toList();
        CompletableFuture<Void> failed = new CompletableFuture<>();
        for (long sent = 0; sent < messages; sent += BATCH) {
            int count = (int) Math.min(BATCH, messages - sent);
            free.acquireUninterruptibly();
            sender.sendMessageBatch(request -> request.queueUrl(url).entries(entries.subList(0, count)))
                    .whenComplete((answer, error) -> {
                        if (error != null) {
                            failed.completeExceptionally(error);
                        }
                        free.release();
                    });
        }
        free.acquireUninterruptibly(SENDS_AT_ONCE);
        failed.complete(null);
        failed.join();
    }

    /** Sends one message. */
    void send(String body) {
        sender.sendMessage(request -> request.queueUrl(url).messageBody(body));
    }

    Consuming poller(Signup.Handler handler, int concurrency, Duration longPoll) {
        return SqsPoller.builder(Signup.fork(handler))
                .queue(url)
                .client(consumer)
                .concurrency(concurrency)
                .longPoll(longPoll)
                .start()::close;
    }

    Consuming byHand(Signup.Handler handler, int concurrency, Duration longPoll) {
        return BareLoop.start(new ByHand(), handler, concurrency, longPoll);
    }

    /** It asks for what the poller asks for. */
    private final class ByHand implements BareLoop.Queue<Message> {

        @Override
        public CompletionStage<List<Message>> receive(int most, Duration wait) {
            return consumer.receiveMessage(request -> request.queueUrl(url)
                            .maxNumberOfMessages(most)
                            .waitTimeSeconds((int) wait.toSeconds())
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(
                                    MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                                    MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP,
                                    MessageSystemAttributeName.MESSAGE_GROUP_ID,
                                    MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID,
                                    MessageSystemAttributeName.AWS_TRACE_HEADER))
                    .thenApply(ReceiveMessageResponse::messages);
        }

        @Override
        public CompletionStage<?> delete(List<Message> messages) {
            List<DeleteMessageBatchRequestEntry> entries = IntStream.range(0, messages.size())
                    .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                            .id(String.valueOf(i))
                            .receiptHandle(messages.get(i).receiptHandle())
                            .build())
                    .toList();
            return consumer.deleteMessageBatch(request -> request.queueUrl(url).entries(entries));
        }

        @Override
        public String body(Message message) {
            return message.body();
        }
    }

    @Override
    public void close() {
        sender.close();
        consumer.close();
    }
}
