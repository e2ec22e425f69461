package io.github.eventfork.benchmarks;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/** How long messages take from their sending to their handler, when they are sent at an even rate. Used for one run. */
@SuppressWarnings("FutureReturnValueIgnored") // a timer that sends says nothing
final class Latency implements Signup.Handler {

    private final int messages;
    private final long[] sentAt;
    private final AtomicLongArray nanos;
    private final CountDownLatch handled;

    /**
     * What came of it.
     *
     * @param p50 in milliseconds, and so the others
     */
    record Result(double p50, double p99, double most, Calls.PerMessage calls) {}

    Latency(int messages) {
        this.messages = messages;
        this.sentAt = new long[messages];
        this.nanos = new AtomicLongArray(messages);
        this.handled = new CountDownLatch(messages);
    }

    /** A message that comes twice counts as it came first. */
    @Override
    public void handle(Signup signup) {
        int n = (int) signup.n();
        if (nanos.compareAndSet(n, 0, Math.max(1, System.nanoTime() - sentAt[n]))) {
            handled.countDown();
        }
    }

    /** Sends {@code rate} messages a second, and returns when all are handled. */
    Result send(int rate, Consumer<String> send, Calls calls) throws InterruptedException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        calls.perMessage(messages);
        try {
            int[] next = {0};
            clock.scheduleAtFixedRate(
                    () -> {
                        if (next[0] < messages) {
                            int n = next[0]++;
                            sentAt[n] = System.nanoTime();
                            send.accept(Signup.body(n));
                        }
                    },
                    0,
                    1_000_000_000L / rate,
                    TimeUnit.NANOSECONDS);
            handled.await();
        } finally {
            clock.shutdownNow();
        }
        double[] sorted = new double[messages];
        Arrays.setAll(sorted, n -> nanos.get(n) / 1e6);
        Arrays.sort(sorted);
        return new Result(
                sorted[messages / 2], sorted[messages * 99 / 100], sorted[messages - 1], calls.perMessage(messages));
    }
}
