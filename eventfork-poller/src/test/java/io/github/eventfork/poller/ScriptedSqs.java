package io.github.eventfork.poller;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsServiceClientConfiguration;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsRequest;

/** A client that answers by a script: for each kind of request the answers in turn, of which the last one stays. */
final class ScriptedSqs implements SqsAsyncClient {

    private final Map<Class<?>, Deque<Function<SqsRequest, CompletableFuture<?>>>> script = new ConcurrentHashMap<>();
    private final List<SqsRequest> requests = new CopyOnWriteArrayList<>();
    private volatile int closes;

    /** A client that finds each queue at {@code https://sqs/<account or "mine">/<name>}. */
    ScriptedSqs() {
        on(
                GetQueueUrlRequest.class,
                request -> GetQueueUrlResponse.builder()
                        .queueUrl(url(request.queueOwnerAWSAccountId(), request.queueName()))
                        .build());
    }

    static String url(String account, String name) {
        return "https://sqs/" + (account == null ? "mine" : account) + "/" + name;
    }

    <Q extends SqsRequest> ScriptedSqs on(Class<Q> kind, Function<Q, Object> answer) {
        return then(kind, request -> CompletableFuture.completedFuture(answer.apply(kind.cast(request))));
    }

    ScriptedSqs fails(Class<? extends SqsRequest> kind, Throwable failure) {
        return then(kind, request -> CompletableFuture.failedFuture(failure));
    }

    ScriptedSqs throwsAtOnce(Class<? extends SqsRequest> kind, RuntimeException thrown) {
        return then(kind, request -> {
            throw thrown;
        });
    }

    ScriptedSqs then(Class<? extends SqsRequest> kind, Function<SqsRequest, CompletableFuture<?>> answer) {
        script.computeIfAbsent(kind, first -> new ArrayDeque<>()).add(answer);
        return this;
    }

    /** Forgets the answers to such requests. */
    ScriptedSqs anew(Class<? extends SqsRequest> kind) {
        script.remove(kind);
        return this;
    }

    <Q extends SqsRequest> List<Q> asked(Class<Q> kind) {
        return requests.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    int closes() {
        return closes;
    }

    private <A> CompletableFuture<A> answer(SqsRequest request, Class<A> kind) {
        requests.add(request);
        Deque<Function<SqsRequest, CompletableFuture<?>>> answers = script.get(request.getClass());
        if (answers == null) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "not in the script: " + request.getClass().getSimpleName()));
        }
        Function<SqsRequest, CompletableFuture<?>> next;
        synchronized (answers) {
            next = answers.size() > 1 ? answers.remove() : answers.element();
        }
        return next.apply(request).thenApply(kind::cast);
    }

    @Override
    public CompletableFuture<GetQueueUrlResponse> getQueueUrl(GetQueueUrlRequest request) {
        return answer(request, GetQueueUrlResponse.class);
    }

    @Override
    public CompletableFuture<GetQueueAttributesResponse> getQueueAttributes(GetQueueAttributesRequest request) {
        return answer(request, GetQueueAttributesResponse.class);
    }

    @Override
    public CompletableFuture<ReceiveMessageResponse> receiveMessage(ReceiveMessageRequest request) {
        return answer(request, ReceiveMessageResponse.class);
    }

    @Override
    public CompletableFuture<DeleteMessageBatchResponse> deleteMessageBatch(DeleteMessageBatchRequest request) {
        return answer(request, DeleteMessageBatchResponse.class);
    }

    @Override
    public CompletableFuture<ChangeMessageVisibilityBatchResponse> changeMessageVisibilityBatch(
            ChangeMessageVisibilityBatchRequest request) {
        return answer(request, ChangeMessageVisibilityBatchResponse.class);
    }

    @Override
    public CompletableFuture<SendMessageBatchResponse> sendMessageBatch(SendMessageBatchRequest request) {
        return answer(request, SendMessageBatchResponse.class);
    }

    @Override
    public SqsServiceClientConfiguration serviceClientConfiguration() {
        return SqsServiceClientConfiguration.builder().region(Region.EU_WEST_1).build();
    }

    @Override
    public String serviceName() {
        return "sqs";
    }

    @Override
    public void close() {
        closes++;
    }
}
