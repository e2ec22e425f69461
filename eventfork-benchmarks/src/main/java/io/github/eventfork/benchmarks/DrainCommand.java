package io.github.eventfork.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long engine and poller take to close, with nothing in hand and with work. There is no loop by hand that drains. */
@Command(name = "drain", description = "How long close() takes, idle and with work in hand: of engine and poller.")
final class DrainCommand implements Callable<Integer> {

    /** The poller's default. */
    private static final Duration LONG_POLL = Duration.ofSeconds(20);

    private static final long UNTIL_IDLE_MILLIS = 2_000;
    private static final long WORK_MILLIS = 1_000;
    private static final int MESSAGES = 200;
    private static final int IN_HAND_TOO_MILLIS = 200;

    @Option(names = "--on", split = ",", description = "${COMPLETION-CANDIDATES}; by default both")
    private List<Where> places = List.of(Where.values());

    @Option(names = "--rounds", defaultValue = "3", description = "how often each is closed (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--concurrency", defaultValue = "10", description = "handlers at once (${DEFAULT-VALUE})")
    private int concurrency;

    /** For picocli. */
    DrainCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (Where place : places) {
            switch (place) {
                case MEMORY -> inMemory();
                case SERVER -> onServer();
            }
        }
        return 0;
    }

    private void inMemory() throws InterruptedException {
        Duration roundTrip = Duration.ofMillis(15);
        idle("engine in memory, round trip of 15 ms", () -> {
            Source source = new Source(roundTrip);
            return new Side(
                    handler -> Engine.start(Signup.fork(handler), source, concurrency, LONG_POLL), source::close);
        });
        atWork("engine in memory, round trip of 15 ms", () -> {
            Source source = new Source(roundTrip);
            for (int n = 0; n < MESSAGES; n++) {
                source.add(Signup.body(n));
            }
            return new Side(
                    handler -> Engine.start(Signup.fork(handler), source, concurrency, LONG_POLL), source::close);
        });
    }

    private void onServer() throws IOException, InterruptedException {
        try (Rival.Running server = Rival.Command.oursAlone().start()) {
            idle("poller on the local server", () -> {
                SqsQueue queue = new SqsQueue(server.endpoint());
                return new Side(handler -> queue.poller(handler, concurrency, LONG_POLL), queue::close);
            });
            atWork("poller on the local server", () -> {
                SqsQueue queue = new SqsQueue(server.endpoint());
                queue.fill(MESSAGES, Signup.body(0));
                return new Side(handler -> queue.poller(handler, concurrency, LONG_POLL), queue::close);
            });
        }
    }

    /** A consumer on a queue of its own. */
    private record Side(Function<Signup.Handler, Consuming> start, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    private interface Fresh {
        Side side();
    }

    private void idle(String what, Fresh fresh) throws InterruptedException {
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            try (Side side = fresh.side()) {
                Consuming consuming = side.start.apply(signup -> {});
                Thread.sleep(UNTIL_IDLE_MILLIS);
                seconds.add(secondsToClose(consuming));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s: close() after %.0f s of a long poll of %d s: %s s%n",
                what,
                UNTIL_IDLE_MILLIS / 1e3,
                LONG_POLL.toSeconds(),
                new Figures(seconds).text("%.2f"));
    }

    /** Closes when all handlers are at work and what can be in hand is, so that their work is the least it takes. */
    private void atWork(String what, Fresh fresh) throws InterruptedException {
        List<Double> seconds = new ArrayList<>();
        List<Double> handled = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            CountDownLatch started = new CountDownLatch(concurrency);
            AtomicInteger ended = new AtomicInteger();
            try (Side side = fresh.side()) {
                Consuming consuming = side.start.apply(signup -> {
                    started.countDown();
                    Thread.sleep(WORK_MILLIS);
                    ended.incrementAndGet();
                });
                started.await();
                Thread.sleep(IN_HAND_TOO_MILLIS);
                seconds.add(secondsToClose(consuming));
                handled.add((double) ended.get());
            }
        }
        System.out.printf(
                "%s: close() with handlers that take another 0.8 s: %s s, in which %s were handled%n",
                what, new Figures(seconds).text("%.2f"), new Figures(handled).text("%.0f"));
    }

    private static double secondsToClose(Consuming consuming) {
        long begun = System.nanoTime();
        consuming.close();
        return (System.nanoTime() - begun) / 1e9;
    }
}
