package io.github.eventfork.conformance;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Facts;
import io.github.eventfork.queue.MessageQueue.Receive;
import io.github.eventfork.testkit.InMemoryQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsServiceClientConfiguration;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/**
 * The SDK's client on a queue in memory: what the queue answers, or a fault of the test makes of it, in the SDK's words; what
 * blocks or throws there does so here, on the thread that calls, as an SDK does that resolves credentials. An entry that may be tried again is the service's failure, one that never will be done is the sender's.
 *
 * <p>A copy that is sent to the dead-letter queue says nothing of the message that it copies; the queue wants to know, so
 * each body that is handed out is an object of its own, by which the delivery is found again.
 */
final class VirtualSqs implements SqsAsyncClient {

    private static final String ARN = "arn:aws:sqs:us-east-1:000000000000:";
    private static final String URL = "https://sqs.us-east-1.amazonaws.com/000000000000/";

    private final MessageQueue queue;
    private final Supplier<CompletionStage<String>> lookUp;
    private final Map<String, Delivery> handedOut = Collections.synchronizedMap(new IdentityHashMap<>());

    /** How often the queue was made, which its URL tells. */
    private final AtomicInteger made = new AtomicInteger(1);

    private volatile boolean missing;
    private volatile Optional<RuntimeException> lookupFailure = Optional.empty();

    VirtualSqs(MessageQueue queue) {
        this(
                queue,
                () -> queue instanceof InMemoryQueue known ? known.lookUp() : CompletableFuture.completedFuture(""));
    }

    /** Whose URL is found when {@code lookUp} answers. */
    VirtualSqs(MessageQueue queue, Supplier<CompletionStage<String>> lookUp) {
        this.queue = queue;
        this.lookUp = lookUp;
    }

    /** From now on the queue does not exist. */
    void delete() {
        missing = true;
    }

    /** The queue exists again, at another URL; its old one is that of no queue. */
    void makeAgain() {
        made.incrementAndGet();
        missing = false;
    }

    /** From now on nobody learns the queue's URL, for this reason, if there is one. */
    void failLookups(Optional<RuntimeException> reason) {
        lookupFailure = reason;
    }

    /** This came by another way, as a function's batch does. */
    void handedOut(Delivery delivery) {
        handedOut.put(delivery.body(), delivery);
    }

    @Override
    public CompletableFuture<GetQueueUrlResponse> getQueueUrl(GetQueueUrlRequest request) {
        if (lookupFailure.isPresent()) {
            return CompletableFuture.failedFuture(lookupFailure.get());
        }
        return lookUp.get()
                .toCompletableFuture()
                .thenCompose(found -> missing
                        ? CompletableFuture.failedFuture(doesNotExist())
                        : CompletableFuture.completedFuture(GetQueueUrlResponse.builder()
                                .queueUrl(path() + request.queueName())
                                .build()));
    }

    private String path() {
        return URL + made.get() + "/";
    }

