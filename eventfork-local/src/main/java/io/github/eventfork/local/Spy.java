package io.github.eventfork.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Sees what happens in a {@link LocalAws}: what was published and who took it, what stands in the queues, and what rights
 * the calls needed. Looking changes nothing: no message is received by it.
 *
 * <pre>{@code
 * local.spy().awaitEmpty("mailing-list", Duration.ofSeconds(10));
 * assertThat(local.spy().published().get(0).decisionOf("chat").orElseThrow().refusedBy()).contains("event");
 * }</pre>
 *
 * <p>What it gives is immutable, and as it was at that moment. Thread-safe. Nothing here is null.
 */
public final class Spy {
    /** So that a condition that looks at much does not hold up the calls that change it. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final PublishedLog log;
    private final QueueView queues;
    private final IamActions iam;
    private final Changes changes;

    Spy(PublishedLog log, QueueView queues, IamActions iam, Changes changes) {
        this.log = log;
        this.queues = queues;
        this.iam = iam;
        this.changes = changes;
    }

    /**
     * What was published, oldest first: what SNS took, whether any subscription wanted it or not. A message is told of when
     * its copies stand in the queues. The last 10,000, or as many as {@link LocalAws.Builder#publishedKept} says, and 64 MB
     * of them at most.
     */
    public List<Published> published() {
        return log.all();
    }

    /**
     * What stands in a queue, visible or not, in the order in which it came there.
     *
     * @param name of the queue
     * @throws IllegalArgumentException if there is no such queue
     */
    public List<Standing> queue(String name) {
        return queues.in(name);
    }

    /**
     * Returns when the condition holds. It is asked at once, and again when something may have changed, every 20 ms at most:
     * a message was published, came, went, or can be received again, or a call was made or answered. It is asked on this thread, and may look
     * at anything else as well.
     *
     * @throws AssertionError if it does not hold in time; the text says what was published and what stands where, but
     *     nothing of what is in a message
     * @throws IllegalStateException if this thread is interrupted; it still is then
     */
    public void await(Duration atMost, Predicate<? super Spy> condition) {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(atMost);
        long seen = -1;
        while (true) {
            long count = changes.count();
            boolean quiet = count == seen;
            seen = count;
            // asked before the condition: what turns visible meanwhile is seen by one of them
            Optional<Instant> nextTurn = quiet ? queues.nextTurn() : Optional.empty();
            if (condition.test(this)) {
                return;
            }
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                throw new AssertionError("It was not so within " + atMost + ". " + situation());
            }
            try {
                if (quiet) {
                    changes.awaitOtherThan(seen, untilNextTurn(nextTurn, left));
                }
                TimeUnit.NANOSECONDS.sleep(Math.min(BETWEEN_LOOKS.toNanos(), left.toNanos()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting. " + situation(), e);
            }
        }
    }

    private static Duration untilNextTurn(Optional<Instant> nextTurn, Duration atMost) {
        return nextTurn.map(turn -> Duration.between(Instant.now(), turn))
                .filter(turn -> turn.compareTo(atMost) < 0)
                .orElse(atMost);
    }

    /**
     * Returns when as many messages were published, all counted since the start as far as they are kept.
     *
     * @return what was published
     * @throws AssertionError as {@link #await} says
     * @throws IllegalStateException as {@link #await} says
     */
    public List<Published> awaitPublished(int atLeast, Duration atMost) {
        await(atMost, spy -> spy.published().size() >= atLeast);
        return published();
    }

    /**
     * Returns when nothing stands in a queue: all was deleted, or moved to its dead-letter queue.
     *
     * @param queue its name
     * @throws AssertionError as {@link #await} says
     * @throws IllegalArgumentException if there is no such queue
     * @throws IllegalStateException as {@link #await} says
     */
    public void awaitEmpty(String queue, Duration atMost) {
        await(atMost, spy -> queues.isEmpty(queue));
    }

    /**
     * The IAM actions that the calls so far would have needed, by the ARN of topic or queue; {@code *} for actions to
     * which IAM knows no resource, those on a subscription among them. A batch needs the action of a single call.
     * Calls that were refused count too; what SNS sends to queues does not: that is a matter of queue policies.
     *
     * @return sorted; can't be changed
     */
    public SortedMap<String, SortedSet<String>> iamActions() {
        return iam.all();
    }

    /** The smallest IAM policy that allows {@link #iamActions()}, as JSON. */
    public String iamPolicy() {
        return iam.policy();
    }

    private String situation() {
        List<String> lines = new ArrayList<>();
        lines.add(published().size() + " messages were published.");
        queues.all().forEach((name, standing) -> lines.add(QueueView.text(name, standing)));
        return String.join("\n", lines);
    }
}
