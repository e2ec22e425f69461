package io.github.eventfork.queue;

import io.github.eventfork.queue.MessageQueue.Facts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks the queue for its facts until it has told them once and they make sense, and then remembers. Thread-safe. */
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
            return queue.facts().thenApply(this::checked);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Facts checked(Facts facts) {
        if (facts.visibilityTimeout().isZero()) {
            throw new IllegalStateException("the visibility timeout of queue '" + facts.name()
                    + "' is 0, so each message would be received again at once; set it to what a handler may take");
        }
        known = facts;
        return facts;
    }
}
