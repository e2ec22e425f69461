package io.github.eventfork.queue;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Facts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries settlements out on a {@link MessageQueue}: deletes, visibility changes and dead letters, each in batches after a
 * short linger. Thread-safe; never blocks.
 *
 * <p>A dead letter is sent first and deleted when its copy stands. Where there is no dead-letter queue, or no right to
 * send to it, it stands as given back with the queue's visibility timeout.
 */
public final class BatchingSettler implements Settler {

    private static final Logger log = LoggerFactory.getLogger(BatchingSettler.class);
    private static final Duration LINGER = Duration.ofMillis(20);
    private static final long LONGEST_SECONDS = 43_200;

    private final KnownFacts facts;
    private final Batches<String> deletes;
    private final Batches<Change> changes;
    private final Batches<Copy> copies;

    /** A settler for deliveries of {@code queue}. */
    public BatchingSettler(MessageQueue queue, ForkRuntime runtime) {
        this(queue, runtime, new KnownFacts(queue));
    }

    BatchingSettler(MessageQueue queue, ForkRuntime runtime, KnownFacts facts) {
        this.facts = facts;
        this.deletes = new Batches<>(runtime, LINGER, receipt -> 0, queue::delete);
        this.changes = new Batches<>(runtime, LINGER, change -> 0, queue::changeVisibility);
        this.copies = new Batches<>(runtime, LINGER, DeadLetterNote::bytes, queue::deadLetter);
    }

    @Override
    public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
        return settlement.match(new Settlement.Cases<>() {
            @Override
            public CompletionStage<Settlement> acknowledge(Settlement.Acknowledge acknowledge) {
                return deletes.add(delivery.receipt()).thenApply(entry -> standing(entry, acknowledge));
            }

            @Override
            public CompletionStage<Settlement> tryAgain(Settlement.TryAgain tryAgain) {
                return CompletableFuture.failedFuture(
                        new IllegalArgumentException("what is tried again in hand is not settled"));
            }

            @Override
            public CompletionStage<Settlement> giveBack(Settlement.GiveBack giveBack) {
                return changes.add(new Change(delivery.receipt(), wholeSeconds(giveBack.delay())))
                        .thenApply(entry -> standing(entry, giveBack));
            }

            @Override
            public CompletionStage<Settlement> deadLetter(Settlement.DeadLetter deadLetter) {
                return facts.get().thenCompose(known -> deadLettered(delivery, deadLetter, known));
            }
        });
    }

    @Override
    public CompletionStage<Void> flush() {
        return CompletableFuture.allOf(
                deletes.flush().toCompletableFuture(),
                changes.flush().toCompletableFuture(),
                copies.flush().thenCompose(sent -> deletes.flush()).toCompletableFuture());
    }

    private CompletionStage<Settlement> deadLettered(Delivery delivery, Settlement.DeadLetter letter, Facts known) {
        if (known.deadLetterQueue().isEmpty()) {
            log.debug("Queue '{}' has no dead-letter queue; a dead letter is given back", known.name());
            return heldBack(delivery, known);
        }
        Optional<String> note = DeadLetterNote.of(delivery, letter, known.name());
        return copies.add(new Copy(delivery, note))
                .thenCompose(entry -> entry == Entry.FINAL && note.isPresent()
                        ? copies.add(new Copy(delivery, Optional.empty()))
                        : CompletableFuture.completedFuture(entry))
                .exceptionally(unsent -> {
                    log.warn("Queue '{}': a dead letter could not be sent", known.name(), unsent);
                    return Entry.FINAL;
                })
                .thenCompose(entry -> entry == Entry.DONE
                        ? deletes.add(delivery.receipt()).thenApply(deleted -> standing(deleted, letter))
                        : refused(delivery, known));
    }

    private CompletionStage<Settlement> refused(Delivery delivery, Facts known) {
        log.warn(
                "Queue '{}': its dead-letter queue '{}' refused message {}; the message is given back. "
                        + "Check the right to sqs:SendMessage there.",
                known.name(),
                known.deadLetterQueue().orElse(""),
                delivery);
        return heldBack(delivery, known);
    }

    /** With the queue's visibility timeout, so that it does not spin. */
    private CompletionStage<Settlement> heldBack(Delivery delivery, Facts known) {
        return settle(delivery, new Settlement.GiveBack(known.visibilityTimeout()));
    }

    private static Settlement standing(Entry entry, Settlement settlement) {
        if (entry != Entry.DONE) {
            throw new IllegalStateException("the queue refused it for good; its receipt may be spent");
        }
        return settlement;
    }

    private static Duration wholeSeconds(Duration delay) {
        long seconds = delay.getNano() > 0 ? delay.getSeconds() + 1 : delay.getSeconds();
        return Duration.ofSeconds(Math.max(0, Math.min(LONGEST_SECONDS, seconds)));
    }
}
