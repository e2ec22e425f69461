package io.github.eventfork.poller;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;

/**
 * The URL of a queue: looked up at the first call, kept, and looked up anew once SQS says that no such queue exists, so
 * that a queue that is made again is found again. Thread-safe; two first calls at once look it up twice.
 */
final class QueueUrl {

    private final SqsAsyncClient client;
    private final QueueAddress address;
    private final Executor callers;
    private volatile @Nullable String known;

    /** @param callers where a call begins once the URL is looked up */
    QueueUrl(SqsAsyncClient client, QueueAddress address, Executor callers) {
        this.client = client;
        this.address = address;
        this.callers = callers;
    }

    QueueAddress address() {
        return address;
    }

    /** Makes a call with the URL. */
    <T> CompletableFuture<T> call(Function<String, ? extends CompletionStage<T>> request) {
        return Calls.of(() -> {
            Optional<String> url =
                    address instanceof QueueAddress.Url given ? Optional.of(given.text()) : Optional.ofNullable(known);
            return url.isPresent()
                    ? at(url.get(), request)
                    : lookedUp().thenComposeAsync(found -> at(found, request), callers);
        });
    }

    private <T> CompletableFuture<T> at(String url, Function<String, ? extends CompletionStage<T>> request) {
        return Calls.<T>of(() -> request.apply(url)).whenComplete((answer, failure) -> forgetIfMissing(failure));
    }

    private CompletableFuture<String> lookedUp() {
        return address.lookup()
                .map(request -> client.getQueueUrl(request)
                        .thenApply(GetQueueUrlResponse::queueUrl)
                        .thenApply(this::keep))
                .orElseThrow();
    }

    private String keep(String url) {
        known = url;
        return url;
    }

    private void forgetIfMissing(@Nullable Throwable failure) {
        if (failure != null && Calls.queueIsMissing(failure)) {
            known = null;
        }
    }
}
