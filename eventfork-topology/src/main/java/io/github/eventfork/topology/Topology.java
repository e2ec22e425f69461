package io.github.eventfork.topology;

import io.github.eventfork.Fork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A topic, and for each fork its queue, dead-letter queue and filter policy.
 *
 * <pre>{@code
 * Topology userEvents = Topology.of("user-events")
 *         .forks(analytics, mailingList)
 *         .fork(chat, queue -> queue.withRetention(Duration.ofDays(1)));
 * Deployed deployed = userEvents.createOn(sns, sqs);
 * }</pre>
 *
 * <p>A fork is named here once, and everything follows from it. Immutable and thread-safe; each method answers with a
 * changed copy. Nothing here is null. What clashes is refused where it is given, with an
 * {@link IllegalArgumentException}, so a topology that exists can be created. Standard topics and queues only: FIFO is
 * not supported yet.
 */
public final class Topology {

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    private final String topicName;
    private final QueueTimes times;
    private final List<Branch> branches;
    private final List<ForkQueue> queues;

    /** A fork, and what is to differ from the defaults; the defaults may still change after it was added. */
    private record Branch(Fork fork, UnaryOperator<ForkQueue> change) {}

    private Topology(String topicName, QueueTimes times, List<Branch> branches) {
        this.topicName = topicName;
        this.times = times;
        this.branches = List.copyOf(branches);
        this.queues = branches.stream().map(this::queue).toList();
        refuseClashes();
    }

    /**
     * A topology with no fork yet.
     *
     * @param topicName 1 to 256 letters, digits, {@code -} and {@code _}, as
     *     <a href="https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html">SNS</a> has it
     * @throws IllegalArgumentException if {@code topicName} is none, or that of a FIFO topic
     */
    public static Topology of(String topicName) {
        if (topicName.endsWith(".fifo")) {
            throw new IllegalArgumentException("FIFO topics are not supported here yet, was '" + topicName + "'");
        }
        if (!TOPIC.matcher(topicName).matches()) {
            throw new IllegalArgumentException(
                    "a topic's name is 1 to 256 letters, digits, '-' and '_', was '" + topicName + "'");
        }
        return new Topology(topicName, QueueTimes.STANDARD, List.of());
    }

    /**
     * The same with these forks too, each behind a queue of its own name.
     *
     * @throws IllegalArgumentException if a fork's name or its queues' names are taken
     */
    public Topology forks(Fork... forks) {
        return with(Arrays.stream(forks)
                .map(fork -> new Branch(fork, UnaryOperator.identity()))
                .toList());
    }

    /**
     * The same with this fork too, behind a queue that differs from the others.
     *
     * @param change makes the difference; called again whenever this topology is changed, so it must depend on nothing
     *     but its argument
     * @throws IllegalArgumentException if the fork's name or its queues' names are taken, or {@code change} gives a value
     *     that SQS would refuse
     */
    public Topology fork(Fork fork, UnaryOperator<ForkQueue> change) {
        return with(List.of(new Branch(fork, change)));
    }

    /**
     * The same, but queues that name no retention of their own keep messages so long: whole seconds, 60 s to 14 days, at
     * most what dead-letter queues do. Default: 4 days.
     */
    public Topology withRetention(Duration retention) {
        return new Topology(topicName, times.withRetention(retention), branches);
    }

    /**
     * The same, but dead-letter queues that name no retention of their own keep messages until so long after their
     * publication: whole seconds, 60 s to 14 days, at least what queues do. Default: 14 days.
     */
    public Topology withDeadLetterRetention(Duration retention) {
        return new Topology(topicName, times.withDeadLetterRetention(retention), branches);
    }

    /**
     * The same, but queues that name no visibility timeout of their own have this one: whole seconds, 0 to 12 h; a poller waits
     * until it is more than 0.
     * Default: 30 s. For Lambda see {@link ForkQueue#withVisibilityTimeout}.
     */
    public Topology withVisibilityTimeout(Duration timeout) {
        return new Topology(topicName, times.withVisibilityTimeout(timeout), branches);
    }

    /** The topic's name. */
    public String topicName() {
        return topicName;
    }

    /** What stands between the topic and each fork, in the order in which the forks were added. */
    public List<ForkQueue> queues() {
        return queues;
    }

    /**
     * Makes AWS look like this topology: creates what is missing and sets what differs. A second call changes nothing and
     * answers the same; a call after one that failed goes on where that stopped. (SQS may need
     * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html">a second</a>
     * until it knows a queue that it just created; if that shows as {@code QueueDoesNotExist}, call again.)
     *
     * <p>A queue of the right name is taken for the fork's, whoever made it. Set on it are retention, visibility timeout,
     * access policy and redrive policy; on its dead-letter queue retention and redrive allow policy; on the subscription
     * filter policy, its scope and raw delivery. All other attributes are left alone, and nothing is ever deleted:
     * subscriptions and queues of a fork that is no longer named stay, and go on receiving. {@link Deployed#strangers()}
     * names such subscriptions.
     *
     * <p>A changed filter policy takes up to <a
     * href="https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html">15 minutes</a> to work
     * everywhere. When its scope changes, the queue gets every event for a moment.
     *
     * <p>Needs the rights sns:CreateTopic, ListSubscriptionsByTopic, Subscribe, GetSubscriptionAttributes and
     * SetSubscriptionAttributes, and sqs:CreateQueue, GetQueueUrl, GetQueueAttributes and SetQueueAttributes. The clients
     * stay the caller's to close.
     *
     * @throws TopologyException if SNS or SQS refuses a call or can't be reached
     * @throws IllegalStateException before any call, if a fork has no filter policy because its event type is computed;
     *     give it one with {@link ForkQueue#withFilterPolicy}
     */
    public Deployed createOn(SnsClient sns, SqsClient sqs) {
        queues.forEach(ForkQueue::filterPolicy);
        return new Creation(this, sns, sqs).run();
    }

    private Topology with(List<Branch> more) {
        List<Branch> all = new ArrayList<>(branches);
        all.addAll(more);
        return new Topology(topicName, times, all);
    }

    private ForkQueue queue(Branch branch) {
        try {
            return branch.change().apply(ForkQueue.of(branch.fork(), times));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Topology '" + topicName + "', fork '" + branch.fork().name() + "': " + e.getMessage(), e);
        }
    }

    private void refuseClashes() {
        Map<String, Fork> forks = new HashMap<>();
        Map<String, String> owners = new HashMap<>();
        for (ForkQueue queue : queues) {
            String fork = queue.fork().name();
            if (forks.put(fork, queue.fork()) != null) {
                throw new IllegalArgumentException("Topology '" + topicName + "': two forks are named '" + fork + "'");
            }
            claim(owners, queue.name(), "the queue of fork '" + fork + "'");
            claim(owners, queue.deadLetterName(), "the dead-letter queue of fork '" + fork + "'");
        }
    }

    private void claim(Map<String, String> owners, String queueName, String owner) {
        String other = owners.putIfAbsent(queueName, owner);
        if (other != null) {
            throw new IllegalArgumentException(
                    "Topology '" + topicName + "': '" + queueName + "' is both " + other + " and " + owner);
        }
    }

    @Override
    public String toString() {
        return "Topology[" + topicName + " to " + queues + "]";
    }
}
