package io.github.eventfork.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The first 64 KiB of an answer, read as UTF-8; more is not received, and the connection is closed. A service that never stops
 * answering fills nothing up. For one answer.
 */
final class FirstOfBody implements BodySubscriber<String> {

    static final int MOST_BYTES = 64 * 1024;

    private final CompletableFuture<String> text = new CompletableFuture<>();

    /** Told one after another, by whoever receives. */
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);

    private Flow.@Nullable Subscription subscription;

    /** Reads so of any answer. */
    static HttpResponse.BodyHandler<String> handler() {
        return head -> new FirstOfBody();
    }

    @Override
    public CompletionStage<String> getBody() {
        return text;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> some) {
        for (ByteBuffer part : some) {
            byte[] kept = new byte[Math.min(part.remaining(), MOST_BYTES - bytes.size())];
            part.get(kept);
            bytes.writeBytes(kept);
        }
        if (bytes.size() == MOST_BYTES && !text.isDone()) {
            text.complete(bytes.toString(UTF_8));
            Objects.requireNonNull(subscription, "told before").cancel();
        }
    }

    @Override
    public void onError(Throwable broken) {
        text.completeExceptionally(broken);
    }

    @Override
    public void onComplete() {
        text.complete(bytes.toString(UTF_8));
    }
}
