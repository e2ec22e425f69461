package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.engine.Stress;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is added by several threads at once is sent until it has its answer, in lawful batches, and never again. */
class BatchesStressTest {

    private static final int THREADS = 4;
    private static final int ENTRIES = 60;
    private static final long HALF_A_MEBIBYTE = 1 << 19;

    @Test
    void each_entry_is_answered_once_and_none_is_sent_again_afterwards() throws Exception {
        try (QuickRuntime runtime = new QuickRuntime()) {
            Stress.run(150, THREADS, random -> new Traffic(runtime));
        }
    }

    @Test
    void what_is_added_at_once_is_all_sent() throws Exception {
        try (QuickRuntime runtime = new QuickRuntime()) {
            Stress.run(60, THREADS, random -> new Rush(runtime));
        }
    }

    /** Each thread adds as fast as it can, and all is answered at once. */
    private static final class Rush implements Stress.Round {

        private static final int SHARE = 1_500;

        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger answers = new AtomicInteger();
        private final Batches<Integer> batches;

        Rush(QuickRuntime runtime) {
            this.batches = new Batches<>(runtime, Duration.ofHours(1), value -> 0, this::done);
        }

        private CompletionStage<List<Entry>> done(List<Integer> values) {
            sent.addAndGet(values.size());
            return CompletableFuture.completedFuture(Collections.nCopies(values.size(), Entry.DONE));
        }

        @Override
        public void work(int thread, Random random) {
            for (int i = 0; i < SHARE; i++) {
                batches.add(i).thenRun(answers::incrementAndGet);
            }
        }

        @Override
        public void check() {
            batches.send();
            assertThat(sent).hasValue(THREADS * SHARE);
            assertThat(answers).hasValue(THREADS * SHARE);
        }
    }

    private static final class Traffic implements Stress.Round {

        private final QuickRuntime runtime;
        private final Batches<String> batches;
        private final Set<String> onTheirWay = ConcurrentHashMap.newKeySet();
        private final Map<String, Entry> settled = new ConcurrentHashMap<>();
        private final ConcurrentLinkedQueue<String> unlawful = new ConcurrentLinkedQueue<>();
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger answers = new AtomicInteger();
        private final List<CompletionStage<Void>> asked = Collections.synchronizedList(new ArrayList<>());

        Traffic(QuickRuntime runtime) {
            this.runtime = runtime;
            this.batches = new Batches<>(runtime, Duration.ofMillis(20), Traffic::bytes, this::sent);
        }

        private static long bytes(String value) {
            return value.endsWith("0") ? HALF_A_MEBIBYTE : 100;
        }

        @Override
        public void work(int thread, Random random) {
            for (int i = 0; i < ENTRIES; i++) {
                String value = thread + "-" + i;
                asked.add(batches.add(value).handle((entry, error) -> told(value, entry, error)));
                if (random.nextInt(8) == 0) {
                    batches.send();
                }
            }
        }

        private @Nullable Void told(String value, @Nullable Entry entry, @Nullable Throwable error) {
            answers.incrementAndGet();
            boolean usedUp = error != null && "no answer after 8 tries".equals(error.getMessage());
            if (!usedUp && entry != settled.get(value)) {
                unlawful.add(value + " is answered by " + entry + ", " + error);
            }
            return null;
        }

        private CompletionStage<List<Entry>> sent(List<String> values) {
            check(values);
            CompletableFuture<List<Entry>> answer = new CompletableFuture<>();
            Random random = new Random(values.hashCode() + 31L * calls.incrementAndGet());
            runtime.handlers().execute(() -> {
                onTheirWay.removeAll(values);
                answer(values, random, answer);
            });
            return answer;
        }

        private void check(List<String> values) {
            if (values.isEmpty() || values.size() > 10) {
                unlawful.add(values.size() + " entries");
            }
            if (values.stream().mapToLong(Traffic::bytes).sum() > 2 * HALF_A_MEBIBYTE && values.size() > 1) {
                unlawful.add("too many bytes: " + values);
            }
            for (String value : values) {
                if (!onTheirWay.add(value)) {
                    unlawful.add(value + " twice at once");
                }
                if (settled.containsKey(value)) {
                    unlawful.add(value + " after it was settled");
                }
            }
        }

        /** The whole call fails, or leaves out its end, or tells of each entry; most are done. */
        private void answer(List<String> values, Random random, CompletableFuture<List<Entry>> answer) {
            if (random.nextInt(10) == 0) {
                answer.completeExceptionally(new IllegalStateException("no network"));
                return;
            }
            int answered = random.nextInt(10) == 0 ? random.nextInt(values.size() + 1) : values.size();
            List<Entry> entries = new ArrayList<>();
            for (String value : values.subList(0, answered)) {
                Entry entry =
                        random.nextInt(5) == 0 ? Entry.RETRIABLE : random.nextInt(9) == 0 ? Entry.FINAL : Entry.DONE;
                if (entry != Entry.RETRIABLE) {
                    settled.put(value, entry);
                }
                entries.add(entry);
            }
            answer.complete(entries);
        }

        @Override
        public void check() throws Exception {
            for (CompletionStage<Void> one : asked) {
                one.toCompletableFuture().get(30, TimeUnit.SECONDS);
            }
            assertThat(unlawful).isEmpty();
            assertThat(answers).hasValue(THREADS * ENTRIES);
        }
    }
}
