package io.github.eventfork.poller;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.queue.MessageQueue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/**
 * The port on SQS, by the SDK's asynchronous client. Thread-safe; the client stays whose it is.
 *
 * <p>Entry ids are indexes. A call that fails as a whole ends with the SDK's own exception; one thing is more: copies
 * that may not be sent are {@link Entry#FINAL}, see {@link DeadLetterQueue}.
 */
final class SqsMessageQueue implements MessageQueue {

    private static final Duration DEFAULT_VISIBILITY = Duration.ofSeconds(30);

    private final SqsAsyncClient client;
    private final Executor callers;
    private final QueueUrl url;

    /** As the queue's facts last named it; none before they were asked for, and while it has none. */
    private volatile @Nullable DeadLetterQueue deadLetters;

    /** @param callers where a call begins that follows on another: the client's own threads must not wait for credentials */
    SqsMessageQueue(SqsAsyncClient client, QueueAddress address, Executor callers) {
        this.client = client;
        this.callers = callers;
        this.url = new QueueUrl(client, address, callers);
    }

    /** The same with the threads that {@code runtime} keeps for the client. */
    static SqsMessageQueue of(SqsAsyncClient client, QueueAddress address, ForkRuntime runtime) {
        return new SqsMessageQueue(client, address, runtime.callers(client, CALLERS));
    }

    @Override
    public Object client() {
        return client;
    }

    @Override
    public CompletionStage<Facts> facts() {
        return url.call(at -> client.getQueueAttributes(GetQueueAttributesRequest.builder()
                        .queueUrl(at)
                        .attributeNames(
                                QueueAttributeName.QUEUE_ARN,
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                QueueAttributeName.REDRIVE_POLICY)
                        .build())
                .thenApply(GetQueueAttributesResponse::attributes)
                .thenApply(this::facts));
    }

    @Override
    public CompletionStage<List<Delivery>> receive(Receive asked) {
        return url.call(at -> client.receiveMessage(ReceiveMessageRequest.builder()
                        .queueUrl(at)
                        .maxNumberOfMessages(asked.most())
                        .waitTimeSeconds(seconds(asked.longPoll()))
                        .visibilityTimeout(asked.visibilityTimeout()
                                .map(SqsMessageQueue::seconds)
                                .orElse(null))
                        .receiveRequestAttemptId(asked.attempt().orElse(null))
                        .messageSystemAttributeNames(Incoming.NEEDED)
                        .messageAttributeNames("All")
                        .build())
                .thenApply(answer -> answer.messages().stream()
                        .map(message -> Incoming.delivery(url.address().name(), message))
                        .toList()));
    }

    @Override
    public CompletionStage<List<Entry>> delete(List<String> receipts) {
        List<DeleteMessageBatchRequestEntry> entries = IntStream.range(0, receipts.size())
                .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                        .id(BatchAnswer.id(i))
                        .receiptHandle(receipts.get(i))
                        .build())
                .toList();
        return url.call(at -> client.deleteMessageBatch(b -> b.queueUrl(at).entries(entries))
                .thenApply(answer -> entries(receipts.size(), answer)));
    }

    @Override
    public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
        List<ChangeMessageVisibilityBatchRequestEntry> entries = IntStream.range(0, changes.size())
                .mapToObj(i -> entry(BatchAnswer.id(i), changes.get(i)))
                .toList();
        return url.call(
                at -> client.changeMessageVisibilityBatch(b -> b.queueUrl(at).entries(entries))
                        .thenApply(answer -> entries(changes.size(), answer)));
    }

    @Override
    public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
        DeadLetterQueue known = deadLetters;
        if (known != null) {
            return sent(known, copies);
        }
        return Calls.of(() -> facts().thenComposeAsync(asked -> sentIfKnown(copies), callers));
    }

    /** None is asked for again each time: a dead letter is rare, and the queue may have got its policy meanwhile. */
    private CompletionStage<List<Entry>> sentIfKnown(List<Copy> copies) {
        DeadLetterQueue known = deadLetters;
        return known != null
                ? sent(known, copies)
                : CompletableFuture.completedFuture(DeadLetterQueue.refused(copies.size()));
    }

    /** A queue that refuses every copy is asked for anew next time: the policy may name another one by then. */
    private CompletionStage<List<Entry>> sent(DeadLetterQueue queue, List<Copy> copies) {
        return queue.send(copies).thenApply(entries -> {
            if (entries.equals(DeadLetterQueue.refused(copies.size()))) {
                deadLetters = null;
            }
            return entries;
        });
    }

    private Facts facts(Map<QueueAttributeName, String> attributes) {
        Optional<Redrive> redrive = Optional.ofNullable(attributes.get(QueueAttributeName.REDRIVE_POLICY))
                .flatMap(Redrive::of);
        keepDeadLetterQueue(redrive.map(Redrive::deadLetterQueue));
        return new Facts(
                name(attributes.get(QueueAttributeName.QUEUE_ARN)),
                visibility(attributes.get(QueueAttributeName.VISIBILITY_TIMEOUT)),
                redrive.map(policy -> OptionalInt.of(policy.maxReceiveCount())).orElse(OptionalInt.empty()),
                redrive.map(policy -> policy.deadLetterQueue().name()));
    }

    /** Keeps what is known of it, its URL that is, as long as it is the same queue. */
    private void keepDeadLetterQueue(Optional<QueueAddress> address) {
        DeadLetterQueue known = deadLetters;
        if (known == null || !address.equals(Optional.of(known.address()))) {
            deadLetters = address.map(named -> new DeadLetterQueue(client, named, callers))
                    .orElse(null);
        }
    }

    private String name(@Nullable String arn) {
        return arn == null ? url.address().name() : arn.substring(arn.lastIndexOf(':') + 1);
    }

    private static Duration visibility(@Nullable String seconds) {
        try {
            return seconds == null ? DEFAULT_VISIBILITY : Duration.ofSeconds(Long.parseLong(seconds));
        } catch (NumberFormatException unknown) {
            return DEFAULT_VISIBILITY;
        }
    }

    private static ChangeMessageVisibilityBatchRequestEntry entry(String id, Change change) {
        return ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(id)
                .receiptHandle(change.receipt())
                .visibilityTimeout(seconds(change.timeout()))
                .build();
    }

    private static List<Entry> entries(int asked, DeleteMessageBatchResponse answer) {
        return BatchAnswer.of(
                asked, answer.successful().stream().map(DeleteMessageBatchResultEntry::id), answer.failed());
    }

    private static List<Entry> entries(int asked, ChangeMessageVisibilityBatchResponse answer) {
        return BatchAnswer.of(
                asked, answer.successful().stream().map(ChangeMessageVisibilityBatchResultEntry::id), answer.failed());
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(duration.toSeconds());
    }
}
