package io.github.eventfork.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.URI;

/**
 * An SNS and an SQS endpoint on 127.0.0.1, inside this process, for the AWS SDK and the AWS CLI.
 *
 * <p>SNS has standard topics with SQS subscriptions, raw delivery and filter policies; what it does not have yet (FIFO
 * topics, other protocols, dead-letter queues of subscriptions) it refuses, and says so. SQS is ElasticMQ. A
 * {@code Publish} is answered when its copies stand in the queues. All state is in memory and gone after {@link #close()}.
 *
 * <p>Any credentials do. All threads are daemons: a {@code main} that should go on serving must wait by itself.
 * ElasticMQ logs its queues at INFO to loggers below {@code org.elasticmq}.
 *
 * <p>Thread-safe. Nothing here is null. Errors have the codes and texts of the
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_Operations.html">SNS API</a>.
 */
public final class LocalAws implements AutoCloseable {
    private final Account account = Account.LOCAL;
    private final EmbeddedSqs sqs;
    private final QueueSender sender;
    private final SnsServer sns;

    private LocalAws(Builder builder) {
        sqs = EmbeddedSqs.start(builder.sqsPort, account);
        sender = new QueueSender(sqs.endpoint(), account);
        try {
            sns = SnsServer.start(builder.snsPort, account, sender);
        } catch (RuntimeException | Error e) {
            sender.close();
            sqs.close();
            throw e;
        }
    }

    /**
     * Starts both endpoints, each on a free port.
     *
     * @throws java.io.UncheckedIOException if that fails
     */
    public static LocalAws start() {
        return builder().start();
    }

    /** Chooses the ports. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where SNS listens: for {@code SnsClient.builder().endpointOverride(..)}. */
    public URI snsEndpoint() {
        return sns.endpoint();
    }

    /** Where SQS listens: for {@code SqsClient.builder().endpointOverride(..)}. */
    public URI sqsEndpoint() {
        return sqs.endpoint();
    }

    /** The region in all ARNs: {@code us-east-1}. */
    public String region() {
        return account.region();
    }

    /** The account in all ARNs: {@code 000000000000}. */
    public String accountId() {
        return account.id();
    }

    /** Ends both endpoints, long polls under way included, and frees the ports. A second call does nothing. */
    @Override
    public void close() {
        sns.close();
        sender.close();
        sqs.close();
    }

    /** Builds a {@link LocalAws}; mutable, for one thread. */
    public static final class Builder {
        private int snsPort;
        private int sqsPort;

        private Builder() {}

        /** The port of SNS, 0 to 65535. Default: 0, any free one. */
        @CanIgnoreReturnValue
        public Builder snsPort(int port) {
            snsPort = checked(port);
            return this;
        }

        /** The port of SQS, 0 to 65535. Default: 0, any free one. */
        @CanIgnoreReturnValue
        public Builder sqsPort(int port) {
            sqsPort = checked(port);
            return this;
        }

        /**
         * Starts both endpoints.
         *
         * @throws java.io.UncheckedIOException if a port is in use, which its text names; nothing is left running then
         */
        public LocalAws start() {
            return new LocalAws(this);
        }

        private static int checked(int port) {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
            }
            return port;
        }
    }
}
