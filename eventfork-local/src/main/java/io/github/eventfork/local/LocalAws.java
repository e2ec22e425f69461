package io.github.eventfork.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.eventfork.local.http.HttpDoor;
import io.github.eventfork.local.http.HttpLimits;
import io.github.eventfork.text.LogText;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * SNS and SQS at one endpoint on 127.0.0.1, inside this process, for any AWS SDK and the AWS CLI.
 *
 * <p>SNS has standard and FIFO topics with SQS subscriptions, raw delivery, filter policies and dead-letter queues of
 * subscriptions. What SNS could do and this cannot (other protocols, archives, text messages) is refused in SNS's words,
 * and the log says why. SQS is ElasticMQ, mended where
 * it differs from AWS in what a consumer feels; calls of SQS's older query protocol reach it unmended. A {@code Publish}
 * is answered when its copies stand in the queues. All state is in memory and gone after {@link #close()}.
 *
 * <p>It answers processes of this machine and no web page: what names another host in {@code Host} or in its target, or comes
 * from a page of a browser, is refused with status 403 or 400. It has at most 512 connections and 64 MiB of requests at once,
 * and refuses more with status 503.
 *
 * <p>Any credentials and any region do. All threads are daemons: a {@code main} that should go on serving must wait by
 * itself. ElasticMQ logs its queues at INFO to loggers below {@code org.elasticmq}.
 *
 * <p>Thread-safe. Nothing here is null. Errors have the codes and texts of the
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_Operations.html">SNS API</a> and the
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html">SQS API</a>.
 */
public final class LocalAws implements AutoCloseable {
    private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*\\.?");

    private final Account account = Account.LOCAL;

    /** What ends each part: the front first, so that nothing new comes in. */
    private final Deque<Runnable> ends = new ArrayDeque<>();

    private final HttpDoor front;
    private final Spy spy;
    private final Faults faults;

    private LocalAws(Builder builder) {
        front = bind(builder);
        faults = new Faults(builder.seed);
        ends.add(front::close);
        boolean started = false;
        try {
            Changes changes = new Changes();
            KnownMessages known = new KnownMessages();
            Pauses pauses = new Pauses();
            ends.add(pauses::close);
            EmbeddedSqs sqs = EmbeddedSqs.start(endpoint(), account, known, changes);
            ends.add(sqs::close);
            ElasticMq elasticMq = new ElasticMq(sqs);
            PublishedLog log = new PublishedLog(builder.publishedKept, changes);
            QueueView queues = new QueueView(known, sqs.queues());
            SqsService mended = Mends.before(
                    new ForgettingSqs(known, queues, elasticMq),
                    sqs.queues()::removeRedrivePolicyOf,
                    Clock.systemUTC());
            QueueSender sender = new QueueSender(mended, account);
            ends.add(sender::close);
            IamActions iam = new IamActions();
            IamNeeds needs = new IamNeeds(account);
            spy = new Spy(log, queues, iam, changes);
            SnsActions actions = SnsActions.of(account, endpoint(), new FaultyCopies(account, faults, sender), log);
            WatchedSns watchedSns = new WatchedSns(needs, iam, changes, new FaultySns(faults, pauses, actions));
            WatchedSqs watchedSqs = new WatchedSqs(
                    needs, iam, changes, new FaultySqs(faults, pauses, new FaultyReceives(faults, mended)), mended);
            Routes routes = new Routes(
                    new SnsEndpoint(watchedSns),
                    new SqsEndpoint(watchedSqs),
                    new WatchedQueries(watchedSqs, elasticMq));
            front.start(routes::answer);
            started = true;
        } finally {
            // not in a catch: Scala throws checked exceptions undeclared
            if (!started) {
                close();
            }
        }
    }

    private static HttpDoor bind(Builder builder) {
        try {
            return HttpDoor.bind(
                    "eventfork-local-http",
                    LoopbackPort.address(builder.port),
                    builder.hostNames,
                    HttpLimits.standard());
        } catch (IOException e) {
            throw LoopbackPort.failure(builder.port, e);
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
        return LoopbackPort.endpoint(front.port());
    }

    /** The region in all ARNs: {@code us-east-1}. */
    public String region() {
        return account.region();
    }

    /** The account in all ARNs: {@code 000000000000}. */
    public String accountId() {
        return account.id();
    }

    /** Sees what is published, what stands in the queues, and what rights the calls need. */
    public Spy spy() {
        return spy;
    }

    /** Plans what goes wrong. Nothing does unless planned. */
    public Faults faults() {
        return faults;
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

    /**
     * The name of a host as {@link Builder#hostName} keeps it, in lower case.
     *
     * @throws IllegalArgumentException if it is no name of a host, or has a port
     */
    public static String hostName(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        if (!HOST_NAME.matcher(plain).matches()) {
            throw new IllegalArgumentException(
                    "a host's name is letters, digits, '-' and '.', without a port, was '" + LogText.of(name) + "'");
        }
        return plain;
    }

    /** Builds a {@link LocalAws}; mutable, for one thread. */
    public static final class Builder {
        private int port;
        private long seed = 4;
        private int publishedKept = 10_000;
        private final Set<String> hostNames = new HashSet<>();

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

        /**
         * One more name by which it may be asked, such as {@code host.docker.internal}: of requests whose {@code Host} is
         * neither loopback nor such a name, none is answered, because a web page could have any name resolved to this machine.
         *
         * @throws IllegalArgumentException if it is no name of a host, or has a port
         */
        @CanIgnoreReturnValue
        public Builder hostName(String name) {
            hostNames.add(LocalAws.hostName(name));
            return this;
        }

        /** What the chance of {@link LocalAws#faults()} is drawn from. Default: always the same. */
        @CanIgnoreReturnValue
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Of how many messages {@link Spy#published()} tells at most, the last ones; 0 or more. Default: 10,000. Whatever it
         * is, what they hold is 64 MB at most.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder publishedKept(int messages) {
            if (messages < 0) {
                throw new IllegalArgumentException("published messages kept must be 0 or more, was " + messages);
            }
            publishedKept = messages;
            return this;
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
