package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.engine.BatchProcessor;
import io.github.eventfork.engine.KeptLease;
import io.github.eventfork.queue.BatchingSettler;
import io.github.eventfork.queue.MessageQueue.Receive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
 *
 * <p>After an invocation it is the service that deletes, all in one: no call of the function's, so it is not in the queue's
 * log. {@link Faults} of {@link InMemoryQueue.Call#DELETE} are for it too, as those of {@link InMemoryQueue.Call#RECEIVE} are
 * for its polls; it has no thread that could be held, and a poll that is never answered it takes for one that failed. What it could not delete is handed out again when
 * its visibility timeout ends, and nobody is told before; the timeline shows it.
 */
public final class LambdaHarness implements ForkHarness {

    private static final int BATCH = 10;
    private static final Duration POLL = Duration.ofSeconds(20);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Setup.Built parts;
    private final LambdaAdapter function;
    private final Duration remaining;
    private volatile boolean closed;

    private LambdaHarness(Setup.Built parts, LambdaAdapter function, Duration remaining) {
        this.parts = parts;
        this.function = function;
        this.remaining = remaining;
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
     * are to be retried: all, if it does not end in its time. What is not to be retried is deleted from the queue, unless that
     * is to go wrong; the answer is the same then.
     *
     * @throws VirtualMachineError if a handler met with one: the function fails as a whole
     */
    public List<String> invoke(Message... messages) {
        List<Delivery> batch =
                Stream.of(messages).map(parts.queue()::sendInHand).toList();
        try {
            return time().await(invoked(batch), remaining);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                return ids(batch);
            }
            if (e.getCause() instanceof VirtualMachineError error) {
                throw error;
            }
            throw new IllegalStateException("a batch ended exceptionally", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("an invocation outlived its time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the function runs", e);
        }
    }

    /** No more batch is taken; one that is under way goes on when time does. */
    @Override
    public void close() {
        closed = true;
    }

    /**
     * Invokes the function and does what Lambda does about its end. Answers with what is to be retried; exceptionally if the
     * invocation fails, with a {@link TimeoutException} if it has no answer in its time: all of it is to be retried then.
     */
    private CompletionStage<List<String>> invoked(List<Delivery> batch) {
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        asked(batch).whenComplete((reported, failure) -> {
            if (failure == null) {
                answer.complete(reported);
            } else {
                boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                answer.completeExceptionally(wrapped ? failure.getCause() : failure);
            }
        });
        ForkRuntime.Cancellable end = time().elsewhere(
                        remaining,
                        () -> answer.completeExceptionally(
                                new TimeoutException("no answer within " + TimeText.length(remaining))));
        return answer.whenComplete((reported, failure) -> {
            end.cancel();
            if (failure != null) {
                batch.forEach(delivery -> timeline().add(delivery.messageId(), new Step.InvocationFailed(failure)));
            }
            settle(batch, failure == null ? reported : ids(batch));
        });
    }

    /** The function's answer, as a stage whatever it does. */
    private CompletionStage<List<String>> asked(List<Delivery> batch) {
        try {
            return function.invoke(batch, remaining);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void settle(List<Delivery> batch, List<String> reported) {
        List<Delivery> done = new ArrayList<>();
        for (Delivery delivery : batch) {
            if (reported.contains(delivery.messageId())) {
                timeline().add(delivery.messageId(), new Step.Reported());
            } else {
                done.add(delivery);
            }
        }
        parts.queue().remove(done);
    }

    private static List<String> ids(List<Delivery> batch) {
        return batch.stream().map(Delivery::messageId).toList();
    }

    /** The event source mapping: polls, invokes, polls again. */
    private void poll() {
        if (closed) {
            return;
        }
        parts.queue().receiveForService(Receive.of(BATCH, POLL), () -> !closed).whenComplete((batch, error) -> {
            if (error != null) {
                time().elsewhere(AFTER_FAILURE, this::poll);
            } else if (batch.isEmpty()) {
                poll();
            } else {
                invoked(batch).whenComplete((reported, failure) -> poll());
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
        private LambdaAdapter.@Nullable Maker adapter;

        Builder(Fork fork) {
            this.setup = new Setup(fork, Duration.ofMinutes(3));
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

        /**
         * The runtime, made before the harness for what has its time too, such as an idempotency store or another harness.
         * Default: one of the harness's own.
         */
        public Builder time(VirtualRuntime time) {
            setup.time(time);
            return this;
        }

        /** What decides all chance: jitter, and faults by chance. Default: 1. */
        public Builder seed(long seed) {
            setup.seed(seed);
            return this;
        }

        /**
         * Runs the fork on the queue of {@code other} and in its time, as another process does: a second container, or the one
         * before a deploy and the one after. Timeline, faults and dead-letter queue are the same then. Default: alone.
         */
        public Builder beside(ForkHarness other) {
            setup.beside(other);
            return this;
        }

        /** Handlers run on threads of their own, in turns with the test. Default: on the test's. */
        public Builder handlersOnThreads() {
            setup.handlersOnThreads();
            return this;
        }

        /**
         * What runs the fork on each batch. Default: eventfork's engine, without an adapter around it. One's own settles
         * by itself: {@link #settler(Settler)} is not for it.
         */
        public Builder adapter(LambdaAdapter.Maker maker) {
            adapter = maker;
            return this;
        }

        /**
         * The harness, its event source mapping started and waiting for messages.
         *
         * @throws IllegalStateException if a runtime is given, and a seed or threads too, if it is beside another and
         *     something is said about its own queue or time, or if a settler is given and {@link #settler()} or an adapter too
         */
        public LambdaHarness build() {
            if (settler.isPresent() && (ownSettler || adapter != null)) {
                throw new IllegalStateException("a settler is given by settler(..), and "
                        + (ownSettler ? "settler() too: say one of the two" : "an adapter(..) settles by itself"));
            }
            Setup.Built parts = setup.build();
            LambdaHarness harness = new LambdaHarness(parts, function(parts), remaining);
            harness.poll();
            harness.run();
            return harness;
        }

        private LambdaAdapter function(Setup.Built parts) {
            LambdaAdapter.Options options = new LambdaAdapter.Options(concurrency, margin, ownSettler);
            return adapter == null
                    ? new Engine(parts, options, settler)
                    : adapter.make(parts.fork(), parts.queue(), parts.runtime(), options);
        }
    }

    /** The engine of every function: what does not stand as done is reported. */
    private static final class Engine implements LambdaAdapter {

        private final VirtualRuntime runtime;
        private final BatchProcessor processor;
        private final Duration margin;

        Engine(Setup.Built parts, LambdaAdapter.Options options, Optional<Settler> settler) {
            this.runtime = parts.runtime();
            this.margin = options.margin();
            this.processor = new BatchProcessor(
                    parts.fork(),
                    runtime,
                    options.concurrency(),
                    margin,
                    options.settles() ? Optional.of(new BatchingSettler(parts.queue(), runtime)) : settler);
        }

        @Override
        public CompletionStage<List<String>> invoke(List<Delivery> batch, Duration remaining) {
            return processor
                    .process(batch, delivery -> KeptLease.lasting(runtime, remaining), remaining.minus(margin))
                    .thenApply(standing -> ids(batch.stream()
                            .filter(delivery -> !done(standing.get(delivery)))
                            .toList()));
        }

        private static boolean done(@Nullable Settlement standing) {
            return standing instanceof Settlement.Acknowledge || standing instanceof Settlement.DeadLetter;
        }
    }
}
