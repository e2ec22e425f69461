package io.github.eventfork.topology;

import io.github.eventfork.Fork;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.FilterPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the topic and one fork: its queue, its dead-letter queue and its subscription.
 *
 * <p>Everything has a default, most of it from the fork; each {@code with...} answers with a changed copy. Immutable and
 * thread-safe. Nothing here is null. Values that SQS would refuse are refused where they are given, with an
 * {@link IllegalArgumentException}.
 */
public final class ForkQueue {

    private static final Pattern TOPIC_ARN =
            Pattern.compile("arn:[^:]+:sns:[^:]+:\\d{12}:[A-Za-z0-9_-]{1,256}(\\.fifo)?");
    private static final int MOST_RECEIVES = 1000;

    private final Fork fork;
    private final QueueNames names;
    private final QueueTimes times;
    private final int maxReceiveCount;
    private final @Nullable FilterPolicy filterPolicy;
    private final boolean rawDelivery;
    private final List<String> otherSenders;

    private ForkQueue(
            Fork fork,
            QueueNames names,
            QueueTimes times,
            int maxReceiveCount,
            @Nullable FilterPolicy filterPolicy,
            boolean rawDelivery,
            List<String> otherSenders) {
        this.fork = fork;
        this.names = names;
        this.times = times;
        this.maxReceiveCount = maxReceiveCount;
        this.filterPolicy = filterPolicy;
        this.rawDelivery = rawDelivery;
        this.otherSenders = otherSenders;
    }

    static ForkQueue of(Fork fork, QueueTimes times, boolean fifo) {
        QueueNames names = new QueueNames(fork.name(), null, fifo);
        return new ForkQueue(fork, names, times, fork.retry().attempts(), null, false, List.of());
    }

    /** The fork that this is for. */
    public Fork fork() {
        return fork;
    }

    /**
     * The fork as it is to run behind this queue: it takes what the topic's subscription brings and nothing else, notifications
     * of that topic or, with {@link #rawDelivery}, no notification at all. As it is, if other topics {@linkplain #otherSenders
     * may send} to the queue too, or if it is pinned already.
     *
     * @param topicArn the topic, as {@link Deployed#topicArn()} has it
     */
    public Fork pinnedFork(String topicArn) {
        if (!otherSenders.isEmpty() || fork.topic().isPresent() || fork.takesNoNotification()) {
            return fork;
        }
        return rawDelivery ? fork.withRawDelivery() : fork.withTopic(topicArn);
    }

    /** Why the fork would reject whatever this queue brings; empty if it would not. */
    Optional<String> contradiction(String topicName) {
        boolean wrappedOnly = fork.topic().isPresent() || fork.envelope().equals(Optional.of(Envelope.Kind.SNS));
        if (rawDelivery && wrappedOnly) {
            return Optional.of("takes SNS notifications only, and its queue has raw delivery");
        }
        if (!rawDelivery && fork.takesNoNotification()) {
            return Optional.of(
                    "takes no SNS notification, and its queue has none but these; give it withRawDelivery()");
        }
        return fork.topic()
                .filter(arn -> !arn.endsWith(":" + topicName) && !otherSenders.contains(arn))
                .map(arn -> "takes from the topic " + arn + " only, and is put behind '" + topicName + "'");
    }

    /** The queue's name, in full. Default: the fork's, and {@code .fifo} if the topology is FIFO. */
    public String name() {
        return names.queue();
    }

    /** The dead-letter queue's name, in full. Default: the queue's, with {@code -dlq} before any {@code .fifo}. */
    public String deadLetterName() {
        return names.deadLetters();
    }

    /** Whether both are FIFO queues. */
    boolean isFifo() {
        return names.fifo();
    }

    /** How long the queue keeps a message. Default: 4 days. */
    public Duration retention() {
        return times.retention();
    }

    /** How long after its publication a message leaves the dead-letter queue. Default: 14 days. */
    public Duration deadLetterRetention() {
        return times.deadLetterRetention();
    }

    /** How long a received message stays invisible, unless its consumer asks for more. Default: 30 s. */
    public Duration visibilityTimeout() {
        return times.visibilityTimeout();
    }

    /** How often SQS hands a message out before it moves it to the dead-letter queue. Default: the fork's attempts. */
    public int maxReceiveCount() {
        return maxReceiveCount;
    }

    /**
     * What the subscription lets in. Default: what the fork's routes and conditions imply.
     *
     * @throws IllegalStateException if the fork's event type is computed by a function and no other policy is given
     */
    public FilterPolicy filterPolicy() {
        return filterPolicy == null ? fork.filterPolicy() : filterPolicy;
    }

