package io.github.eventfork.queue;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.engine.Elapsed;
import io.github.eventfork.engine.RecentIds;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Copy;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Facts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
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

    /** Who keeps no leases does nothing by a receipt later than this: by then it may be another's. Eight tries take less. */
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final KnownFacts facts;
    private final Function<Delivery, BooleanSupplier> ours;
    private final boolean patient;
    private final Function<Delivery, CompletionStage<Void>> quiet;
    private final Batches<String> deletes;
    private final Batches<Change> changes;
    private final Batches<Copy> copies;

    /**
     * One for each settlement that was asked for, completed when whoever asked has been told. A flush waits for these and
     * not for the answers, because the dependents of a stage run last in, first out: the flush would be over first.
     */
    private final Set<Asked> open = ConcurrentHashMap.newKeySet();

    private static final class Asked {
        final CompletableFuture<Void> told = new CompletableFuture<>();

        /** Whether delays and copies may be sent still. */
        final BooleanSupplier ours;

        Asked(BooleanSupplier ours) {
            this.ours = ours;
        }

        /** A flush waits for it, so none of its steps lingers any more; other settlements do, as ever. */
        volatile boolean flushed;
    }

    /** Ids of messages whose copy stands in the dead-letter queue and whose delete does not. */
    private final RecentIds copiedNotDeleted = new RecentIds();

    /**
     * A settler for deliveries of {@code queue} whose leases nobody keeps: delays and copies are sent within 10 s, and half of
     * the queue's visibility timeout where that is known, of when they were asked for. A process that is frozen in between, as
     * Lambda's are, would else do it by a receipt when another has the message.
     */
    public BatchingSettler(MessageQueue queue, ForkRuntime runtime) {
        this(new Unleased(queue, runtime), runtime);
    }

    private BatchingSettler(Unleased queue, ForkRuntime runtime) {
        this(
                queue.port,
                runtime,
                queue.facts,
                delivery -> queue.inTime(),
                false,
                delivery -> CompletableFuture.completedFuture(null));
    }

    /** A queue of whose deliveries nobody keeps the leases. */
    private static final class Unleased {
        final Elapsed time;
        final Port port;
        final KnownFacts facts;

        Unleased(MessageQueue queue, ForkRuntime runtime) {
            this.time = new Elapsed(runtime);
            this.port = new Port(queue, runtime, time);
            this.facts = new KnownFacts(port, runtime, Optional.empty());
        }

        /** Whether what is asked for now may be sent still. */
        BooleanSupplier inTime() {
            long asked = time.nanos();
            return () -> {
                Duration half = facts.known()
                        .map(known -> known.visibilityTimeout().dividedBy(2))
                        .orElse(WITHIN);
                return time.nanos() - asked < (half.compareTo(WITHIN) < 0 ? half : WITHIN).toNanos();
            };
        }
    }

    /**
     * @param ours whether a delivery is ours still: delays and copies are sent only as long as it is
     * @param patient whether the delete of what is done or copied away is tried on for as long, unanswered as it is
     * @param quiet ends when no renewal may undo a delay any more
     */
    BatchingSettler(
            MessageQueue queue,
            ForkRuntime runtime,
            KnownFacts facts,
            Function<Delivery, BooleanSupplier> ours,
            boolean patient,
            Function<Delivery, CompletionStage<Void>> quiet) {
        this.facts = facts;
        this.ours = ours;
        this.patient = patient;
        this.quiet = quiet;
        this.deletes = new Batches<>(runtime, LINGER, receipt -> 0, queue::delete);
        this.changes = new Batches<>(runtime, LINGER, change -> 0, queue::changeVisibility);
        this.copies = new Batches<>(runtime, LINGER, DeadLetterNote::bytes, queue::deadLetter);
    }

    @Override
    public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
        CompletableFuture<Settlement> answer = new CompletableFuture<>();
        Asked asked = new Asked(ours.apply(delivery));
        open.add(asked);
        asked(delivery, settlement, asked).whenComplete((standing, error) -> {
            if (error != null) {
                answer.completeExceptionally(error);
            } else {
                answer.complete(standing);
            }
            open.remove(asked);
            asked.told.complete(null);
        });
        return answer;
    }

    @Override
    public OptionalInt maxReceiveCount(Delivery delivery) {
        return facts.last()
                .map(known -> OptionalInt.of(known.maxReceiveCount().orElse(Integer.MAX_VALUE)))
                .orElseGet(OptionalInt::empty);
    }

    @Override
    public CompletionStage<Void> flush() {
        List<Asked> waitedFor = List.copyOf(open);
        waitedFor.forEach(asked -> asked.flushed = true);
        deletes.send();
        changes.send();
        copies.send();
        return CompletableFuture.allOf(
                waitedFor.stream().map(asked -> asked.told).toArray(CompletableFuture[]::new));
    }

    /** The second or third step of a settlement: it does not linger while a flush waits for it. */
    private static CompletionStage<Entry> next(Asked asked, CompletionStage<Entry> answer, Batches<?> batches) {
        if (asked.flushed) {
            batches.send();
        }
        return answer;
    }

    private CompletionStage<Entry> delete(Delivery delivery, Asked asked) {
        return patient ? deletes.add(delivery.receipt(), asked.ours) : deletes.add(delivery.receipt());
    }

    private CompletionStage<Settlement> asked(Delivery delivery, Settlement settlement, Asked asked) {
        return settlement.match(new Settlement.Cases<>() {
            @Override
            public CompletionStage<Settlement> acknowledge(Settlement.Acknowledge acknowledge) {
                return delete(delivery, asked).thenApply(entry -> standing(entry, acknowledge));
            }

            @Override
            public CompletionStage<Settlement> tryAgain(Settlement.TryAgain tryAgain) {
                return CompletableFuture.failedFuture(
                        new IllegalArgumentException("what is tried again in hand is not settled"));
            }

            @Override
            public CompletionStage<Settlement> giveBack(Settlement.GiveBack giveBack) {
                return givenBack(delivery, giveBack, asked);
            }

            @Override
            public CompletionStage<Settlement> deadLetter(Settlement.DeadLetter deadLetter) {
                return known().thenCompose(known -> deadLettered(delivery, deadLetter, known, asked));
            }
        });
    }

    /**
     * As the queue is now: another dead-letter queue may be named since. What it told before, if it does not answer. Those that
     * go in one batch ask once: a batch lingers from when the first of it knows.
     */
    private CompletionStage<Facts> known() {
        return facts.now(LINGER)
                .handle((now, error) -> error == null
                        ? CompletableFuture.completedFuture(now)
                        : facts.last()
                                .map(CompletableFuture::completedFuture)
                                .orElseGet(() -> CompletableFuture.failedFuture(error)))
                .thenCompose(known -> known);
    }

    private CompletionStage<Settlement> deadLettered(
            Delivery delivery, Settlement.DeadLetter letter, Facts known, Asked asked) {
        if (known.deadLetterQueue().isEmpty()) {
            log.debug("Queue '{}' has no dead-letter queue; a dead letter is given back", known.name());
            return heldBack(delivery, known, asked);
        }
        return copied(delivery, letter, known, asked).thenCompose(copy -> {
            if (!copy) {
                return refused(delivery, known, asked);
            }
            copiedNotDeleted.add(delivery.messageId());
            return next(asked, delete(delivery, asked), deletes).handle((entry, unknown) -> {
                deleted(delivery, entry == Entry.DONE);
                return letter;
            });
        });
    }

    /** Whether a copy stands. One that was sent before, and whose message could not be deleted, is not sent again. */
    private CompletionStage<Boolean> copied(Delivery delivery, Settlement.DeadLetter letter, Facts known, Asked asked) {
        if (copiedNotDeleted.contains(delivery.messageId())) {
            return CompletableFuture.completedFuture(true);
        }
        Optional<String> note = DeadLetterNote.of(delivery, letter, known.name());
        return copy(new Copy(delivery, note), asked)
                .thenCompose(entry -> entry == Entry.FINAL && note.isPresent()
                        ? copy(new Copy(delivery, Optional.empty()), asked)
                        : CompletableFuture.completedFuture(entry))
                .exceptionally(unsent -> {
                    log.warn("Queue '{}': a dead letter could not be sent", known.name(), unsent);
                    return Entry.FINAL;
                })
                .thenApply(entry -> {
                    if (entry != Entry.DONE && !asked.ours.getAsBoolean()) {
                        throw new IllegalStateException(
                                "its dead letter could not be sent in time: another may have it by now");
                    }
                    return entry == Entry.DONE;
                });
    }

    private CompletionStage<Entry> copy(Copy copy, Asked asked) {
        return next(asked, copies.addWhile(asked.ours, copy), copies);
    }

    private void deleted(Delivery delivery, boolean deleted) {
        if (deleted) {
            copiedNotDeleted.remove(delivery.messageId());
        } else {
            log.warn("{} stands in the dead-letter queue, but could not be deleted; it will be seen again", delivery);
        }
    }

    private CompletionStage<Settlement> refused(Delivery delivery, Facts known, Asked asked) {
        log.warn(
                "Queue '{}': its dead-letter queue '{}' refused message {}; the message is given back. "
                        + "Check the right to sqs:SendMessage there.",
                known.name(),
                known.deadLetterQueue().orElse(""),
                delivery);
        return heldBack(delivery, known, asked);
    }

    /** With the queue's visibility timeout, so that it does not spin. */
    private CompletionStage<Settlement> heldBack(Delivery delivery, Facts known, Asked asked) {
        return givenBack(delivery, new Settlement.GiveBack(known.visibilityTimeout()), asked);
    }

    private CompletionStage<Settlement> givenBack(Delivery delivery, Settlement.GiveBack back, Asked asked) {
        Change change = new Change(delivery.receipt(), wholeSeconds(back.delay()));
        return quiet.apply(delivery)
                .thenCompose(none -> next(asked, changes.addWhile(asked.ours, change), changes))
                .thenApply(entry -> standing(entry, back));
    }

    private static Settlement standing(Entry entry, Settlement settlement) {
        if (entry != Entry.DONE) {
            throw new IllegalStateException("the queue refused it for good; its receipt may be spent");
        }
        return settlement;
    }

    private static Duration wholeSeconds(Duration delay) {
        long begun = Math.max(-1, Math.min(LONGEST_SECONDS, delay.getSeconds()));
        long seconds = delay.getNano() > 0 ? begun + 1 : begun;
        return Duration.ofSeconds(Math.max(0, Math.min(LONGEST_SECONDS, seconds)));
    }
}
