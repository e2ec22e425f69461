package io.github.eventfork.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs something on several threads at once, again and again. Chance comes from a seed, and each thread's is its own, so
 * that only the scheduler differs from run to run. {@code -Dstress.times=50} makes 50 times as many rounds, {@code
 * -Dstress.seed=7} makes others.
 */
public final class Stress {

    private static final int TIMES = Integer.getInteger("stress.times", 1);
    private static final long SEED = Long.getLong("stress.seed", 20_260_131);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Stress() {}

    /** One round: what it does at once, and what must hold afterwards. */
    public interface Round {

        /** What each of the threads does. */
        void work(int thread, Random random) throws Exception;

        /** Checks what must hold when all threads have ended. */
        void check() throws Exception;
    }

    /** Makes a round of chance. */
    public interface Rounds {
        /** The next round. */
        Round next(Random random);
    }

    /** Runs {@code count} rounds on as many threads; throws what the first one that failed threw, with its seed. */
    public static void run(int count, int threads, Rounds rounds) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "stress");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int i = 0; i < count * TIMES; i++) {
                long seed = SEED + i;
                try {
                    run(rounds.next(new Random(seed)), seed, threads, executor);
                } catch (Exception | Error e) {
                    throw new AssertionError(
                            "round " + (i + 1) + " of " + count * TIMES + " (-Dstress.seed=" + seed + "): "
                                    + e.getMessage(),
                            e);
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static void run(Round round, long seed, int threads, ExecutorService executor) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            all.add(executor.submit(() -> {
                start.await();
                round.work(thread, new Random(seed * 31 + thread));
                return null;
            }));
        }
        for (Future<?> one : all) {
            await(one);
        }
        round.check();
    }

    private static void await(Future<?> one) throws Exception {
        try {
            one.get(LONGEST.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not over after " + LONGEST + ": " + Thread.getAllStackTraces(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