    /** Whether SNS delivers the published text alone, without its envelope. Default: false. */
    public boolean rawDelivery() {
        return rawDelivery;
    }

    /** The ARNs of topics that may send to the queue besides the topology's own. Default: none. */
    public List<String> otherSenders() {
        return otherSenders;
    }

    /**
     * The same with another queue name, and a dead-letter queue named after it unless that has a name of its own.
     *
     * @param other letters, digits, {@code -} and {@code _}, without the {@code .fifo} that a FIFO topology adds; 1 to 80,
     *     of the whole name and of the dead-letter queue's as well
     */
    public ForkQueue withName(String other) {
        return with(names.withQueue(other));
    }

    /**
     * The same with another name for the dead-letter queue.
     *
     * @param other letters, digits, {@code -} and {@code _}, without the {@code .fifo} that a FIFO topology adds; 1 to 80,
     *     of the whole name
     */
    public ForkQueue withDeadLetterName(String other) {
        return with(names.withDeadLetters(other));
    }

    /**
     * The same with another retention: whole seconds, 60 s to 14 days, at most that of the dead-letter queue, and more than
     * all receives take if each waits for the visibility timeout, which is checked when the topology or a template is made.
     */
    public ForkQueue withRetention(Duration other) {
        return with(times.withRetention(other));
    }

    /**
     * The same with another retention of the dead-letter queue: whole seconds, 60 s to 14 days, at least that of the
     * queue, because a message that moves keeps its age.
     */
    public ForkQueue withDeadLetterRetention(Duration other) {
        return with(times.withDeadLetterRetention(other));
    }

    /**
     * The same with another visibility timeout: whole seconds, 0 to 12 h; a poller waits until it is more than 0. Lambda wants at least the function's timeout
     * and <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html">advises six times that</a>; a
     * poller renews it as long as it works.
     */
    public ForkQueue withVisibilityTimeout(Duration other) {
        return with(times.withVisibilityTimeout(other));
    }

    /**
     * The same, but SQS itself gives a message up after another number of receives than the fork has attempts: 1 to 1000.
     * A poller goes by the smaller of the two. A FIFO topology refuses a difference, see {@link Topology#fifo()}.
     */
    public ForkQueue withMaxReceiveCount(int other) {
        if (other < 1 || other > MOST_RECEIVES) {
            throw new IllegalArgumentException("maxReceiveCount must be 1 to " + MOST_RECEIVES + ", was " + other);
        }
        return new ForkQueue(fork, names, times, other, filterPolicy, rawDelivery, otherSenders);
    }

    /**
     * The same with a filter policy of your own, {@code {}} for none at all. SNS checks it. An event that it lets in and
     * no route takes is treated as the fork treats unrouted ones.
     */
    public ForkQueue withFilterPolicy(FilterPolicy other) {
        return new ForkQueue(fork, names, times, maxReceiveCount, other, rawDelivery, otherSenders);
    }

    /**
     * The same with <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html">raw
     * delivery</a>. The id that all copies of an event share is in the envelope only, so name an idempotency key of your
     * own; an event with more than 10 attributes is not delivered raw.
     */
    public ForkQueue withRawDelivery() {
        return new ForkQueue(fork, names, times, maxReceiveCount, filterPolicy, true, otherSenders);
    }

    /**
     * The same, and the topic with this ARN may send to the queue too, if someone subscribes the queue to it. A FIFO topology
     * refuses standard topics, because SNS does.
     */
    public ForkQueue withSender(String topicArn) {
        if (!TOPIC_ARN.matcher(topicArn).matches()) {
            throw new IllegalArgumentException("a sender must be the ARN of an SNS topic, was '" + topicArn + "'");
        }
        List<String> more = new ArrayList<>(otherSenders);
        more.add(topicArn);
        return new ForkQueue(fork, names, times, maxReceiveCount, filterPolicy, rawDelivery, List.copyOf(more));
    }

    private ForkQueue with(QueueTimes other) {
        return new ForkQueue(fork, names, other, maxReceiveCount, filterPolicy, rawDelivery, otherSenders);
    }

    private ForkQueue with(QueueNames other) {
        return new ForkQueue(fork, other, times, maxReceiveCount, filterPolicy, rawDelivery, otherSenders);
    }

    @Override
    public String toString() {
        return "ForkQueue[" + name() + " of fork " + fork.name() + "]";
    }
}
