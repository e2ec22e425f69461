package io.github.eventfork.benchmarks;

import io.github.eventfork.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** Who is measured: it consumes messages, and says what that cost. Closed when all is over. */
interface Contender extends AutoCloseable {

    /** It works off so many messages that are there from the beginning. */
    Cost run(long messages);

    @Override
    void close();

    /** How long a poll waits for a first message where the queue is never empty for long. */
    Duration SHORT_POLL = Duration.ofSeconds(1);

    /** On a queue in memory. It runs all the time, and waits in a long poll between its runs. */
    static Contender inMemory(Source source, Consuming consumer) {
        String body = Signup.body(0);
        return new Contender() {
            @Override
            public Cost run(long messages) {
                Cost.Meter meter = new Cost.Meter();
                source.supply(messages, body).toCompletableFuture().join();
                return meter.of(messages);
            }

            @Override
            public void close() {
                consumer.close();
                source.close();
            }
        };
    }

    /** The engine on a queue in memory. */
    static Contender engine(Source source, Signup.Handler handler, int concurrency) {
        return inMemory(source, Engine.start(Signup.fork(handler), source, concurrency, SHORT_POLL));
    }

    /** A loop by hand on a queue in memory. */
    static Contender byHand(Source source, Signup.Handler handler, int concurrency) {
        return inMemory(source, BareLoop.start(new InMemory(source), handler, concurrency, SHORT_POLL));
    }

    /** A queue in memory as a loop by hand sees it. */
    record InMemory(Source source) implements BareLoop.Queue<Delivery> {

        @Override
        public CompletionStage<List<Delivery>> receive(int most, Duration wait) {
            return source.receive(most, wait);
        }

        @Override
        public CompletionStage<?> delete(List<Delivery> messages) {
            return source.delete(messages.size());
        }

        @Override
        public String body(Delivery message) {
            return message.body();
        }
    }

    /** How a consumer of a queue on a server is started. */
    interface Start {
        Consuming of(Signup.Handler handler, int concurrency, Duration longPoll);
    }

    /** On a queue of a server. It is started when the messages are there, and ended after each run. */
    static Contender onServer(SqsQueue queue, Start start, int concurrency) {
        String body = Signup.body(0);
        return new Contender() {
            @Override
            public Cost run(long messages) {
                queue.fill(messages, body);
                AtomicLong left = new AtomicLong(messages);
                CompletableFuture<Void> all = new CompletableFuture<>();
                Cost.Meter meter = new Cost.Meter();
                try (Consuming consuming = start.of(
                        signup -> {
                            if (left.decrementAndGet() == 0) {
                                all.complete(null);
                            }
                        },
                        concurrency,
                        SHORT_POLL)) {
                    all.join();
                    return meter.of(messages);
                }
            }

            @Override
            public void close() {
                queue.close();
            }
        };
    }
}
