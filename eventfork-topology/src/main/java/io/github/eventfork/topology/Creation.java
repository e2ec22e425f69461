package io.github.eventfork.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Carries a topology out: the topic, then for each fork its queues, then its subscription, so that no copy is lost. */
final class Creation {

    private final Topology topology;
    private final SnsClient sns;
    private final SqsClient sqs;

    Creation(Topology topology, SnsClient sns, SqsClient sqs) {
        this.topology = topology;
        this.sns = sns;
        this.sqs = sqs;
    }

    Deployed run() {
        Calls calls = Calls.of(topology);
        String topicArn = new Topics(sns).ensure(topology, calls);
        Queues queues = new Queues(sqs, topicArn);
        Subscriptions subscriptions = new Subscriptions(sns, topicArn);
        List<Subscription> listed = subscriptions.list(calls);
        List<DeployedFork> forks = new ArrayList<>();
        for (ForkQueue queue : topology.queues()) {
            Calls ofFork = calls.of(queue);
            Queues.Pair pair = queues.ensure(queue, ofFork);
            String subscriptionArn = subscriptions.ensure(queue, pair.queue().arn(), listed, ofFork);
            forks.add(new DeployedFork(
                    queue.fork().name(),
                    pair.queue().url(),
                    pair.queue().arn(),
                    pair.deadLetters().url(),
                    pair.deadLetters().arn(),
                    subscriptionArn));
        }
        return new Deployed(
                topicArn,
                forks,
                Subscriptions.strangers(
                        listed, forks.stream().map(DeployedFork::queueArn).collect(Collectors.toSet())));
    }
}
