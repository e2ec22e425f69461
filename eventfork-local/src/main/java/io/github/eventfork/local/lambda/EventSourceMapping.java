package io.github.eventfork.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.local.LocalAws;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Lambda function behind an event source mapping of a local queue, in this process:
 *
 * <pre>{@code
 * try (EventSourceMapping mapping = EventSourceMapping.of(local, "mailing-list")
 *         .handler(MailingListFunction::new)
 *         .reportBatchItemFailures()
 *         .start()) { ... }
 * }</pre>
 *
 * <p>It polls the queue and invokes the function with the JSON, the context and the deadline that
 * <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">Lambda</a> would, and does with the messages what
 * Lambda does: what the function is done with is deleted; what failed is left alone, and comes back when the queue's
 * visibility timeout is over. Without {@link Builder#reportBatchItemFailures()} a function that returns has done all.
 *
 * <p>Each execution environment has a handler of its own and a thread that makes and invokes it. A function that does not
 * end in time has its thread interrupted; unlike on AWS it can go on, left behind, if it ignores that. An error that
 * Lambda's runtime does not survive costs the environment, here too. Neither its memory nor its processor is bounded.
 *
 * <p>Thread-safe. Nothing here is null. All its threads are daemons. Close it before the {@link LocalAws}.
 */
public final class EventSourceMapping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventSourceMapping.class);

    private final MappedQueue queue;
    private final Function function;
    private final InvocationLog invocations = new InvocationLog();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread polling;

    private EventSourceMapping(
            LocalAws aws, MappedQueue queue, Options options, Supplier<FunctionHandler> handlers, ForkRuntime runtime) {
        String arn = "arn:aws:lambda:" + aws.region() + ":" + aws.accountId() + ":function:" + options.functionName();
        this.queue = queue;
        this.function = new Function(options, arn, handlers, queue, invocations::add, runtime);
        this.polling = new Thread(
                new Polling(queue, new BatchCollector(queue, options, runtime, closing), function, closing),
                "eventfork-local-mapping-" + options.functionName());
        polling.setDaemon(true);
    }

    /** A mapping of a queue of {@code aws}, given by its name or its ARN. */
    public static Builder of(LocalAws aws, String queue) {
        return new Builder(Objects.requireNonNull(aws, "aws"), Objects.requireNonNull(queue, "queue"));
    }

    /** How many invocations are over, settled. */
    public long invocations() {
        return invocations.count();
    }

    /** The invocations that are over, the oldest first: the last 1,000, with 100,000 messages at most. */
    public List<Invocation> lastInvocations() {
        return invocations.last();
    }

    /**
     * Ends polling and waits for the invocations under way: a poll lasts a second, an invocation as long as the function's
     * timeout at most. What was received and not handed to the function is visible again at once. If this thread is
     * interrupted, it waits no longer and still is interrupted; the invocations go on and are settled. A second call does
     * nothing. Not for handlers: one would wait for itself until its time is up.
     */
    @Override
    public void close() {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        Thread end = new Thread(this::end, polling.getName() + "-end");
        end.setDaemon(true);
        end.start();
        try {
            end.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("{}: closed without waiting for invocations under way, for the thread was interrupted", queue);
        }
    }

    /** On a thread that nobody interrupts: the client is needed as long as there is something to settle. */
    private void end() {
        try {
            polling.join();
            if (!function.close()) {
                LOG.warn("{}: not all invocations ended", queue);
            }
        } catch (InterruptedException e) {
            LOG.warn("{}: closed without waiting for invocations under way", queue);
        } finally {
            queue.close();
        }
    }

    /** Builds an {@link EventSourceMapping}; mutable, for one thread. Names and limits are those of AWS. */
    public static final class Builder {
        private final LocalAws aws;
        private final String queue;
        private Options options = Options.STANDARD;
        private @Nullable Supplier<FunctionHandler> handlers;

        private Builder(LocalAws aws, String queue) {
            this.aws = aws;
            this.queue = queue;
        }

        /**
         * The function: called for each execution environment, for a handler of its own. What it takes and gives is found
         * in the handler's class, so the handler can't be a lambda. One that throws is an init that failed: the batch comes
         * back.
         */
        @CanIgnoreReturnValue
        public Builder handler(Supplier<? extends RequestHandler<?, ?>> newHandler) {
            handlers = FunctionHandler.typed(Objects.requireNonNull(newHandler, "newHandler"));
            return this;
        }

        /** The same for handlers whose class does not say what they take and give, such as lambdas. */
        @CanIgnoreReturnValue
        public <I, O> Builder handler(
                Class<I> input, Class<O> output, Supplier<? extends RequestHandler<I, O>> newHandler) {
            handlers = FunctionHandler.typed(
                    new HandlerTypes(Objects.requireNonNull(input, "input"), Objects.requireNonNull(output, "output")),
                    Objects.requireNonNull(newHandler, "newHandler"));
            return this;
        }

        /** The same for handlers that read the event's JSON themselves. */
        @CanIgnoreReturnValue
        public Builder streamHandler(Supplier<? extends RequestStreamHandler> newHandler) {
            handlers = FunctionHandler.streaming(Objects.requireNonNull(newHandler, "newHandler"));
            return this;
        }

        /** The function's name: 1 to 64 letters, digits, hyphens or underscores. Default: {@code function}. */
        @CanIgnoreReturnValue
        public Builder functionName(String name) {
            options = options.withFunctionName(name);
            return this;
        }

        /** How long an invocation may last: 1 to 900 s, whole seconds, the queue's visibility timeout at most. Default: 3 s. */
        @CanIgnoreReturnValue
        public Builder functionTimeout(Duration timeout) {
            options = options.withFunctionTimeout(timeout);
            return this;
        }

        /** What the context says of memory: 128 to 10,240 MB. Nothing bounds it here. Default: 128 MB. */
        @CanIgnoreReturnValue
        public Builder memorySize(int megabytes) {
            options = options.withMemorySize(megabytes);
            return this;
        }

        /**
         * How many records an invocation gets at most: 1 to 10,000, on a FIFO queue 1 to 10; more than 10 need a batching
         * window. Default: 10.
         */
        @CanIgnoreReturnValue
        public Builder batchSize(int records) {
            options = options.withBatchSize(records);
            return this;
        }

        /** How long records are gathered at most: 0 to 300 s, whole seconds; not on a FIFO queue. Default: 0, not at all. */
        @CanIgnoreReturnValue
        public Builder batchingWindow(Duration window) {
            options = options.withBatchingWindow(window);
            return this;
        }

        /** How many invocations run at once at most: 2 to 1,000. Default: 5, with which AWS begins; it stays at that here. */
        @CanIgnoreReturnValue
        public Builder maximumConcurrency(int invocations) {
            options = options.withMaximumConcurrency(invocations);
            return this;
        }

        /** Has the function's answer read for records that failed. Default: it is not, so what fails in silence is deleted. */
        @CanIgnoreReturnValue
        public Builder reportBatchItemFailures() {
            options = options.reportingBatchItemFailures();
            return this;
        }

        /**
         * Starts polling.
         *
         * @throws IllegalStateException if no handler was given
         * @throws IllegalArgumentException if there is no such queue, or if options do not go together or with the queue,
         *     as AWS would refuse it: with its words where they are known
         */
        public EventSourceMapping start() {
            if (handlers == null) {
                throw new IllegalStateException("a mapping needs a function: call handler(..) or streamHandler(..)");
            }
            MappedQueue mapped = MappedQueue.of(aws, queue);
            try {
                options.checkAgainst(mapped.isFifo(), mapped.visibilityTimeout());
                EventSourceMapping mapping =
                        new EventSourceMapping(aws, mapped, options, handlers, ForkRuntime.system());
                mapping.polling.start();
                return mapping;
            } catch (RuntimeException | Error e) {
                mapped.close();
                throw e;
            }
        }
    }
}
