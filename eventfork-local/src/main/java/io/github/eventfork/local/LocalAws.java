package io.github.eventfork.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * SNS and SQS at one endpoint on 127.0.0.1, inside this process, for any AWS SDK and the AWS CLI.
 *
 * <p>SNS has standard and FIFO topics with SQS subscriptions, raw delivery, filter policies and dead-letter queues of
 * subscriptions. What SNS could do and this cannot (other protocols, archives, text messages) is refused in SNS's words,
 * and the log says why. SQS is ElasticMQ, mended where
 * it differs from AWS in what a consumer feels; calls of SQS's older query protocol reach it unmended. A {@code Publish}
 * is answered when its copies stand in the queues. All state is in memory and gone after {@link #close()}.
 *
 * <p>Any credentials and any region do. All threads are daemons: a {@code main} that should go on serving must wait by
 * itself. ElasticMQ logs its queues at INFO to loggers below {@code org.elasticmq}.
 *
 * <p>Thread-safe. Nothing here is null. Errors have the codes and texts of the
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_Operations.html">SNS API</a> and the
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html">SQS API</a>.
 */
public final class LocalAws implements AutoCloseable {
    private final Account account = Account.LOCAL;

    /** What ends each part: the front first, so that nothing new comes in. */
    private final Deque<Runnable> ends = new ArrayDeque<>();

    private final HttpFront front;

    private LocalAws(Builder builder) {
        front = HttpFront.bind(builder.port);
        ends.add(front::close);
        try {
            EmbeddedSqs sqs = EmbeddedSqs.start(front.endpoint(), account);
            ends.add(sqs::close);
            ElasticMq elasticMq = new ElasticMq(sqs.endpoint());
            ends.add(elasticMq::close);
            QueueSender sender = new QueueSender(sqs.endpoint(), account);
            ends.add(sender::close);
            SnsActions actions = SnsActions.of(account, front.endpoint(), sender, (topic, message, decisions) -> {});
            front.start(new Routes(
                    new SnsEndpoint(actions), new SqsEndpoint(Mends.before(elasticMq, Clock.systemUTC())), elasticMq));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Starts on a free port.
     *
     * @throws java.io.UncheckedIOException if that fails
     */
    public static LocalAws start() {
        return builder().start();
    }

    /** Chooses the port. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where SNS and SQS listen: for {@code endpointOverride(..)} of the SDK's clients, {@code --endpoint-url} of the CLI, and
     * the variable {@code AWS_ENDPOINT_URL}, which both read. Queue URLs begin with it.
     */
    public URI endpoint() {
        return front.endpoint();
    }

    /** The same as {@link #endpoint()}. */
    public URI snsEndpoint() {
        return endpoint();
    }

    /** The same as {@link #endpoint()}. */
    public URI sqsEndpoint() {
        return endpoint();
    }

    /** The region in all ARNs: {@code us-east-1}. */
    public String region() {
        return account.region();
    }

    /** The account in all ARNs: {@code 000000000000}. */
    public String accountId() {
        return account.id();
    }

    /** Ends all of it, long polls under way included, and frees the port. A second call does nothing. */
    @Override
    public void close() {
        synchronized (ends) {
            while (!ends.isEmpty()) {
                ends.remove().run();
            }
        }
    }

    /** Builds a {@link LocalAws}; mutable, for one thread. */
    public static final class Builder {
        private int port;

        private Builder() {}

        /** The port of both services, 0 to 65535. Default: 0, any free one. */
        @CanIgnoreReturnValue
        public Builder port(int port) {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
            }
            this.port = port;
            return this;
        }

        /** The same as {@link #port}; 0 changes nothing. */
        @CanIgnoreReturnValue
        public Builder snsPort(int port) {
            return port == 0 ? this : port(port);
        }

        /** The same as {@link #port}; 0 changes nothing. */
        @CanIgnoreReturnValue
        public Builder sqsPort(int port) {
            return port == 0 ? this : port(port);
        }

        /**
         * Starts it.
         *
         * @throws java.io.UncheckedIOException if the port is in use, which its text names; nothing is left running then
         */
        public LocalAws start() {
            return new LocalAws(this);
        }
    }
}
