package io.github.eventfork.topology;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A fork's two queues in a template, and the outputs that say where they are. */
final class QueueResources {

    /** As many function time-outs as <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html">
     * Lambda advises</a>, so that a batch that is throttled can be tried again before SQS hands it out. */
    private static final int TIMEOUTS = 6;

    private QueueResources() {}

    /**
     * Adds them.
     *
     * @param deduplicates whether a FIFO queue takes the deduplication id from the content, because whoever sends to it
     *     gives none: an event bus. Its events differ in their id, which is part of the content
     */
    static void add(
            Template.Part template, ForkIds ids, ForkQueue queue, FunctionSettings function, boolean deduplicates) {
        template.resource(ids.deadLetterQueue(), Cfn.queue(deadLetters(queue)));
        template.resource(ids.queue(), Cfn.queue(queue(ids, queue, function, deduplicates)));
        String fork = queue.fork().name();
        template.output(ids.queueUrl(), "The queue of fork " + fork, Cfn.ref(ids.queue()));
        template.output(
                ids.queueArn(), "Where its dead letters are tried again: the destination", Cfn.arn(ids.queue()));
        template.output(ids.deadLetterQueueUrl(), "What fork " + fork + " gave up", Cfn.ref(ids.deadLetterQueue()));
        template.output(
                ids.deadLetterQueueArn(),
                "To try it again: aws sqs start-message-move-task, with this as --source-arn and " + ids.queueArn()
                        + " as --destination-arn",
                Cfn.arn(ids.deadLetterQueue()));
    }

    private static Map<String, Object> deadLetters(ForkQueue queue) {
        Map<String, Object> properties = named(queue.deadLetterName(), queue);
        properties.put("MessageRetentionPeriod", queue.deadLetterRetention().toSeconds());
        properties.put("RedriveAllowPolicy", QueuePolicy.redriveAllow(Cfn.queueArn(queue.name())));
        properties.put("Tags", tags(queue));
        return properties;
    }

    private static Map<String, Object> queue(
            ForkIds ids, ForkQueue queue, FunctionSettings function, boolean deduplicates) {
        Map<String, Object> properties = named(queue.name(), queue);
        if (queue.isFifo() && deduplicates) {
            properties.put("ContentBasedDeduplication", true);
        }
        properties.put("MessageRetentionPeriod", queue.retention().toSeconds());
        Duration visibility = visibility(queue, function);
        QueueTimes.refuseExpiry(queue.retention(), visibility, queue.maxReceiveCount());
        properties.put("VisibilityTimeout", visibility.toSeconds());
        properties.put("RedrivePolicy", QueuePolicy.redrive(Cfn.arn(ids.deadLetterQueue()), queue.maxReceiveCount()));
        properties.put("Tags", tags(queue));
        return properties;
    }

    private static Map<String, Object> named(String name, ForkQueue queue) {
        return queue.isFifo() ? Json.object("QueueName", name, "FifoQueue", true) : Json.object("QueueName", name);
    }

    /** The queue's own, or what the function needs if that is more. */
    private static Duration visibility(ForkQueue queue, FunctionSettings function) {
        Duration needed = function.timeout().multipliedBy(TIMEOUTS).plus(function.batchingWindow());
        return needed.compareTo(queue.visibilityTimeout()) > 0 ? needed : queue.visibilityTimeout();
    }

    private static List<Object> tags(ForkQueue queue) {
        return List.of(
                Json.object("Key", FunctionResources.TAG, "Value", queue.fork().name()));
    }
}
