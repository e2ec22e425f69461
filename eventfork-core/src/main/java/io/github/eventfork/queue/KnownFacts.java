package io.github.eventfork.queue;

import io.github.eventfork.queue.MessageQueue.Facts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks the queue for its facts until it has told them once, and then remembers. Thread-safe. */
final class KnownFacts {

    private final MessageQueue queue;
    private volatile @Nullable Facts known;

    KnownFacts(MessageQueue queue) {
        this.queue = queue;
    }

    CompletionStage<Facts> get() {
        Facts told = known;
        if (told != null) {
            return CompletableFuture.completedFuture(told);
        }
        try {
            return queue.facts().thenApply(facts -> known = facts);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
