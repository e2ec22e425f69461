package io.github.eventfork.local.lambda;

import io.github.eventfork.local.LocalAws;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** A LocalAws and queues on it, for the tests of a class: each queue has a name of its own. */
final class Queues implements AutoCloseable {

    final LocalAws aws = LocalAws.start();
    final SqsClient sqs = SqsClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            .build();

    /** How many messages of a queue can be received, and how many are hidden. */
    record Size(int visible, int hidden) {
        static final Size EMPTY = new Size(0, 0);
    }

    /** A queue by name and URL. */
    record Queue(String name, String url) {}

    Queue standard(int visibilityTimeout) {
        return queue(
                "queue-" + UUID.randomUUID(),
                Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, Integer.toString(visibilityTimeout)));
    }

    Queue fifo(int visibilityTimeout) {
        return queue(
                "queue-" + UUID.randomUUID() + ".fifo",
                Map.of(
                        QueueAttributeName.FIFO_QUEUE,
                        "true",
                        QueueAttributeName.CONTENT_BASED_DEDUPLICATION,
                        "true",
                        QueueAttributeName.VISIBILITY_TIMEOUT,
                        Integer.toString(visibilityTimeout)));
    }

    private Queue queue(String name, Map<QueueAttributeName, String> attributes) {
        return new Queue(
                name,
                sqs.createQueue(request -> request.queueName(name).attributes(attributes))
                        .queueUrl());
    }

    /** Sends up to ten, and answers with their message ids. */
    List<String> send(Queue queue, String... bodies) {
        return sqs
                .sendMessageBatch(request -> request.queueUrl(queue.url())
                        .entries(IntStream.range(0, bodies.length)
                                .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                        .id(Integer.toString(i))
                                        .messageBody(bodies[i])
                                        .build())
                                .toList()))
                .successful()
                .stream()
                .map(sent -> sent.messageId())
                .toList();
    }

    String sendTo(Queue queue, String group, String body) {
        return sqs.sendMessage(request ->
                        request.queueUrl(queue.url()).messageGroupId(group).messageBody(body))
                .messageId();
    }

    Size size(Queue queue) {
        Map<QueueAttributeName, String> counts = sqs.getQueueAttributes(request -> request.queueUrl(queue.url())
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return new Size(
                Integer.parseInt(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)),
                Integer.parseInt(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)));
    }

    /** All messages that can be received now. */
    List<Message> received(Queue queue) {
        List<Message> all = new ArrayList<>();
        List<Message> some;
        do {
            some = sqs.receiveMessage(request -> request.queueUrl(queue.url()).maxNumberOfMessages(10))
                    .messages();
            all.addAll(some);
        } while (!some.isEmpty());
        return all;
    }

    @Override
    public void close() {
        sqs.close();
        aws.close();
    }
}
