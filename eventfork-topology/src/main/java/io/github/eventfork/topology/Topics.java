package io.github.eventfork.topology;

import java.util.Map;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Makes the topic be what the topology says: creates it if it is missing. Of one that stands nothing is changed, and so each
 * keeps its own way to deduplicate.
 */
final class Topics {

    private static final Map<String, String> FIFO = Map.of("FifoTopic", "true");

    private final SnsClient sns;

    Topics(SnsClient sns) {
        this.sns = sns;
    }

    /** The ARN of the topic, which exists then. */
    String ensure(Topology topology, Calls calls) {
        String name = topology.topicName();
        Map<String, String> attributes = topology.isFifo() ? FIFO : Map.of();
        return calls.make(
                "sns:CreateTopic",
                "topic '" + name + "'",
                () -> sns.createTopic(request -> request.name(name).attributes(attributes))
                        .topicArn());
    }
}