    private static QueueDoesNotExistException doesNotExist() {
        return QueueDoesNotExistException.builder()
                .message("The specified queue does not exist.")
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("AWS.SimpleQueueService.NonExistentQueue")
                        .build())
                .statusCode(400)
                .build();
    }

    /** What {@code call} answers, if there is such a queue. */
    private <T> CompletableFuture<T> at(String url, Supplier<CompletionStage<T>> call) {
        return missing || !url.startsWith(path())
                ? CompletableFuture.failedFuture(doesNotExist())
                : call.get().toCompletableFuture();
    }

    /** The same for a batch, which is refused as a whole if two of its entries have one id. */
    private <T> CompletableFuture<T> at(String url, List<String> ids, Supplier<CompletionStage<T>> call) {
        Set<String> others = new HashSet<>();
        return ids.stream()
                .filter(id -> !others.add(id))
                .findFirst()
                .map(id -> CompletableFuture.<T>failedFuture(notDistinct(id)))
                .orElseGet(() -> at(url, call));
    }

    private static BatchEntryIdsNotDistinctException notDistinct(String id) {
        return BatchEntryIdsNotDistinctException.builder()
                .message("Id " + id + " repeated.")
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("AWS.SimpleQueueService.BatchEntryIdsNotDistinct")
                        .build())
                .statusCode(400)
                .build();
    }

    @Override
    public CompletableFuture<GetQueueAttributesResponse> getQueueAttributes(GetQueueAttributesRequest request) {
        return at(request.queueUrl(), queue::facts)
                .thenApply(facts -> GetQueueAttributesResponse.builder()
                        .attributes(attributes(facts))
                        .build());
    }

    private static Map<QueueAttributeName, String> attributes(Facts facts) {
        Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
        attributes.put(QueueAttributeName.QUEUE_ARN, ARN + facts.name());
        attributes.put(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                String.valueOf(facts.visibilityTimeout().toSeconds()));
        facts.deadLetterQueue()
                .ifPresent(name -> attributes.put(
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"" + ARN + name + "\",\"maxReceiveCount\":"
                                + facts.maxReceiveCount().orElseThrow() + "}"));
        return attributes;
    }

    @Override
    public CompletableFuture<ReceiveMessageResponse> receiveMessage(ReceiveMessageRequest request) {
        return at(
                        request.queueUrl(),
                        () -> queue.receive(new Receive(
                                request.maxNumberOfMessages(),
                                Duration.ofSeconds(request.waitTimeSeconds()),
                                Optional.ofNullable(request.visibilityTimeout()).map(Duration::ofSeconds),
                                Optional.ofNullable(request.receiveRequestAttemptId()))))
                .thenApply(deliveries -> ReceiveMessageResponse.builder()
                        .messages(deliveries.stream().map(this::message).toList())
                        .build());
    }

    private Message message(Delivery delivery) {
        String body = new String(delivery.body());
        handedOut.put(body, delivery);
        return Message.builder()
                .messageId(delivery.messageId())
                .receiptHandle(delivery.receipt())
                .body(body)
                .attributes(system(delivery))
                .messageAttributes(values(delivery.attributes()))
                .build();
    }

    private static Map<MessageSystemAttributeName, String> system(Delivery delivery) {
        Map<MessageSystemAttributeName, String> system = new EnumMap<>(MessageSystemAttributeName.class);
        system.put(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, String.valueOf(delivery.receiveCount()));
        delivery.firstReceived()
                .map(Instant::toEpochMilli)
                .ifPresent(millis -> system.put(
                        MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP, String.valueOf(millis)));
        delivery.group().ifPresent(group -> system.put(MessageSystemAttributeName.MESSAGE_GROUP_ID, group));
        delivery.deduplicationId().ifPresent(id -> system.put(MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, id));
        delivery.traceHeader().ifPresent(header -> system.put(MessageSystemAttributeName.AWS_TRACE_HEADER, header));
        return system;
    }

    private static Map<String, MessageAttributeValue> values(Attributes attributes) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        for (String name : attributes.names()) {
            attributes.value(name).ifPresent(value -> values.put(name, value(value)));
        }
        return values;
    }

    private static MessageAttributeValue value(Attributes.Value value) {
        MessageAttributeValue.Builder builder = MessageAttributeValue.builder().dataType(value.dataType());
        return value instanceof Attributes.Bytes binary
                ? builder.binaryValue(SdkBytes.fromByteArray(binary.bytes())).build()
                : builder.stringValue(value.text().orElseThrow()).build();
    }

    @Override
    public CompletableFuture<DeleteMessageBatchResponse> deleteMessageBatch(DeleteMessageBatchRequest request) {
        List<String> ids = request.entries().stream().map(entry -> entry.id()).toList();
        List<String> receipts =
                request.entries().stream().map(entry -> entry.receiptHandle()).toList();
        return at(request.queueUrl(), ids, () -> queue.delete(receipts))
                .thenApply(answers -> DeleteMessageBatchResponse.builder()
                        .successful(done(ids, answers).stream()
                                .map(id -> DeleteMessageBatchResultEntry.builder()
                                        .id(id)
                                        .build())
                                .toList())
                        .failed(failed(ids, answers))
                        .build());
    }

    @Override
    public CompletableFuture<ChangeMessageVisibilityBatchResponse> changeMessageVisibilityBatch(
            ChangeMessageVisibilityBatchRequest request) {
        List<String> ids = request.entries().stream().map(entry -> entry.id()).toList();
        List<Change> changes = request.entries().stream()
                .map(entry -> new Change(entry.receiptHandle(), Duration.ofSeconds(entry.visibilityTimeout())))
                .toList();
        return at(request.queueUrl(), ids, () -> queue.changeVisibility(changes))
                .thenApply(answers -> ChangeMessageVisibilityBatchResponse.builder()
                        .successful(done(ids, answers).stream()
                                .map(id -> ChangeMessageVisibilityBatchResultEntry.builder()
                                        .id(id)
                                        .build())
                                .toList())
                        .failed(failed(ids, answers))
                        .build());
    }

    @Override
    public CompletableFuture<SendMessageBatchResponse> sendMessageBatch(SendMessageBatchRequest request) {
        List<String> ids = request.entries().stream().map(entry -> entry.id()).toList();
        List<Copy> copies = request.entries().stream().map(this::copy).toList();
        String to = request.queueUrl().substring(request.queueUrl().lastIndexOf('/') + 1);
        return at(request.queueUrl(), ids, () -> sent(copies, to))
                .thenApply(answers -> SendMessageBatchResponse.builder()
                        .successful(done(ids, answers).stream()
                                .map(id -> SendMessageBatchResultEntry.builder()
                                        .id(id)
                                        .messageId("copy-" + id)
                                        .build())
                                .toList())
                        .failed(failed(ids, answers))
                        .build());
    }

    /** A queue that was the dead-letter queue is still there. */
    private CompletionStage<List<Entry>> sent(List<Copy> copies, String to) {
        return queue instanceof InMemoryQueue known ? known.deadLetter(copies, to) : queue.deadLetter(copies);
    }

    private Copy copy(SendMessageBatchRequestEntry entry) {
        Delivery delivery = handedOut.get(entry.messageBody());
        if (delivery == null) {
            throw new AssertionError("a body was sent that is none of those handed out");
        }
        return new Copy(
                delivery,
                Optional.ofNullable(entry.messageAttributes().get("eventfork"))
                        .map(MessageAttributeValue::stringValue));
    }

    private static List<String> done(List<String> ids, List<Entry> answers) {
        return IntStream.range(0, answers.size())
                .filter(index -> answers.get(index) == Entry.DONE)
                .mapToObj(ids::get)
                .toList();
    }

    private static List<BatchResultErrorEntry> failed(List<String> ids, List<Entry> answers) {
        return IntStream.range(0, answers.size())
                .filter(index -> answers.get(index) != Entry.DONE)
                .mapToObj(index -> BatchResultErrorEntry.builder()
                        .id(ids.get(index))
                        .code(answers.get(index) == Entry.FINAL ? "ReceiptHandleIsInvalid" : "InternalError")
                        .senderFault(answers.get(index) == Entry.FINAL)
                        .build())
                .toList();
    }

    @Override
    public SqsServiceClientConfiguration serviceClientConfiguration() {
        return SqsServiceClientConfiguration.builder().region(Region.US_EAST_1).build();
    }

    @Override
    public String serviceName() {
        return "sqs";
    }

    @Override
    public void close() {}
}
