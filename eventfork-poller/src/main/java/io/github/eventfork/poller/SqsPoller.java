package io.github.eventfork.poller;

import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Health;
import io.github.eventfork.queue.PollBudget;
import io.github.eventfork.queue.Receiver;
import io.github.eventfork.queue.Receiver.Options;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Runs a fork on an SQS queue until it is closed.
 *
 * <pre>{@code
 * SqsPoller.builder(mailingList).queue("mailing-list").client(sqs).closeOnExit().start();
 * }</pre>
 *
 * <p>It receives by long polls what its handlers can take, keeps messages invisible while they wait and run, deletes
 * what is done, gives back what failed, and sends what will never be done to the dead-letter queue that the queue's
 * RedrivePolicy names. Without network, rights or queue it tries again by itself; {@link #health()} says what is wrong.
 *
 * <p>A started poller keeps the JVM alive until it is closed, or stopped by an error that no process should survive.
 *
 * <p>On its queue it needs {@code sqs:ReceiveMessage}, {@code sqs:DeleteMessage}, {@code sqs:ChangeMessageVisibility},
 * {@code sqs:GetQueueAttributes} and, unless given a URL, {@code sqs:GetQueueUrl}; on the dead-letter queue {@code
 * sqs:GetQueueUrl} and {@code sqs:SendMessage}. Thread-safe.
 */
public final class SqsPoller implements AutoCloseable {

    private final Receiver engine;
    private final ForkRuntime runtime;
    private final String name;
    private final boolean closesOnExit;
    private final Holdings holdings;

    private SqsPoller(Builder builder, String name, Receiver engine, Holdings holdings) {
        this.engine = engine;
        this.runtime = builder.runtime;
        this.name = name;
        this.closesOnExit = builder.closeOnExit;
        this.holdings = holdings;
        engine.closed().whenComplete((closed, error) -> release());
    }

    /** On a thread that may block; where none can be had, which may be why the poller ended, on this one. */
    private void release() {
        try {
            runtime.handlers().execute(holdings::release);
        } catch (RuntimeException | Error noThread) {
            holdings.release();
        }
    }

    /** A builder of a poller for {@code fork}. */
    public static Builder builder(Fork fork) {
        // a method reference would load what makes a client before build() has looked whether that can be loaded
        return new Builder(fork, (polls, region) -> OwnClient.make(polls, region));
    }

    /**
     * Starts it; it goes on by itself. The queue need not be reachable yet.
     *
     * @throws IllegalStateException if it was started or closed before, or if it closes on exit and the JVM is ending
     */
    public void start() {
        engine.start();
        try {
            holdings.hold(runtime.keepAlive(name));
            if (closesOnExit) {
                holdings.hold(runtime.onExit(name + "-exit", this::close));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** How it is, and since when. */
    public Health health() {
        return engine.health();
    }

    /** Receives nothing more until it is resumed; what is in hand goes on, and so does a long poll under way. */
    public void pause() {
        engine.pause();
    }

    /** Receives again. Does nothing unless it is paused. */
    public void resume() {
        engine.resume();
    }

    /**
     * Closes it within the drain timeout: receives nothing more, gives back what waits, lets handlers finish, sends
     * what is to be settled, and closes the client if it is its own. Blocks until then; on a thread of one of its
     * handlers it begins that and returns. A second time waits for the first. Also closes one that was never started.
     */
    @Override
    public void close() {
        engine.close();
        if (engine.closed().toCompletableFuture().isDone()) {
            holdings.release();
        }
    }

    /** Returns its name in threads: the fork's and the queue's. */
    @Override
    public String toString() {
        return name;
    }

    /** Collects what a poller is to be. Mutable, not thread-safe; may build several. */
    public static final class Builder {

        private static final int IN_HAND_EACH = 8;

        private final Fork fork;
        private final OwnClient.Maker ownClient;
        private @Nullable QueueAddress queue;
        private @Nullable SqsAsyncClient client;
        private @Nullable Integer inHand;
        private Options options = Options.defaults();
        private ForkRuntime runtime = ForkRuntime.system();
        private boolean closeOnExit;

        Builder(Fork fork, OwnClient.Maker ownClient) {
            this.fork = fork;
            this.ownClient = ownClient;
        }

        /**
         * The queue, by its name, its URL or its ARN. An ARN's Region must be the client's. No default.
         *
         * @throws IllegalArgumentException if it is none of the three
         */
        public Builder queue(String nameUrlOrArn) {
            queue = QueueAddress.of(nameUrlOrArn);
            return this;
        }

        /**
         * The client, which stays the caller's to close, after the poller. Pollers may share one: together they keep at
         * most 24 long polls under way on it, and each at least one, so that there is a connection for settlements
         * among the 50 that the SDK's Netty client has by default. For more than 24 pollers raise its {@code
         * maxConcurrency} to twice their number. Its read timeout (30 s by default), and the timeouts of call and
         * attempt if they are set, must be longer than the long poll.
         *
         * <p>How often it tries a call is the caller's choice. The poller needs none of its retries: it tries again by
         * itself whatever failed. A receive that the client retries costs lease: a lease is counted from the first attempt,
         * since nobody can tell which attempt SQS answered. With a visibility timeout of 30 s, attempts and waits that took
         * 12 s leave 18 s of it. {@code DefaultRetryStrategy.doNotRetry()} avoids that.
         *
         * <p>Only the asynchronous client will do: with the other one each long poll would hold a thread.
         *
         * <p>Default: a client of its own, with the SDK's credentials and Region (that of the queue's URL or ARN comes
         * first), which retries nothing, made by {@link #build()} and closed with the poller.
         */
        public Builder client(SqsAsyncClient client) {
            this.client = client;
            return this;
        }

        /** How many handlers may run at once, 1 to 10,000. Default: 10. */
        public Builder concurrency(int handlers) {
            options = new Options(
                    handlers,
                    IN_HAND_EACH * handlers,
                    options.longPoll(),
                    options.processingLimit(),
                    options.drainTimeout(),
                    options.visibilityTimeout());
            return this;
        }

        /**
         * How many messages may be asked for, waiting, running and being settled at once; at least the concurrency.
         * Default: 8 times that.
         */
        public Builder inHand(int messages) {
            inHand = messages;
            return this;
        }

        /** How long a poll waits for a first message: whole seconds, 0 to 20. Default: 20 s, which costs least. */
        public Builder longPoll(Duration wait) {
            options = with(options.inHand(), wait, options.processingLimit(), options.drainTimeout());
            return this;
        }

        /** After what time a handler is interrupted: positive, at most 12 h. Default: 15 min. */
        public Builder processingLimit(Duration limit) {
            options = with(options.inHand(), options.longPoll(), limit, options.drainTimeout());
            return this;
        }

        /**
         * Within what time {@link SqsPoller#close()} ends; 0 to 12 h. No receive hides a message for longer than this, or 10 s if
         * that is more, so that what the last poll of a closed poller takes is soon seen by another; a long poll ends 5 s before.
         * What takes longer to handle is renewed, in batches. Default: 25 s.
         */
        public Builder drainTimeout(Duration timeout) {
            options = with(options.inHand(), options.longPoll(), options.processingLimit(), timeout);
            return this;
        }

        /**
         * How long a message stays ours without a word: leases begin with it, and each renewal asks for as much. Whole seconds,
         * 1 to 43,200. A first receive asks for at most the drain timeout, see {@link #drainTimeout}. A shorter one lets others
         * have sooner what a crashed process held, and costs more renewals. Default: the queue's own <a
         * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html">visibility
         * timeout</a>, asked for at start and every five minutes.
         *
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder visibilityTimeout(Duration timeout) {
            options = new Options(
                    options.concurrency(),
                    options.inHand(),
                    options.longPoll(),
                    options.processingLimit(),
                    options.drainTimeout(),
                    Optional.of(timeout));
            return this;
        }

        /** Closes the poller when the JVM is told to end; the JVM waits for that. Default: it doesn't. */
        public Builder closeOnExit() {
            closeOnExit = true;
            return this;
        }

        /** Where time, chance and threads come from. Default: {@link ForkRuntime#system()}. */
        public Builder runtime(ForkRuntime runtime) {
            this.runtime = runtime;
            return this;
        }

        /**
         * The poller, not started yet. It is to be closed, started or not. Handlers run with the context class loader of the
         * thread that calls this.
         *
         * @throws IllegalStateException if it has no queue, or if the AWS SDK is missing or too old: what was found, and
         *     what to do, is in the text
         * @throws IllegalArgumentException if fewer messages may be in hand than handlers run
         * @throws software.amazon.awssdk.core.exception.SdkClientException if a client of its own can't be made: no
         *     Region is known
         */
        public SqsPoller build() {
            Libraries.check(fork.name(), client == null);
            QueueAddress address = queue;
            if (address == null) {
                throw new IllegalStateException(
                        "Fork '" + fork.name() + "': its poller has no queue; give queue(...) a name, a URL or an ARN");
            }
            Options bounds = inHand == null
                    ? options
                    : with(inHand, options.longPoll(), options.processingLimit(), options.drainTimeout());
            return client == null ? withOwnClient(address, bounds) : withClient(client, address, bounds);
        }

        /** Builds it and starts it. */
        public SqsPoller start() {
            SqsPoller poller = build();
            poller.start();
            return poller;
        }

        private SqsPoller withClient(SqsAsyncClient users, QueueAddress address, Options bounds) {
            return poller(users, PollBudgets.of(users), address, bounds, new Holdings());
        }

        private SqsPoller withOwnClient(QueueAddress address, Options bounds) {
            int polls = OwnClient.polls(bounds.inHand());
            SqsAsyncClient own = ownClient.make(polls, address.region());
            Holdings holdings = new Holdings();
            holdings.hold(own::close);
            try {
                return poller(own, new PollBudget(polls), address, bounds, holdings);
            } catch (RuntimeException | Error e) {
                holdings.release();
                throw e;
            }
        }

        private SqsPoller poller(
                SqsAsyncClient sqs, PollBudget polls, QueueAddress address, Options bounds, Holdings holdings) {
            Receiver engine = new Receiver(fork, SqsMessageQueue.of(sqs, address, runtime), polls, runtime, bounds);
            return new SqsPoller(this, "eventfork-" + fork.name() + "@" + address.name(), engine, holdings);
        }

        private Options with(int messages, Duration wait, Duration limit, Duration drain) {
            return new Options(options.concurrency(), messages, wait, limit, drain, options.visibilityTimeout());
        }
    }
}
