package io.github.eventfork.poller;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.queue.BatchingSettler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsServiceClientConfiguration;

/**
 * Settles for forks in Lambda, so that delays and dead letters happen there, too: without a settler SQS knows neither.
 *
 * <p>Each delivery is settled on the queue that it came from, in batches by queue. The function's role needs {@code
 * sqs:GetQueueUrl}, {@code sqs:ChangeMessageVisibility}, {@code sqs:DeleteMessage} and {@code sqs:GetQueueAttributes} on
 * the queue, {@code sqs:GetQueueUrl} and {@code sqs:SendMessage} on its dead-letter queue. Thread-safe.
 */
public final class SqsSettler implements Settler, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SqsSettler.class);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final SqsAsyncClient client;
    private final ForkRuntime runtime;

    /** Far more than event source mappings of one function; who invokes it by hand may name as many as they like. */
    private static final int MOST_QUEUES = 1_000;

    /** By what a delivery calls its queue: on Lambda that is the ARN. A function has few queues, and they stay. */
    private final Map<String, Settler> queues = new ConcurrentHashMap<>();

    private volatile boolean closed;

    private SqsSettler(SqsAsyncClient client, ForkRuntime runtime) {
        this.client = client;
        this.runtime = runtime;
    }

    /**
     * A settler by this client, whose Region is that of the queues.
     *
     * @param client the caller's, and to be closed after the settler
     */
    public static SqsSettler of(SqsAsyncClient client) {
        return of(client, ForkRuntime.system());
    }

    /** The same with another source of time and threads than {@link ForkRuntime#system()}. */
    public static SqsSettler of(SqsAsyncClient client, ForkRuntime runtime) {
        return new SqsSettler(client, runtime);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Ends exceptionally with an {@link IllegalArgumentException} for a delivery whose queue is neither a name nor an
     * ARN, is in another Region than the client, or is one more than 1,000, and with an {@link IllegalStateException} once this is closed; neither
     * is settled then.
     */
    @Override
    public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("the settler is closed"));
        }
        try {
            return settlerOf(delivery).settle(delivery, settlement);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Settler settlerOf(Delivery delivery) {
        if (queues.size() >= MOST_QUEUES && !queues.containsKey(delivery.queue())) {
            throw new IllegalArgumentException("deliveries have named " + MOST_QUEUES
                    + " queues, and no more are settled; let nobody invoke the function but its event source mappings");
        }
        return queues.computeIfAbsent(delivery.queue(), this::settlerOf);
    }

    /** A name alone is looked up in the client's Region; whatever says another would be settled in a queue of that name. */
    private Settler settlerOf(String queue) {
        QueueAddress address = QueueAddress.of(queue);
        address.region().ifPresent(region -> check(queue, region));
        return new BatchingSettler(SqsMessageQueue.of(client, address, runtime), runtime);
    }

    private void check(String queue, String region) {
        regionOfClient().filter(ours -> !ours.equals(region)).ifPresent(ours -> {
            throw new IllegalArgumentException("queue '" + queue + "' is not in the client's Region, " + ours
                    + ": give the settler a client of the queue's Region");
        });
    }

    /** A client that wraps another need not say. */
    private Optional<String> regionOfClient() {
        try {
            return Optional.ofNullable(client.serviceClientConfiguration())
                    .map(SqsServiceClientConfiguration::region)
                    .map(Region::id);
        } catch (UnsupportedOperationException unsaid) {
            return Optional.empty();
        }
    }

    /** Known soon after a queue is first asked for it. */
    @Override
    public OptionalInt maxReceiveCount(Delivery delivery) {
        try {
            return settlerOf(delivery).maxReceiveCount(delivery);
        } catch (IllegalArgumentException e) {
            return OptionalInt.empty();
        }
    }

    @Override
    public CompletionStage<Void> flush() {
        return CompletableFuture.allOf(queues.values().stream()
                .map(queue -> queue.flush().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Sends what lingers, waits at most 10 s for the answers, and settles nothing more. The client stays open. */
    @Override
    public void close() {
        closed = true;
        try {
            runtime.await(flush(), CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            log.warn("Not all that was to be settled on {} has an answer", queues.keySet(), e);
        }
    }
}
