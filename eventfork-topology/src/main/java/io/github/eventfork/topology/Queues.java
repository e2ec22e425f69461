package io.github.eventfork.topology;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/**
 * Makes a fork's two queues be what the topology says: creates what is missing, and sets what differs.
 *
 * <p><b>Invariant:</b> only the attributes that a topology names are read or set; whoever gave a queue encryption, tags or
 * a long poll keeps them. A queue that is right already is not written to.
 */
final class Queues {

    private static final Logger LOG = LoggerFactory.getLogger(Queues.class);

    private final SqsClient sqs;
    private final String topicArn;

    Queues(SqsClient sqs, String topicArn) {
        this.sqs = sqs;
        this.topicArn = topicArn;
    }

    /** A queue that exists. */
    record Standing(String name, String url, String arn, Map<QueueAttributeName, String> attributes) {}

    /** A fork's queue and its dead-letter queue. */
    record Pair(Standing queue, Standing deadLetters) {}

    /**
     * Creates both, then ties them together. The dead-letter queue admits the queue before the queue names it: one that
     * served another queue until now would refuse else.
     */
    Pair ensure(ForkQueue wanted, Calls calls) {
        Map<QueueAttributeName, String> deadLetterAttributes = new EnumMap<>(QueueAttributeName.class);
        deadLetterAttributes.put(QueueAttributeName.MESSAGE_RETENTION_PERIOD, seconds(wanted.deadLetterRetention()));
        Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
        attributes.put(QueueAttributeName.MESSAGE_RETENTION_PERIOD, seconds(wanted.retention()));
        attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, seconds(wanted.visibilityTimeout()));
        Standing deadLetters = create(wanted.deadLetterName(), wanted.isFifo(), deadLetterAttributes, calls);
        Standing queue = create(wanted.name(), wanted.isFifo(), attributes, calls);

        set(deadLetters, deadLetterAttributes, calls);
        admit(deadLetters, queue, calls);
        attributes.put(
                QueueAttributeName.POLICY,
                Json.write(QueuePolicy.document(
                        List.of(QueuePolicy.topicsSend(queue.arn(), topicArn, wanted.otherSenders())))));
        attributes.put(
                QueueAttributeName.REDRIVE_POLICY,
                Json.write(QueuePolicy.redrive(deadLetters.arn(), wanted.maxReceiveCount())));
        set(queue, attributes, calls);
        return new Pair(queue, deadLetters);
    }

    private Standing create(String name, boolean fifo, Map<QueueAttributeName, String> attributes, Calls calls) {
        Map<QueueAttributeName, String> atFirst = new EnumMap<>(attributes);
        if (fifo) {
            // given at birth, and never to be set again
            atFirst.put(QueueAttributeName.FIFO_QUEUE, "true");
        }
        String target = "queue '" + name + "'";
        String url = calls.make("sqs:CreateQueue", target, () -> urlIfCreated(name, atFirst))
                .orElseGet(() -> calls.make("sqs:GetQueueUrl", target, () -> urlOf(name)));
        Map<QueueAttributeName, String> standing = calls.make(
                "sqs:GetQueueAttributes",
                target,
                () -> sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                        .attributes());
        String arn = standing.getOrDefault(QueueAttributeName.QUEUE_ARN, "");
        return new Standing(name, url, arn, standing);
    }

    /** The URL of a queue that is new, or has these attributes already; none if it has others. */
    private Optional<String> urlIfCreated(String name, Map<QueueAttributeName, String> attributes) {
        CreateQueueRequest request = CreateQueueRequest.builder()
                .queueName(name)
                .attributes(attributes)
                .build();
        try {
            return Optional.of(sqs.createQueue(request).queueUrl());
        } catch (QueueNameExistsException otherAttributes) {
            return Optional.empty();
        }
    }

    private String urlOf(String name) {
        return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
    }

    /**
     * Lets the dead-letter queue serve this queue only. An SQS that does not know of RedriveAllowPolicy, as ElasticMQ does
     * not, is left without: it restricts who may use the queue, and nothing relies on it.
     */
    private void admit(Standing deadLetters, Standing queue, Calls calls) {
        Map<QueueAttributeName, String> allow =
                Map.of(QueueAttributeName.REDRIVE_ALLOW_POLICY, Json.write(QueuePolicy.redriveAllow(queue.arn())));
        try {
            set(deadLetters, allow, calls);
        } catch (TopologyException e) {
            if (!(e.getCause() instanceof InvalidAttributeNameException)) {
                throw e;
            }
            LOG.debug("{}: this SQS has no RedriveAllowPolicy; '{}' goes without", calls.subject(), deadLetters.name());
        }
    }

    private void set(Standing queue, Map<QueueAttributeName, String> wanted, Calls calls) {
        Map<QueueAttributeName, String> different = new EnumMap<>(wanted);
        different
                .entrySet()
                .removeIf(
                        entry -> Json.same(entry.getValue(), queue.attributes().get(entry.getKey())));
        if (different.isEmpty()) {
            return;
        }
        calls.make(
                "sqs:SetQueueAttributes",
                "queue '" + queue.name() + "'",
                () -> sqs.setQueueAttributes(
                        request -> request.queueUrl(queue.url()).attributes(different)));
        LOG.debug("{}: set {} of queue '{}'", calls.subject(), different.keySet(), queue.name());
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.toSeconds());
    }
}
