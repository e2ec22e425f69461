package io.github.eventfork.poller;

import io.github.eventfork.Delivery;
import io.github.eventfork.queue.MessageQueue.Copy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** What the tests start from: queues, messages, failures. */
final class Given {

    static final String POLICY =
            "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:123456789012:orders-dlq\",\"maxReceiveCount\":3}";

    private Given() {}

    static SqsMessageQueue queue(SqsAsyncClient sqs, String address) {
        return new SqsMessageQueue(sqs, QueueAddress.of(address), Runnable::run);
    }

    /** A client with the queue 'orders' and a dead-letter queue of that policy, which takes everything. */
    static ScriptedSqs withPolicy(String policy) {
        return withoutPolicy()
                .anew(GetQueueAttributesRequest.class)
                .on(GetQueueAttributesRequest.class, request -> attributes(Optional.of(policy)))
                .on(SendMessageBatchRequest.class, Given::allSent);
    }

    static ScriptedSqs withoutPolicy() {
        return new ScriptedSqs().on(GetQueueAttributesRequest.class, request -> attributes(Optional.empty()));
    }

    static GetQueueAttributesResponse attributes(Optional<String> policy) {
        Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
        attributes.put(QueueAttributeName.QUEUE_ARN, "arn:aws:sqs:eu-west-1:123456789012:orders");
        attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, "45");
        policy.ifPresent(text -> attributes.put(QueueAttributeName.REDRIVE_POLICY, text));
        return GetQueueAttributesResponse.builder().attributes(attributes).build();
    }

    static SendMessageBatchResponse allSent(SendMessageBatchRequest request) {
        return SendMessageBatchResponse.builder()
                .successful(request.entries().stream()
                        .map(entry -> SendMessageBatchResultEntry.builder()
                                .id(entry.id())
                                .build())
                        .toList())
                .build();
    }

    static DeleteMessageBatchResponse allDeleted(DeleteMessageBatchRequest request) {
        return DeleteMessageBatchResponse.builder()
                .successful(request.entries().stream()
                        .map(entry -> DeleteMessageBatchResultEntry.builder()
                                .id(entry.id())
                                .build())
                        .toList())
                .build();
    }

    static Delivery delivery(String queue) {
        return Delivery.of(queue, "id-0", "{}").receipt("receipt-0").build();
    }

    static List<Copy> copies(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Copy(Delivery.of("orders", "id-" + i, "{}").build(), Optional.of("{}")))
                .toList();
    }

    static BatchResultErrorEntry error(String id, String code, boolean senderFault) {
        return BatchResultErrorEntry.builder()
                .id(id)
                .code(code)
                .senderFault(senderFault)
                .build();
    }

    static Throwable missing() {
        return QueueDoesNotExistException.builder().message("no such queue").build();
    }

    static Throwable failure(String code) {
        return SqsException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("because")
                        .build())
                .statusCode(400)
                .build();
    }

    /** The value of a stage that ends soon. */
    static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** With what a stage fails soon, exactly as whoever listens to it sees it. */
    static Throwable failureOf(CompletionStage<?> stage) {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        stage.whenComplete(
                (value, failure) -> seen.complete(failure == null ? new AssertionError("it has not failed") : failure));
        return now(seen);
    }
}
