package io.github.eventfork.poller;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.queue.BatchingSettler;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Settles for a fork in Lambda, so that delays and dead letters happen there, too: without a settler SQS knows neither.
 *
 * <p>It belongs to one queue, and refuses deliveries of another one. The function's role needs {@code
 * sqs:ChangeMessageVisibility}, {@code sqs:DeleteMessage}, {@code sqs:GetQueueAttributes} and, unless given a URL,
 * {@code sqs:GetQueueUrl} on the queue; {@code sqs:GetQueueUrl} and {@code sqs:SendMessage} on its dead-letter queue.
 * Thread-safe.
 */
public final class SqsSettler implements Settler, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SqsSettler.class);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final QueueAddress queue;
    private final ForkRuntime runtime;
    private final Settler batches;
    private volatile boolean closed;

    private SqsSettler(QueueAddress queue, ForkRuntime runtime, Settler batches) {
        this.queue = queue;
        this.runtime = runtime;
        this.batches = batches;
    }

    /**
     * A settler for a queue, given by its name, its URL or its ARN.
     *
     * @param client the caller's, and to be closed after the settler
     * @throws IllegalArgumentException if {@code nameUrlOrArn} is none of the three
     */
    public static SqsSettler of(SqsAsyncClient client, String nameUrlOrArn) {
        return of(client, nameUrlOrArn, ForkRuntime.system());
    }

    /** The same with another source of time and threads than {@link ForkRuntime#system()}. */
    public static SqsSettler of(SqsAsyncClient client, String nameUrlOrArn, ForkRuntime runtime) {
        QueueAddress address = QueueAddress.of(nameUrlOrArn);
        return new SqsSettler(address, runtime, new BatchingSettler(new SqsMessageQueue(client, address), runtime));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Ends exceptionally with an {@link IllegalArgumentException} for a delivery of another queue, and with an
     * {@link IllegalStateException} once this is closed; neither is settled then.
     */
    @Override
    public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
        if (!queue.isFor(delivery.queue())) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("a delivery of queue '"
                    + delivery.queue() + "' was given to the settler of queue '" + queue.name() + "'"));
        }
        if (closed) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the settler of queue '" + queue.name() + "' is closed"));
        }
        return batches.settle(delivery, settlement);
    }

    @Override
    public OptionalInt maxReceiveCount(Delivery delivery) {
        return batches.maxReceiveCount(delivery);
    }

    @Override
    public CompletionStage<Void> flush() {
        return batches.flush();
    }

    /** Sends what lingers, waits at most 10 s for the answers, and settles nothing more. The client stays open. */
    @Override
    public void close() {
        closed = true;
        try {
            runtime.await(batches.flush(), CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            log.warn("Queue '{}': not all that was to be settled has an answer", queue.name(), e);
        }
    }
}
