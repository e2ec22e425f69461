package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A LocalAws and the AWS SDK's clients on it; every topic and queue it makes is new, so tests may share it. */
final class LocalClients implements AutoCloseable {
    /** A queue by its two names. */
    record Queue(String url, String arn) {}

    /** An error as the SDK understood it. */
    record Refusal(int status, String code, String text) {}

    final LocalAws local = LocalAws.start();
    final SnsClient sns;
    final SqsClient sqs;

    LocalClients() {
        var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));
        sns = SnsClient.builder()
                .endpointOverride(local.endpoint())
                .region(Region.of(local.region()))
                .credentialsProvider(credentials)
                .build();
        sqs = SqsClient.builder()
                .endpointOverride(local.endpoint())
                .region(Region.of(local.region()))
                .credentialsProvider(credentials)
                .build();
    }

    String topic() {
        return sns.createTopic(request -> request.name(name("topic"))).topicArn();
    }

    Queue queue() {
        String name = name("queue");
        String url = sqs.createQueue(request -> request.queueName(name)).queueUrl();
        return new Queue(url, "arn:aws:sqs:us-east-1:000000000000:" + name);
    }

    String fifoTopic(Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>(attributes);
        all.put("FifoTopic", "true");
        return sns.createTopic(request -> request.name(name("topic") + ".fifo").attributes(all))
                .topicArn();
    }

    Queue fifoQueue() {
        String name = name("queue") + ".fifo";
        String url = sqs.createQueue(
                        request -> request.queueName(name).attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
                .queueUrl();
        return new Queue(url, "arn:aws:sqs:us-east-1:000000000000:" + name);
    }

    static String name(String kind) {
        return kind + "-" + UUID.randomUUID();
    }

    /** A new queue, subscribed with these attributes. */
    Queue subscribed(String topicArn, Map<String, String> attributes) {
        Queue queue = queue();
        subscribe(topicArn, queue.arn(), attributes);
        return queue;
    }

    @CanIgnoreReturnValue
    String subscribe(String topicArn, String endpoint, Map<String, String> attributes) {
        return sns.subscribe(request -> request.topicArn(topicArn)
                        .protocol("sqs")
                        .endpoint(endpoint)
                        .attributes(attributes))
                .subscriptionArn();
    }

    @CanIgnoreReturnValue
    String publish(String topicArn, Consumer<PublishRequest.Builder> with) {
        return sns.publish(request -> with.accept(request.topicArn(topicArn))).messageId();
    }

    /** All messages that stand in the queue now. */
    List<Message> received(Queue queue) {
        List<Message> all = new ArrayList<>();
        List<Message> some;
        do {
            some = sqs.receiveMessage(request -> request.queueUrl(queue.url())
                            .maxNumberOfMessages(10)
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                    .messages();
            all.addAll(some);
        } while (!some.isEmpty());
        return all;
    }

    /** All messages of a FIFO queue, in its order; each is deleted, because it would hold back its group. */
    List<Message> drained(Queue queue) {
        List<Message> all = new ArrayList<>();
        List<Message> some;
        do {
            some = sqs.receiveMessage(request -> request.queueUrl(queue.url())
                            .maxNumberOfMessages(10)
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                    .messages();
            some.forEach(message ->
                    sqs.deleteMessage(request -> request.queueUrl(queue.url()).receiptHandle(message.receiptHandle())));
            all.addAll(some);
        } while (!some.isEmpty());
        return all;
    }

    List<String> bodies(Queue queue) {
        return received(queue).stream().map(Message::body).toList();
    }

    static Refusal refusal(ThrowingCallable call) {
        SnsException thrown = catchThrowableOfType(SnsException.class, call);
        var details = thrown.awsErrorDetails();
        return new Refusal(thrown.statusCode(), details.errorCode(), details.errorMessage());
    }

    static Refusal invalidParameter(String reason) {
        return new Refusal(400, "InvalidParameter", "Invalid parameter: " + reason);
    }

    @Override
    public void close() {
        sns.close();
        sqs.close();
        local.close();
    }
}
