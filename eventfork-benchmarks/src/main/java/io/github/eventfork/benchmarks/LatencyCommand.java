package io.github.eventfork.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long a message takes to its handler at an even rate, and how many calls it costs. */
@Command(
        name = "latency",
        description =
                "From sending to handler, and calls a message, at an even rate: of engine, poller and a loop by hand.")
final class LatencyCommand implements Callable<Integer> {

    private static final Duration ROUND_TRIP = Duration.ofMillis(15);
    private static final Duration LONG_POLL = Duration.ofSeconds(10);

    @Option(names = "--on", split = ",", description = "${COMPLETION-CANDIDATES}; by default both")
    private List<Where> places = List.of(Where.values());

    @Option(names = "--rate", defaultValue = "200", description = "messages a second (${DEFAULT-VALUE})")
    private int rate;

    @Option(names = "--seconds", defaultValue = "30", description = "how long a round is (${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3", description = "after one to warm up (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--concurrency", defaultValue = "10", description = "handlers at once (${DEFAULT-VALUE})")
    private int concurrency;

    /** For picocli. */
    LatencyCommand() {}

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
        try (Source oneSource = new Source(ROUND_TRIP);
                Source otherSource = new Source(ROUND_TRIP)) {
            measure(
                    "engine in memory, round trip of 15 ms",
                    new Side(
                            oneSource::add,
                            oneSource.calls(),
                            run -> Engine.start(Signup.fork(run), oneSource, concurrency, LONG_POLL)),
                    new Side(
                            otherSource::add,
                            otherSource.calls(),
                            run -> BareLoop.start(new Contender.InMemory(otherSource), run, concurrency, LONG_POLL)));
        }
    }

    private void onServer() throws IOException, InterruptedException {
        try (Rival.Running server = Rival.Command.oursAlone().start();
                SqsQueue oneQueue = new SqsQueue(server.endpoint());
                SqsQueue otherQueue = new SqsQueue(server.endpoint())) {
            measure(
                    "poller on the local server",
                    new Side(oneQueue::send, oneQueue.calls(), run -> oneQueue.poller(run, concurrency, LONG_POLL)),
                    new Side(
                            otherQueue::send,
                            otherQueue.calls(),
                            run -> otherQueue.byHand(run, concurrency, LONG_POLL)));
        }
    }

    /** A consumer on its queue. */
    private record Side(Consumer<String> send, Calls calls, Function<Signup.Handler, Consuming> start) {}

    private void measure(String what, Side ours, Side byHand) throws InterruptedException {
        List<Latency.Result> own = new ArrayList<>();
        List<Latency.Result> baseline = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            Latency.Result one = run(ours);
            Latency.Result other = run(byHand);
            if (round > 0) {
                own.add(one);
                baseline.add(other);
            }
        }
        System.out.printf(Locale.ROOT, "%s; %d messages a second, %d rounds of %d s%n", what, rate, rounds, seconds);
        print("ours", own);
        print("by hand", baseline);
    }

    private Latency.Result run(Side side) throws InterruptedException {
        Latency latency = new Latency(rate * seconds);
        try (Consuming consuming = side.start.apply(latency)) {
            return latency.send(rate, side.send, side.calls);
        }
    }

    private static void print(String whose, List<Latency.Result> results) {
        System.out.printf(
                "  %-8s p50 %s ms; p99 %s ms; most %s ms; calls a message: receives %s, deletes %s, others %s%n",
                whose,
                text("%.1f", results, Latency.Result::p50),
                text("%.1f", results, Latency.Result::p99),
                text("%.1f", results, Latency.Result::most),
                text("%.3f", results, result -> result.calls().receives()),
                text("%.3f", results, result -> result.calls().deletes()),
                text("%.3f", results, result -> result.calls().others()));
    }

    private static String text(String format, List<Latency.Result> results, ToDoubleFunction<Latency.Result> figure) {
        return new Figures(results.stream().mapToDouble(figure).boxed().toList()).text(format);
    }
}
