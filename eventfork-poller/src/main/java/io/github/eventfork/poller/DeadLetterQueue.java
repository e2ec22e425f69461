package io.github.eventfork.poller;

import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/**
 * A dead-letter queue that a RedrivePolicy names. A copy that can't be sent because the queue is not there, or because
 * we may not send to it, is refused for good: trying again helps nobody, and the message is given back instead.
 * Thread-safe.
 */
final class DeadLetterQueue {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterQueue.class);

    private final SqsAsyncClient client;
    private final QueueUrl url;

    DeadLetterQueue(SqsAsyncClient client, QueueAddress address, Executor callers) {
        this.client = client;
        this.url = new QueueUrl(client, address, callers);
    }

    QueueAddress address() {
        return url.address();
    }

    CompletableFuture<List<Entry>> send(List<Copy> copies) {
        return Calls.of(() -> url.call(to -> client.sendMessageBatch(request(to, copies)))
                .thenApply(answer -> entries(copies.size(), answer))
                .exceptionallyCompose(failure -> refusedOrFailed(copies.size(), Calls.cause(failure))));
    }

    /** Every copy refused for good. */
    static List<Entry> refused(int copies) {
        return Collections.nCopies(copies, Entry.FINAL);
    }

    private CompletableFuture<List<Entry>> refusedOrFailed(int copies, Throwable failure) {
        if (Calls.queueIsMissing(failure) || Calls.isForbidden(failure)) {
            log.info(
                    "Can't send {} messages to dead-letter queue '{}': {}. It must exist, and the consumer needs"
                            + " sqs:GetQueueUrl and sqs:SendMessage on it, and the use of its key.",
                    copies,
                    address().name(),
                    Calls.code(failure));
            return CompletableFuture.completedFuture(refused(copies));
        }
        return CompletableFuture.failedFuture(failure);
    }

    private SendMessageBatchRequest request(String to, List<Copy> copies) {
        boolean fifo = address().name().endsWith(".fifo");
        List<SendMessageBatchRequestEntry> entries = IntStream.range(0, copies.size())
                .mapToObj(i -> Outgoing.entry(BatchAnswer.id(i), copies.get(i), fifo))
                .toList();
        return SendMessageBatchRequest.builder().queueUrl(to).entries(entries).build();
    }

    private static List<Entry> entries(int asked, SendMessageBatchResponse answer) {
        return BatchAnswer.of(
                asked, answer.successful().stream().map(SendMessageBatchResultEntry::id), answer.failed());
    }
}
