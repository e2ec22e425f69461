package io.github.eventfork.topology;

import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;

/**
 * Makes the topic be what the topology says: creates it if it is missing; a FIFO topic takes its deduplication from the
 * content, whoever made it. All its other attributes are left alone.
 */
final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Map<String, String> FIFO = Map.of("FifoTopic", "true");
    private static final String DEDUPLICATION = "ContentBasedDeduplication";

    private final SnsClient sns;

    Topics(SnsClient sns) {
        this.sns = sns;
    }

    /** The ARN of the topic, which exists then. */
    String ensure(Topology topology, Calls calls) {
        String name = topology.topicName();
        String target = "topic '" + name + "'";
        if (!topology.isFifo()) {
            return calls.make("sns:CreateTopic", target, () -> create(name, Map.of()));
        }
        Map<String, String> attributes = Map.of("FifoTopic", "true", DEDUPLICATION, "true");
        return calls.make("sns:CreateTopic", target, () -> createUnlessDifferent(name, attributes))
                .orElseGet(() -> mend(name, target, calls));
    }

    private String create(String name, Map<String, String> attributes) {
        return sns.createTopic(request -> request.name(name).attributes(attributes))
                .topicArn();
    }

    private Optional<String> createUnlessDifferent(String name, Map<String, String> attributes) {
        try {
            return Optional.of(create(name, attributes));
        } catch (InvalidParameterException e) {
            if (String.valueOf(e.getMessage()).contains("already exists with different attributes")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private String mend(String name, String target, Calls calls) {
        String arn = calls.make("sns:CreateTopic", target, () -> create(name, FIFO));
        calls.make(
                "sns:SetTopicAttributes",
                target,
                () -> sns.setTopicAttributes(request ->
                        request.topicArn(arn).attributeName(DEDUPLICATION).attributeValue("true")));
        LOG.debug("{}: set {} of topic {}", calls.subject(), DEDUPLICATION, arn);
        return arn;
    }
}
