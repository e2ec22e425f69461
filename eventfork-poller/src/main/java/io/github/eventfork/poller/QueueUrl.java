package io.github.eventfork.poller;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    private volatile @Nullable String known;

    QueueUrl(SqsAsyncClient client, QueueAddress address) {
        this.client = client;
        this.address = address;
    }

    QueueAddress address() {
        return address;
    }

    /** Makes a call with the URL. */
    <T> CompletableFuture<T> call(Function<String, ? extends CompletionStage<T>> request) {
        return Calls.of(() -> resolved()
                .thenCompose(url -> Calls.of(() -> request.apply(url))
                        .whenComplete((answer, failure) -> forgetIfMissing(failure))));
    }

    private CompletableFuture<String> resolved() {
        String url = known;
        if (url != null) {
            return CompletableFuture.completedFuture(url);
        }
        if (address instanceof QueueAddress.Url given) {
            return CompletableFuture.completedFuture(given.text());
        }
        return lookedUp();
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
