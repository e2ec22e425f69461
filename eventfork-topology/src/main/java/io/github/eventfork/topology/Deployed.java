package io.github.eventfork.topology;

import io.github.eventfork.Fork;
import java.util.List;

/**
 * Where a topology stands: what {@link Topology#createOn} made or found. Immutable; nothing here is null.
 *
 * @param topicArn the topic
 * @param forks one for each fork, in the topology's order
 * @param strangers the topic's subscriptions that belong to none of the forks, as SNS listed them before anything was
 *     changed: e-mail addresses, another team's queues, and queues of forks that were removed. They are reported and
 *     never touched
 */
public record Deployed(String topicArn, List<DeployedFork> forks, List<Stranger> strangers) {

    /**
     * A subscription that no fork owns.
     *
     * @param subscriptionArn its ARN, or {@code PendingConfirmation}
     * @param protocol such as {@code sqs} or {@code email}
     * @param endpoint such as a queue's ARN
     */
    public record Stranger(String subscriptionArn, String protocol, String endpoint) {}

    /** Copies the lists. */
    public Deployed {
        forks = List.copyOf(forks);
        strangers = List.copyOf(strangers);
    }

    /**
     * Where this fork's branch stands.
     *
     * @throws IllegalArgumentException if the topology has no fork of that name
     */
    public DeployedFork fork(Fork fork) {
        return fork(fork.name());
    }

    /**
     * Where the branch of the fork with this name stands.
     *
     * @throws IllegalArgumentException if the topology has no such fork
     */
    public DeployedFork fork(String name) {
        return forks.stream()
                .filter(fork -> fork.fork().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("no fork '" + name + "' behind " + topicArn + "; there are "
                                + forks.stream().map(DeployedFork::fork).toList()));
    }
}
