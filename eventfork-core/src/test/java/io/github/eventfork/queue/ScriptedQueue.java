package io.github.eventfork.queue;

import io.github.eventfork.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A queue that nothing can be received from; a test answers its batch calls. */
record ScriptedQueue(
        Function<List<String>, CompletionStage<List<Entry>>> deletes,
        Function<List<Change>, CompletionStage<List<Entry>>> changes,
        Function<List<Copy>, CompletionStage<List<Entry>>> copies)
        implements MessageQueue {

    /** A queue of which nothing but visibility timeouts is changed. */
    static ScriptedQueue renewing(Function<List<Change>, CompletionStage<List<Entry>>> changes) {
        return new ScriptedQueue(unexpected -> refused(), changes, unexpected -> refused());
    }

    @Override
    public CompletionStage<Facts> facts() {
        return CompletableFuture.completedFuture(
                new Facts("orders", Duration.ofSeconds(30), OptionalInt.of(3), Optional.of("orders-dlq")));
    }

    @Override
    public CompletionStage<List<Delivery>> receive(Receive asked) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("nothing to receive"));
    }

    @Override
    public CompletionStage<List<Entry>> delete(List<String> receipts) {
        return deletes.apply(receipts);
    }

    @Override
    public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
        return this.changes.apply(changes);
    }

    @Override
    public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
        return this.copies.apply(copies);
    }

    private static CompletionStage<List<Entry>> refused() {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("not in this test"));
    }
}
