package io.github.eventfork.testkit;

import io.github.eventfork.BatchProcessor;
import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.Lease;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.queue.BatchingSettler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A harness in which a Lambda function runs the fork: batches of up to 10, one after another, of which what the function
 * does not report is deleted. {@link ForkHarness#lambda} begins one.
 *
 * <p>{@link #deliver} sends to the queue, from where an event source mapping invokes the function; {@link #invoke} invokes
 * it once, with these messages. See <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">Lambda with
 * SQS</a>.
 */
public final class LambdaHarness implements ForkHarness {

    private static final int BATCH = 10;
    private static final Duration POLL = Duration.ofSeconds(20);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Setup.Built parts;
    private final BatchProcessor processor;
    private final Duration remaining;
    private final Duration margin;
    private boolean closed;

    private LambdaHarness(Setup.Built parts, Builder builder) {
        this.parts = parts;
        this.remaining = builder.remaining;
        this.margin = builder.margin;
        this.processor = new BatchProcessor(
                parts.fork(), parts.runtime(), builder.concurrency, builder.margin, builder.settler(parts));
    }

    @Override
    public VirtualRuntime time() {
        return parts.runtime();
    }

    @Override
    public InMemoryQueue queue() {
        return parts.queue();
    }

    @Override
    public Timeline timeline() {
        return parts.timeline();
    }

    /**
     * Invokes the function once with these messages, as if received in this order, and answers with the message ids that
     * are to be retried: all, if it does not end in its time. What is not to be retried is deleted from the queue.
     *
     * @throws VirtualMachineError if a handler met with one: the function fails as a whole
     */
    public List<String> invoke(Message... messages) {
        List<Delivery> batch =
                Stream.of(messages).map(parts.queue()::sendInHand).toList();
        Map<Delivery, Settlement> answer;
        try {
            answer = time().await(process(batch), remaining);
        } catch (TimeoutException outOfTime) {
            answer = Map.of();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VirtualMachineError error) {
                throw error;
            }
            throw new IllegalStateException("a batch ended exceptionally", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the function runs", e);
        }
        return answered(batch, answer);
    }

    /** No more batch is taken; one that is under way goes on when time does. */
    @Override
    public void close() {
        closed = true;
    }

    private CompletionStage<Map<Delivery, Settlement>> process(List<Delivery> batch) {
        Duration budget = remaining.minus(margin);
        return processor.process(batch, delivery -> Lease.lasting(parts.runtime(), remaining), budget);
    }

    private List<String> answered(List<Delivery> batch, Map<Delivery, Settlement> answer) {
        List<Delivery> reported =
                batch.stream().filter(delivery -> !done(answer.get(delivery))).toList();
        for (Delivery delivery : batch) {
            if (reported.contains(delivery)) {
                timeline().add(delivery.messageId(), new Step.Reported());
            } else {
                parts.queue().remove(delivery);
            }
        }
        return reported.stream().map(Delivery::messageId).toList();
    }

    private static boolean done(@Nullable Settlement standing) {
        return standing instanceof Settlement.Acknowledge || standing instanceof Settlement.DeadLetter;
    }

    /** The event source mapping: polls, invokes, polls again. */
    private void poll() {
        if (closed) {
            return;
        }
        parts.queue().receive(BATCH, POLL).whenComplete((batch, error) -> {
            if (error != null) {
                time().schedule(AFTER_FAILURE, this::poll);
            } else if (batch.isEmpty()) {
                poll();
            } else {
                process(batch).whenComplete((answer, failure) -> {
                    answered(batch, failure == null ? answer : Map.of());
                    poll();
                });
            }
        });
    }

    /** Collects what a harness is. Not thread-safe. */
    public static final class Builder {

        private final Setup setup;
        private Duration remaining = Duration.ofSeconds(30);
        private Duration margin = Duration.ofSeconds(1);
        private int concurrency = 1;
        private boolean ownSettler;
        private Optional<Settler> settler = Optional.empty();

        Builder(Fork fork) {
            this.setup = new Setup(fork);
            setup.visibilityTimeout(Duration.ofMinutes(3));
        }

        /** How much time an invocation has. Default: 30 s. */
        public Builder remaining(Duration time) {
            this.remaining = time;
            return this;
        }

        /** How much of it is kept to interrupt handlers and to settle. Default: 1 s. */
        public Builder margin(Duration time) {
            this.margin = time;
            return this;
        }

        /** How many handlers run at once within a batch. Default: 1. */
        public Builder concurrency(int handlers) {
            this.concurrency = handlers;
            return this;
        }

        /** Delays and dead letters are carried out on the queue. Default: nobody does, and both are reported. */
        public Builder settler() {
            this.ownSettler = true;
            return this;
        }

        /** Delays and dead letters are carried out by {@code settler}. */
        public Builder settler(Settler settler) {
            this.settler = Optional.of(settler);
            return this;
        }

        /** The queue's visibility timeout. Default: 3 min, six times an invocation's time. */
        public Builder visibilityTimeout(Duration timeout) {
            setup.visibilityTimeout(timeout);
            return this;
        }

        /** After how many receives the queue moves a message to its dead-letter queue. Default: the fork's attempts. */
        public Builder maxReceiveCount(int count) {
            setup.maxReceiveCount(count);
            return this;
        }

        /** The queue keeps the order of message groups. Default: it is a standard queue. */
        public Builder fifo() {
            setup.fifo();
            return this;
        }

        /** The queue has no dead-letter queue. Default: it has one. */
        public Builder withoutDeadLetterQueue() {
            setup.withoutDeadLetterQueue();
            return this;
        }

        /** How long a call to the queue and its answer take together. Default: no time. */
        public Builder roundTrip(Duration time) {
            setup.roundTrip(time);
            return this;
        }

        /** What decides all chance: jitter, and faults by chance. Default: 1. */
        public Builder seed(long seed) {
            setup.seed(seed);
            return this;
        }

        /** Handlers run on threads of their own, in turns with the test. Default: on the test's. */
        public Builder handlersOnThreads() {
            setup.handlersOnThreads();
            return this;
        }

        /** The harness, its event source mapping started and waiting for messages. */
        public LambdaHarness build() {
            LambdaHarness harness = new LambdaHarness(setup.build(), this);
            harness.poll();
            harness.run();
            return harness;
        }

        private Optional<Settler> settler(Setup.Built parts) {
            return ownSettler ? Optional.of(new BatchingSettler(parts.queue(), parts.runtime())) : settler;
        }
    }
}
