package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Threads that offer, start, give up and take away at once never run too many, and neither lose nor double a start. */
class SlotsStressTest {

    private static final int THREADS = 4;
    private static final int WORKS = 80;
    private static final int SLOTS = 3;

    @Test
    void slots_are_bounded_and_each_work_starts_once_or_is_taken_away_though_some_are_refused_at_first()
            throws Exception {
        Stress.run(600, THREADS, random -> new Traffic());
    }

    /** A start puts the work where any of the threads may end it. */
    private static final class Traffic implements Stress.Round {

        private final AtomicInteger running = new AtomicInteger();
        private final AtomicLong over = new AtomicLong();
        private final ConcurrentLinkedQueue<Work> started = new ConcurrentLinkedQueue<>();
        private final Set<Work> refused = ConcurrentHashMap.newKeySet();
        private final ConcurrentLinkedQueue<Work> again = new ConcurrentLinkedQueue<>();
        private final List<Work> settled = Collections.synchronizedList(new ArrayList<>());
        private final Slots slots = new Slots(SLOTS, this::start);

        /** Each seventh is refused a thread the first time, and comes again as if its second were over. */
        private boolean start(Work work) {
            if (work.delivery.messageId().hashCode() % 7 == 0 && refused.add(work)) {
                again.add(work);
                return false;
            }
            assertThat(running.incrementAndGet()).as("running").isLessThanOrEqualTo(SLOTS);
            started.add(work);
            return true;
        }

        @Override
        public void work(int thread, Random random) {
            for (int i = 0; i < WORKS; i++) {
                Work work = work(thread + "-" + i);
                slots.offer(work);
                if (random.nextInt(3) == 0 && slots.take(work)) {
                    settled.add(work);
                }
                if (random.nextInt(40) == 0) {
                    settled.addAll(slots.takeWaiting());
                }
                Dispatcher.Load load = slots.load();
                assertThat(load.free()).as("free").isBetween(0, SLOTS);
                assertThat(load.free() > 0 && load.ready() > 0)
                        .as("something waits while a slot is free")
                        .isFalse();
                endOne();
            }
            while (!started.isEmpty() || !again.isEmpty()) {
                endOne();
            }
        }

        private void endOne() {
            Work refusedBefore = again.poll();
            if (refusedBefore != null) {
                slots.offer(refusedBefore);
            }
            Work work = started.poll();
            if (work != null) {
                settled.add(work);
                running.decrementAndGet();
                over.incrementAndGet();
                slots.giveUp();
            }
        }

        @Override
        public void check() {
            while (!started.isEmpty() || !again.isEmpty()) {
                endOne();
            }
            assertThat(settled).hasSize(THREADS * WORKS).doesNotHaveDuplicates();
            assertThat(slots.load()).isEqualTo(new Dispatcher.Load(SLOTS, 0, over.get()));
        }

        private static Work work(String id) {
            return new Work(
                    Delivery.of("orders", id, "").build(),
                    KeptLease.lasting(ForkRuntime.system(), Duration.ofMinutes(1)));
        }
    }
}
