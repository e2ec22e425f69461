package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Settlement;
import io.github.eventfork.engine.Elapsed;
import io.github.eventfork.engine.Stress;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Settlements and flushes by several threads at once: none is lost or done twice, and no flush ends before its own. */
class BatchingSettlerStressTest {

    /** So slow that no answer takes longer than a call's limit. */
    private static final int SPEED = 20;

    private static final int THREADS = 4;
    private static final int DELIVERIES = 50;

    @Test
    void each_settlement_stands_once_and_a_flush_ends_after_what_was_asked_before() throws Exception {
        try (QuickRuntime runtime = new QuickRuntime(SPEED)) {
            Stress.run(120, THREADS, random -> new Traffic(runtime));
        }
    }

    private static final class Traffic implements Stress.Round {

        private final QuickRuntime runtime;
        private final BatchingSettler settler;
        private final Map<String, AtomicInteger> deleted = new ConcurrentHashMap<>();
        private final Map<String, AtomicInteger> changed = new ConcurrentHashMap<>();
        private final Map<String, AtomicInteger> copied = new ConcurrentHashMap<>();
        private final Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
        private final AtomicInteger calls = new AtomicInteger();
        private final ConcurrentLinkedQueue<String> unlawful = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<CompletableFuture<Void>> flushes = new ConcurrentLinkedQueue<>();

        private record Asked(Delivery delivery, Settlement settlement, CompletableFuture<Settlement> standing) {}

        Traffic(QuickRuntime runtime) {
            this.runtime = runtime;
            MessageQueue queue = new Port(
                    new ScriptedQueue(
                            call(Function.identity(), deleted),
                            call(MessageQueue.Change::receipt, changed),
                            call(copy -> copy.delivery().receipt(), copied)),
                    runtime,
                    new Elapsed(runtime));
            // deliveries stay ours: how long they do without a lease is no matter of threads, and short at this speed
            this.settler = new BatchingSettler(
                    queue,
                    runtime,
                    new KnownFacts(queue, runtime, Optional.empty()),
                    delivery -> () -> true,
                    false,
                    delivery -> CompletableFuture.completedFuture(null));
        }

        @Override
        public void work(int thread, Random random) {
            List<CompletableFuture<?>> mine = new ArrayList<>();
            for (int i = 0; i < DELIVERIES; i++) {
                Delivery delivery = Delivery.of("orders", thread + "-" + i, "").build();
                Settlement settlement = any(random);
                CompletableFuture<Settlement> standing =
                        settler.settle(delivery, settlement).toCompletableFuture();
                asked.add(new Asked(delivery, settlement, standing));
                mine.add(standing);
                if (random.nextInt(6) == 0) {
                    List<CompletableFuture<?>> before = List.copyOf(mine);
                    flushes.add(settler.flush()
                            .thenRun(() -> {
                                if (!before.stream().allMatch(CompletableFuture::isDone)) {
                                    unlawful.add("a flush was over before its settlements");
                                }
                            })
                            .toCompletableFuture());
                }
            }
        }

        private static Settlement any(Random random) {
            return switch (random.nextInt(3)) {
                case 0 -> new Settlement.Acknowledge();
                case 1 -> new Settlement.GiveBack(Duration.ofSeconds(random.nextInt(5)));
                default -> new Settlement.DeadLetter("it can't be read", "fork", 1);
            };
        }

        /** Some entries are to be tried again, some are left out, but no more than a few times; what is done is counted. */
        private <T> Function<List<T>, CompletionStage<List<Entry>>> call(
                Function<T, String> receipt, Map<String, AtomicInteger> done) {
            return batch -> {
                CompletableFuture<List<Entry>> answer = new CompletableFuture<>();
                Random random = new Random(calls.incrementAndGet());
                boolean trouble = batch.stream().allMatch(one -> count(tries, receipt.apply(one)) <= 3);
                runtime.handlers().execute(() -> {
                    List<Entry> entries = new ArrayList<>();
                    int answered = trouble && random.nextInt(10) == 0 ? random.nextInt(batch.size() + 1) : batch.size();
                    for (T one : batch.subList(0, answered)) {
                        boolean again = trouble && random.nextInt(6) == 0;
                        entries.add(again ? Entry.RETRIABLE : Entry.DONE);
                        if (!again) {
                            count(done, receipt.apply(one));
                        }
                    }
                    answer.complete(entries);
                });
                return answer;
            };
        }

        @Override
        public void check() throws Exception {
            for (CompletableFuture<Void> flush : flushes) {
                flush.get(30, TimeUnit.SECONDS);
            }
            for (Asked one : asked) {
                assertThat(one.standing.get(30, TimeUnit.SECONDS)).isEqualTo(one.settlement);
                checkDoneOnce(one);
            }
            assertThat(unlawful).isEmpty();
            assertThat(asked).hasSize(THREADS * DELIVERIES);
        }

        private void checkDoneOnce(Asked one) {
            boolean givenBack = one.settlement instanceof Settlement.GiveBack;
            boolean deadLettered = one.settlement instanceof Settlement.DeadLetter;
            assertThat(counted(deleted, one)).as("deletes").isEqualTo(givenBack ? 0 : 1);
            assertThat(counted(changed, one)).as("visibility changes").isEqualTo(givenBack ? 1 : 0);
            assertThat(counted(copied, one)).as("copies").isEqualTo(deadLettered ? 1 : 0);
        }

        private static int count(Map<String, AtomicInteger> counts, String receipt) {
            return counts.computeIfAbsent(receipt, none -> new AtomicInteger()).incrementAndGet();
        }

        private static int counted(Map<String, AtomicInteger> counts, Asked one) {
            return counts.getOrDefault(one.delivery.receipt(), new AtomicInteger())
                    .get();
        }
    }
}
