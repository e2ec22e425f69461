package io.github.eventfork.topology;

import io.github.eventfork.Fork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
 * {@link IllegalArgumentException}, so a topology that exists can be created.
 */
public final class Topology {

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]+");
    private static final int MOST_LETTERS = 256;

    private final String name;
    private final boolean fifo;
    private final QueueTimes times;
    private final List<Branch> branches;
    private final List<ForkQueue> queues;

    /** A fork, and what is to differ from the defaults; the defaults may still change after it was added. */
    private record Branch(Fork fork, UnaryOperator<ForkQueue> change) {}

    private Topology(String name, boolean fifo, QueueTimes times, List<Branch> branches) {
        this.name = name;
        this.fifo = fifo;
        this.times = times;
        this.branches = List.copyOf(branches);
        if (!TOPIC.matcher(name).matches() || topicName().length() > MOST_LETTERS) {
            throw new IllegalArgumentException("a topic's name is 1 to 256 letters, digits, '-' and '_'"
                    + (fifo ? ", '.fifo' counted" : "") + ", was '" + topicName() + "'");
        }
        this.queues = branches.stream().map(this::queue).toList();
        refuseClashes();
    }

    /**
     * A topology with no fork yet.
     *
     * @param name that of the topic, without the {@code .fifo} that {@link #fifo()} adds: 1 to 256 letters, digits, {@code -} and {@code _}, as
     *     <a href="https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html">SNS</a> has it
     * @throws IllegalArgumentException if {@code name} is none
     */
    public static Topology of(String name) {
        if (name.endsWith(QueueNames.FIFO)) {
            throw new IllegalArgumentException(
                    "a topic is named without '.fifo', which Topology.fifo() adds, was '" + name + "'");
        }
        return new Topology(name, false, QueueTimes.STANDARD, List.of());
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
        return new Topology(name, fifo, times.withRetention(retention), branches);
    }

    /**
     * The same, but dead-letter queues that name no retention of their own keep messages until so long after their
     * publication: whole seconds, 60 s to 14 days, at least what queues do. Default: 14 days.
     */
    public Topology withDeadLetterRetention(Duration retention) {
        return new Topology(name, fifo, times.withDeadLetterRetention(retention), branches);
    }

    /**
     * The same, but queues that name no visibility timeout of their own have this one: whole seconds, 0 to 12 h; a poller waits
     * until it is more than 0.
     * Default: 30 s. For Lambda see {@link ForkQueue#withVisibilityTimeout}.
     */
    public Topology withVisibilityTimeout(Duration timeout) {
        return new Topology(name, fifo, times.withVisibilityTimeout(timeout), branches);
    }

    /**
     * The same in order: a FIFO topic and FIFO queues, dead-letter queues among them, and {@code .fifo} at the end of all
     * their names. Publishers then give each event a group, and events of one group are handled one at a time, in order;
     * and a <a href="https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html">deduplication id</a>: what has the
     * id of an event of the last five minutes is dropped. {@link #createOn} makes no topic that takes that id from the content,
     * because attributes are no part of it: two events that differ in their type only would be one.
     *
     * <p>A fork's attempts and its queue's {@code maxReceiveCount} must be the same number then. With fewer attempts, a
     * group whose head has failed for the last time would go on while SQS still hands that head out; with more, what is
     * given back together with the head would move to the dead-letter queue with it.
     *
     * @throws IllegalArgumentException if a fork's two numbers differ, or a name is too long with its suffix
     */
    public Topology fifo() {
        return new Topology(name, true, times, branches);
    }

    /** Whether {@link #fifo()} was called. */
    boolean isFifo() {
        return fifo;
    }

    /** The name as it was given. */
    String name() {
        return name;
    }

    /** The topic's name, in full. */
    public String topicName() {
        return fifo ? name + QueueNames.FIFO : name;
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
     * filter policy, its scope and raw delivery. All other attributes are left alone, a FIFO topic's deduplication among
     * them, and nothing is ever deleted: subscriptions and queues of a fork that is no longer named stay, and go on receiving. {@link Deployed#strangers()}
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

    /**
     * Renders this topology, and a function for each fork, as an
     * <a href="https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html">AWS
     * SAM template</a> in YAML: topic, queues, dead-letter queues, access policies, subscriptions with their filter
     * policies, functions with {@code ReportBatchItemFailures}, and for each function a role with the rights that it needs
     * and no more. Equal topologies and settings give equal text.
     *
     * <p>A queue's visibility timeout is this topology's, or
     * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html">six times the function's timeout
     * and its batching window</a> if that is more. For handler, runtime and memory there are parameters that override
     * them. Queues that must be replaced, because their names change, are kept.
     *
     * @param functions how each fork runs; called once for each
     * @throws IllegalArgumentException if a fork has no settings, or such as don't go with its queue; or if its filter policy
     *     asks for null, which no template can hold
     * @throws IllegalStateException if a fork has no filter policy because its event type is computed, two forks' names
     *     give the same logical id, or there are too many forks for one template
     */
    public String toSamTemplate(Function<Fork, FunctionSettings> functions) {
        return new Templates(this, functions).sam();
    }

    /**
     * Renders the same forks behind an
     * <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html">EventBridge event bus</a> named
     * as the topology was, without {@code .fifo}: instead of subscriptions there is a rule for each fork, with an event
     * pattern that lets in what the filter policy would. All else is as in {@link #toSamTemplate}. It is rendered only:
     * {@link #createOn} makes no event bus.
     *
     * <p>Event types are detail-types there; conditions on the body, conditions on {@code detail}. A FIFO queue gets all
     * its events in one group, because a rule can name no other, and deduplicates by content, because a rule gives no
     * deduplication id: it drops a copy only if EventBridge sends it twice, since each event has an id of its own. Raw delivery
     * is SNS's and means nothing here.
     *
     * @param functions how each fork runs; called once for each
     * @throws IllegalArgumentException if the topology is named {@code default}, as a bus that is there already; if a fork has
     *     no settings, or such as don't go with its queue; or if it takes no EventBridge events, or its filter policy asks
     *     for what such events don't have or can't be asked for
     * @throws IllegalStateException as {@link #toSamTemplate}
     */
    public String toEventBridgeTemplate(Function<Fork, FunctionSettings> functions) {
        return new Templates(this, functions).eventBridge();
    }

    /**
     * Draws this topology as a <a href="https://mermaid.js.org/syntax/flowchart.html">Mermaid flowchart</a>: topic, what
     * each subscription lets in, queues, dead-letter queues, forks.
     *
     * @throws IllegalStateException if a fork has no filter policy because its event type is computed
     */
    public String toMermaid() {
        return Mermaid.of(this);
    }

    private Topology with(List<Branch> more) {
        List<Branch> all = new ArrayList<>(branches);
        all.addAll(more);
        return new Topology(name, fifo, times, all);
    }

    private ForkQueue queue(Branch branch) {
        try {
            ForkQueue queue = branch.change().apply(ForkQueue.of(branch.fork(), times, fifo));
            refuseTwoEnds(queue);
            refuseOtherKinds(queue);
            QueueTimes.refuseExpiry(queue.retention(), queue.visibilityTimeout(), queue.maxReceiveCount());
            return queue;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    subject() + ", fork '" + branch.fork().name() + "': " + e.getMessage(), e);
        }
    }

    /** On FIFO the fork and SQS must give up at the same receive. */
    private static void refuseTwoEnds(ForkQueue queue) {
        int attempts = queue.fork().retry().attempts();
        if (queue.isFifo() && attempts != queue.maxReceiveCount()) {
            throw new IllegalArgumentException("on FIFO queues maxReceiveCount must be the fork's attempts, or a group"
                    + " loses its order or its followers: was " + queue.maxReceiveCount() + ", and attempts "
                    + attempts);
        }
    }

    /** SNS delivers to a FIFO queue from FIFO topics only. */
    private static void refuseOtherKinds(ForkQueue queue) {
        for (String topic : queue.otherSenders()) {
            if (queue.isFifo() && !topic.endsWith(QueueNames.FIFO)) {
                throw new IllegalArgumentException(
                        "a FIFO queue can be subscribed to FIFO topics only, was sender '" + topic + "'");
            }
        }
    }

    /** How an error begins. */
    String subject() {
        return "Topology '" + topicName() + "'";
    }

    private void refuseClashes() {
        Map<String, Fork> forks = new HashMap<>();
        Map<String, String> owners = new HashMap<>();
        for (ForkQueue queue : queues) {
            String fork = queue.fork().name();
            if (forks.put(fork, queue.fork()) != null) {
                throw new IllegalArgumentException(subject() + ": two forks are named '" + fork + "'");
            }
            queue.contradiction(topicName()).ifPresent(problem -> {
                throw new IllegalArgumentException(subject() + ": the fork '" + fork + "' " + problem);
            });
            claim(owners, queue.name(), "the queue of fork '" + fork + "'");
            claim(owners, queue.deadLetterName(), "the dead-letter queue of fork '" + fork + "'");
        }
    }

    private void claim(Map<String, String> owners, String queueName, String owner) {
        String other = owners.putIfAbsent(queueName, owner);
        if (other != null) {
            throw new IllegalArgumentException(subject() + ": '" + queueName + "' is both " + other + " and " + owner);
        }
    }

    @Override
    public String toString() {
        return "Topology[" + topicName() + " to " + queues + "]";
    }
}
