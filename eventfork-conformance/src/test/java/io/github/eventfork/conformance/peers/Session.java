package io.github.eventfork.conformance.peers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A scenario on one server: makes its calls, and writes down what was answered. Its names are its own. */
final class Session {

    private final Aws server;
    private final Transcript transcript;
    private final String suffix = "-" + UUID.randomUUID().toString().substring(0, 8);
    private final Plain plain = new Plain(suffix);

    Session(Aws server, Transcript transcript) {
        this.server = server;
        this.transcript = transcript;
    }

    /** A call has failed that the rest of the scenario builds on. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    SnsClient sns() {
        return server.sns();
    }

    SqsClient sqs() {
        return server.sqs();
    }

    Aws server() {
        return server;
    }

    /** A name that nobody else has. A FIFO name stays one. */
    String name(String base) {
        return base.endsWith(".fifo")
                ? base.substring(0, base.length() - ".fifo".length()) + suffix + ".fifo"
                : base + suffix;
    }

    /** Calls, and writes down the answer, be it an error; empty then. */
    <T extends SdkPojo> Optional<T> call(String step, Supplier<T> call) {
        Map<String, String> answer = transcript.step(step);
        transcript.called();
        try {
            T response = call.get();
            answer.put("answer", "ok");
            plain.describe(response).forEach(answer::put);
            return Optional.of(response);
        } catch (AwsServiceException e) {
            answer.put("answer", plain.error(e));
        } catch (SdkClientException e) {
            answer.put("answer", "the SDK refuses the answer: " + plain.text(String.valueOf(e.getMessage())));
        }
        return Optional.empty();
    }

    /** The same for a call that the rest builds on. */
    <T extends SdkPojo> T must(String step, Supplier<T> call) {
        return call(step, call).orElseThrow(Ended::new);
    }

    /** Writes down what was found out in another way than by an answer. */
    void fact(String step, Map<String, String> values) {
        Map<String, String> answer = transcript.step(step);
        values.forEach((path, value) -> answer.put(path, plain.text(value)));
    }

    void fact(String step, Object value) {
        fact(step, Map.of("answer", String.valueOf(value)));
    }

    /** Counts a call that is made in another way. */
    void called() {
        transcript.called();
    }

    String topic(String base) {
        return topic(base, Map.of());
    }

    String topic(String base, Map<String, String> attributes) {
        return must(
                        "create topic " + base,
                        () -> sns().createTopic(
                                        request -> request.name(name(base)).attributes(attributes)))
                .topicArn();
    }

    /** Makes a queue that takes what any topic sends, and answers with its URL. */
    String queue(String base) {
        return queue(base, Map.of());
    }

    String queue(String base, Map<QueueAttributeName, String> attributes) {
        return must(
                        "create queue " + base,
                        () -> sqs().createQueue(
                                        request -> request.queueName(name(base)).attributes(attributes)))
                .queueUrl();
    }

    /** The ARN of a queue, unrecorded. */
    String arn(String queueUrl) {
        transcript.called();
        return sqs().getQueueAttributes(
                        request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
    }

    String subscribe(String step, String topicArn, String queueUrl, Map<String, String> attributes) {
        String endpoint = arn(queueUrl);
        return must(
                        step,
                        () -> sns().subscribe(request -> request.topicArn(topicArn)
                                .protocol("sqs")
                                .endpoint(endpoint)
                                .attributes(attributes)
                                .returnSubscriptionArn(true)))
                .subscriptionArn();
    }

    static MessageAttributeValue string(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }

    static MessageAttributeValue attribute(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }

    /** Receives so many, and writes down all about them; sorted by body, except from a FIFO queue. */
    List<Message> receive(String step, String queueUrl, int count) {
        Map<String, String> answer = transcript.step(step);
        List<Message> all = new ArrayList<>();
        try {
            List<Message> some;
            do {
                some = poll(queueUrl);
                all.addAll(some);
            } while (!some.isEmpty() && all.size() < count);
        } catch (AwsServiceException e) {
            answer.put("answer", plain.error(e));
            return all;
        }
        if (!queueUrl.endsWith(".fifo")) {
            all.sort(Comparator.comparing(Message::body));
        }
        answer.put("answer", all.size() + " messages");
        for (int i = 0; i < all.size(); i++) {
            String at = "messages[" + i + "]";
            plain.describe(all.get(i)).forEach((path, value) -> answer.put(at + "." + path, value));
        }
        return all;
    }

    /** Receives the one that must be there, and writes down all about it. */
    Message one(String step, String queueUrl) {
        return first(receive(step, queueUrl, 1));
    }

    /** The first of those that the rest builds on. */
    static <T> T first(List<T> some) {
        if (some.isEmpty()) {
            throw new Ended();
        }
        return some.get(0);
    }

    /** Receives what is there, and writes down the bodies alone, sorted. */
    List<String> bodies(String step, String queueUrl) {
        List<String> bodies = new ArrayList<>();
        try {
            List<Message> some;
            do {
                some = poll(queueUrl);
                some.forEach(message -> bodies.add(message.body()));
            } while (!some.isEmpty());
        } catch (AwsServiceException e) {
            fact(step, plain.error(e));
            return bodies;
        }
        bodies.sort(Comparator.naturalOrder());
        fact(step, bodies.stream().map(plain::text).collect(Collectors.joining(", ", "[", "]")));
        return bodies;
    }

    private List<Message> poll(String queueUrl) {
        transcript.called();
        return sqs().receiveMessage(request -> request.queueUrl(queueUrl)
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(server.settlesInSeconds())
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames("All"))
                .messages();
    }
}
