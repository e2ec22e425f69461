package io.github.eventfork.testkit;

import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.testkit.StoryTelling.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Where stories are told. */
interface StoryStage {

    /** How far a story stays off a deadline, halved: what store and clock may be apart. */
    Duration margin();

    /** Tells the stories, as far as it must to know the first of them that goes wrong. */
    Optional<Failure> firstFailing(List<StoreStory> stories) throws InterruptedException;

    /** One after another, each on a store and by a clock of its own. */
    static StoryStage inTurn(Supplier<? extends IdempotencyStore> fresh, Supplier<StoryClock> clocks, Duration margin) {
        return new StoryStage() {
            @Override
            public Duration margin() {
                return margin;
            }

            @Override
            public Optional<Failure> firstFailing(List<StoreStory> stories) throws InterruptedException {
                for (StoreStory story : stories) {
                    Optional<Failure> failure = new StoryTelling(
                                    fresh.get(), clocks.get(), margin, "fork#", Duration.ofDays(1))
                            .tell(story);
                    if (failure.isPresent()) {
                        return failure;
                    }
                }
                return Optional.empty();
            }
        };
    }

    /** All at once on one store, each with keys and a thread of its own, and each for {@code limit} at most. */
    static StoryStage sideBySide(IdempotencyStore store, StoryClock clock, Duration margin, Duration limit) {
        AtomicLong told = new AtomicLong();
        return new StoryStage() {
            @Override
            public Duration margin() {
                return margin;
            }

            @Override
            public Optional<Failure> firstFailing(List<StoreStory> stories) throws InterruptedException {
                List<Callable<Optional<Failure>>> all = new ArrayList<>();
                for (StoreStory story : stories) {
                    String prefix = "fork#story-" + told.incrementAndGet() + "-";
                    all.add(() -> new StoryTelling(store, clock, margin, prefix, limit).tell(story));
                }
                ExecutorService tellers = Executors.newFixedThreadPool(all.size());
                try {
                    for (Future<Optional<Failure>> each : tellers.invokeAll(all)) {
                        if (each.get().isPresent()) {
                            return each.get();
                        }
                    }
                    return Optional.empty();
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a story could not be told to its end", e.getCause());
                } finally {
                    tellers.shutdownNow();
                }
            }
        };
    }
}
