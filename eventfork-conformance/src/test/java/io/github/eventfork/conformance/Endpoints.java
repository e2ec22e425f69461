package io.github.eventfork.conformance;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A server that is up, and the SDK's clients on it. Tests share it: what they make has names of its own. */
final class Endpoints implements AutoCloseable {

    static final String REGION = "us-east-1";

    private final URI sqsUri;
    private final Runnable server;
    private final SnsClient sns;
    private final SqsClient sqs;
    private final SqsAsyncClient sqsAsync;

    Endpoints(URI snsUri, URI sqsUri, Runnable server) {
        this.sqsUri = sqsUri;
        this.server = server;
        this.sns = on(snsUri, SnsClient.builder()).build();
        this.sqs = on(sqsUri, SqsClient.builder()).build();
        this.sqsAsync = on(sqsUri, SqsAsyncClient.builder()).build();
    }

    private static <B extends AwsClientBuilder<B, C>, C> B on(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    URI sqsUri() {
        return sqsUri;
    }

    SnsClient sns() {
        return sns;
    }

    SqsClient sqs() {
        return sqs;
    }

    /** The client for pollers. */
    SqsAsyncClient sqsAsync() {
        return sqsAsync;
    }

    /** A client for pollers with credentials of its own, for the caller to close. */
    SqsAsyncClient sqsAsync(AwsCredentialsProvider credentials) {
        return on(sqsUri, SqsAsyncClient.builder())
                .credentialsProvider(credentials)
                .build();
    }

    /** A name that nobody else has. */
    static String unique(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Makes a queue of that name, and answers with its URL. */
    String queue(String name) {
        return queue(name, Map.of());
    }

    /** Makes a queue of that name and its dead-letter queue, {@code name-dlq}. */
    String queueWithDeadLetters(String name, int maxReceiveCount) {
        String deadLetters = queue(name + "-dlq");
        String arn = sqs.getQueueAttributes(
                        request -> request.queueUrl(deadLetters).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        return queue(
                name,
                Map.of(
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":" + maxReceiveCount + "}"));
    }

    private String queue(String name, Map<QueueAttributeName, String> attributes) {
        return sqs.createQueue(request -> request.queueName(name).attributes(attributes))
                .queueUrl();
    }

    /** How many messages of a queue can be received, and how many are hidden. */
    record Size(int visible, int hidden) {

        static final Size EMPTY = new Size(0, 0);
    }

    Size size(String queueUrl) {
        Map<QueueAttributeName, String> counts = sqs.getQueueAttributes(request -> request.queueUrl(queueUrl)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return new Size(
                Integer.parseInt(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)),
                Integer.parseInt(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)));
    }

    /** Receives all that can be received now. */
    List<Message> receiveAll(String queueUrl) {
        List<Message> all = new ArrayList<>();
        List<Message> some;
        do {
            some = sqs.receiveMessage(request ->
                            request.queueUrl(queueUrl).maxNumberOfMessages(10).messageAttributeNames("All"))
                    .messages();
            all.addAll(some);
        } while (!some.isEmpty());
        return all;
    }

    @Override
    public void close() {
        sqsAsync.close();
        sqs.close();
        sns.close();
        server.run();
    }
}
