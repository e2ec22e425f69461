package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Threads that offer, run, give back and take away at once never see two of a lane at work, nor out of order. */
class LanesStressTest {

    private static final int THREADS = 4;
    private static final int WORKS = 60;
    private static final int LANES = 3;

    @Test
    void a_lane_lets_one_through_at_a_time_in_order_and_loses_none() throws Exception {
        Stress.run(400, THREADS, random -> new Traffic());
    }

    /** Each thread offers works to a few lanes, and is the handler of each head that it gets. */
    private static final class Traffic implements Stress.Round {

        private final Lanes lanes = new Lanes();
        private final Map<String, AtomicInteger> atWork = new ConcurrentHashMap<>();
        private final Map<String, List<Work>> ran = new ConcurrentHashMap<>();
        private final List<Work> takenAway = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void work(int thread, Random random) {
            Deque<Work> offered = new ArrayDeque<>();
            for (int i = 0; i < WORKS; i++) {
                Work work = work(thread, i, "lane-" + random.nextInt(LANES));
                offered.add(work);
                for (Work head = lanes.offer(work) ? work : null; head != null; ) {
                    run(head, random);
                    head = lanes.next(head.lane());
                }
                takeSomethingAway(offered, random);
            }
        }

        private void run(Work head, Random random) {
            AtomicInteger running = atWork.computeIfAbsent(head.lane(), lane -> new AtomicInteger());
            assertThat(running.incrementAndGet())
                    .as("at work in " + head.lane())
                    .isEqualTo(1);
            ran.computeIfAbsent(head.lane(), lane -> new ArrayList<>()).add(head);
            if (random.nextInt(4) == 0) {
                Thread.yield();
            }
            if (random.nextInt(20) == 0) {
                takenAway.addAll(lanes.takeRest(head));
                assertThat(running).as("at work after the rest was taken").hasValue(1);
            }
            running.decrementAndGet();
        }

        /** What a lost lease does to a work that waits. */
        private void takeSomethingAway(Deque<Work> offered, Random random) {
            @Nullable Work mine = random.nextInt(5) == 0 ? offered.poll() : null;
            if (mine == null) {
                return;
            }
            if (random.nextBoolean()) {
                takenAway.addAll(lanes.takeFrom(mine));
            } else if (lanes.take(mine)) {
                takenAway.add(mine);
            }
        }

        @Override
        public void check() {
            List<Work> all = new ArrayList<>(takenAway);
            ran.values().forEach(all::addAll);
            assertThat(all).hasSize(THREADS * WORKS).doesNotHaveDuplicates();
            ran.values().forEach(Traffic::checkOrder);
            ran.keySet().forEach(lane -> {
                assertThat(lanes.anyBehind(lane)).isFalse();
                assertThat(lanes.next(lane)).isNull();
            });
        }

        /** What one thread offered to a lane came in that order. */
        private static void checkOrder(List<Work> lane) {
            for (int thread = 0; thread < THREADS; thread++) {
                String of = "t" + thread + "-";
                assertThat(lane.stream().map(work -> work.delivery.messageId()).filter(id -> id.startsWith(of)))
                        .isSorted();
            }
        }

        private static Work work(int thread, int number, String lane) {
            Delivery delivery = Delivery.of("orders.fifo", String.format("t%d-%03d", thread, number), "")
                    .group(lane)
                    .build();
            return new Work(delivery, KeptLease.lasting(ForkRuntime.system(), Duration.ofMinutes(1)));
        }
    }
}
