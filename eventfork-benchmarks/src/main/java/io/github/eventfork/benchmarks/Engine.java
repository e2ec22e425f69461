package io.github.eventfork.benchmarks;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.queue.PollBudget;
import io.github.eventfork.queue.Receiver;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The engine on a {@link Source}: the one place that knows the engine's port and options, which are no public surface. */
final class Engine {

    private Engine() {}

    /** Starts it; what is answered closes it. */
    static Consuming start(Fork fork, Source source, int concurrency, Duration longPoll) {
        Receiver.Options options = new Receiver.Options(
                concurrency, 8 * concurrency, longPoll, Duration.ofMinutes(15), Duration.ofSeconds(25));
        Receiver poller = new Receiver(fork, new Port(source), new PollBudget(24), ForkRuntime.system(), options);
        poller.start();
        return poller::close;
    }

    private record Port(Source source) implements MessageQueue {

        @Override
        public CompletionStage<Facts> facts() {
            return CompletableFuture.completedFuture(
                    new Facts("bench", Duration.ofSeconds(30), OptionalInt.of(5), Optional.of("bench-dlq")));
        }

        @Override
        public CompletionStage<List<Delivery>> receive(Receive asked) {
            return source.receive(asked.most(), asked.longPoll());
        }

        @Override
        public CompletionStage<List<Entry>> delete(List<String> receipts) {
            return source.delete(receipts.size()).thenApply(deleted -> done(receipts));
        }

        @Override
        public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
            return source.change().thenApply(changed -> done(changes));
        }

        @Override
        public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
            throw new IllegalStateException("nothing fails here");
        }

        private static List<Entry> done(List<?> entries) {
            return Collections.nCopies(entries.size(), Entry.DONE);
        }
    }
}
