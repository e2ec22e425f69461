package io.github.eventfork.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a message costs the engine and the poller, beside a loop by hand of the same run. */
@Command(
        name = "consume",
        description = "Messages a second, processor time and bytes a message: of engine, poller and a loop by hand.")
final class ConsumeCommand implements Callable<Integer> {

    /** Where messages come from and what is done with them. */
    enum Place {
        /** A queue in memory that answers at once; the handler does nothing. */
        MEMORY(300_000, 300_000),
        /** A queue in memory behind a round trip; the handler takes its time. */
        SLOW(3_000, 10_000),
        /** The local server in a JVM of its own; the handler does nothing. */
        SERVER(30_000, 60_000);

        private final long warmUp;
        private final long messages;

        Place(long warmUp, long messages) {
            this.warmUp = warmUp;
            this.messages = messages;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Duration ROUND_TRIP = Duration.ofMillis(15);
    private static final long WORK_MILLIS = 5;

    @Option(names = "--on", split = ",", description = "${COMPLETION-CANDIDATES}; by default all of them in turn")
    private List<Place> places = List.of(Place.values());

    @Option(names = "--concurrency", defaultValue = "10", description = "handlers at once (${DEFAULT-VALUE})")
    private int concurrency;

    @Option(names = "--rounds", defaultValue = "5", description = "how often each is measured (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--messages", description = "in each round (memory: 300000; slow: 10000; server: 60000)")
    private @Nullable Long messages;

    @Option(names = "--warm-up", description = "before the first round (memory: 300000; slow: 3000; server: 30000)")
    private @Nullable Long warmUp;

    /** For picocli. */
    ConsumeCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (Place place : places) {
            switch (place) {
                case MEMORY -> inMemory(place, "engine in memory, no-op handler", Duration.ZERO, signup -> {});
                case SLOW ->
                    inMemory(
                            place,
                            "engine in memory, round trip of 15 ms, handler of 5 ms",
                            ROUND_TRIP,
                            signup -> Thread.sleep(WORK_MILLIS));
                case SERVER -> onServer(place);
            }
        }
        return 0;
    }

    private void inMemory(Place place, String what, Duration roundTrip, Signup.Handler handler) {
        try (Contender ours = Contender.engine(new Source(roundTrip), handler, concurrency);
                Contender byHand = Contender.byHand(new Source(roundTrip), handler, concurrency)) {
            measure(place, what, ours, byHand);
        }
    }

    private void onServer(Place place) throws IOException, InterruptedException {
        try (Rival.Running server = Rival.Command.oursAlone().start();
                SqsQueue oneQueue = new SqsQueue(server.endpoint());
                SqsQueue otherQueue = new SqsQueue(server.endpoint())) {
            measure(
                    place,
                    "poller on the local server, no-op handler",
                    Contender.onServer(oneQueue, oneQueue::poller, concurrency),
                    Contender.onServer(otherQueue, otherQueue::byHand, concurrency));
        }
    }

    private void measure(Place place, String what, Contender ours, Contender byHand) {
        Rounds.measure(
                what,
                ours,
                byHand,
                warmUp == null ? place.warmUp : warmUp,
                messages == null ? place.messages : messages,
                rounds);
    }
}
