package io.github.eventfork.conformance.filters;

import static io.github.eventfork.conformance.filters.FilterAgreementTest.SEED;
import static io.github.eventfork.testkit.EventforkAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.testkit.ForkAssert;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The same on the wire: forks as subscriptions, events in batches, and what then stands in the queues. */
class FilterAgreementIT {

    /** SNS takes 200 filter policies a topic. */
    private static final int FORKS_PER_TOPIC = 125;

    private static final int TOPICS = 2;
    private static final int EVENTS = 80;
    private static final String NUMBER = "number";

    private final LocalAws local = LocalAws.start();
    private final SnsClient sns = client(SnsClient.builder(), local.endpoint()).build();
    private final SqsClient sqs = client(SqsClient.builder(), local.endpoint()).build();
    private final Random random = new Random(SEED);
    private final List<String> topics = new ArrayList<>();
    private final Map<RandomFork, String> queues = new LinkedHashMap<>();

    private <B extends AwsClientBuilder<B, ?>> B client(B builder, URI endpoint) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(local.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")));
    }

    @BeforeEach
    void subscribe() {
        for (int topic = 0; topic < TOPICS; topic++) {
            String name = "topic-" + topic;
            String arn = sns.createTopic(request -> request.name(name)).topicArn();
            topics.add(arn);
            for (int i = 0; i < FORKS_PER_TOPIC; i++) {
                RandomFork fork = RandomFork.draw(random);
                queues.put(
                        fork,
                        subscribed(arn, "queue-" + topic + "-" + i, fork.fork().filterPolicy()));
            }
        }
    }

    private String subscribed(String topic, String queue, FilterPolicy policy) {
        Map<String, String> attributes = new HashMap<>(Map.of("RawMessageDelivery", "true"));
        if (!policy.takesAll()) {
            attributes.put("FilterPolicy", policy.json());
            attributes.put("FilterPolicyScope", policy.scope().toString());
        }
        sns.subscribe(request -> request.topicArn(topic)
                .protocol("sqs")
                .endpoint("arn:aws:sqs:" + local.region() + ":" + local.accountId() + ":" + queue)
                .attributes(attributes));
        return sqs.createQueue(request -> request.queueName(queue)).queueUrl();
    }

    @AfterEach
    void close() {
        sns.close();
        sqs.close();
        local.close();
    }

    @Test
    void conditions_assertions_and_the_local_server_agree_on_twenty_thousand_pairs() {
        // given
        List<RandomEvent> events =
                Stream.generate(() -> RandomEvent.draw(random)).limit(EVENTS).toList();

        // when
        for (int first = 0; first < EVENTS; first += 10) {
            publish(events, first);
        }

        // then
        int pairs = 0;
        for (Map.Entry<RandomFork, String> queue : queues.entrySet()) {
            RandomFork fork = queue.getKey();
            Set<Integer> delivered = delivered(queue.getValue());
            ForkAssert asserted = assertThat(fork.fork());
            for (int i = 0; i < EVENTS; i++) {
                assertAgreed(asserted, fork, events.get(i), delivered.contains(i));
                pairs++;
            }
        }
        assertThat(pairs).isGreaterThanOrEqualTo(20_000);
    }

    private static void assertAgreed(ForkAssert asserted, RandomFork fork, RandomEvent event, boolean delivered) {
        boolean expected = Meaning.receives(fork, event);
        assertThat(delivered)
                .as(() -> "the local server delivered it; " + Pairs.described(SEED, fork, event, expected))
                .isEqualTo(expected);
        asserted.as(() -> Pairs.described(SEED, fork, event, expected));
        if (expected) {
            asserted.receives(Pairs.message(event));
        } else {
            asserted.ignores(Pairs.message(event));
        }
    }

    private void publish(List<RandomEvent> events, int first) {
        List<PublishBatchRequestEntry> entries = new ArrayList<>();
        for (int i = first; i < first + 10; i++) {
            entries.add(entry(events.get(i), i));
        }
        for (String topic : topics) {
            assertThat(sns.publishBatch(request -> request.topicArn(topic).publishBatchRequestEntries(entries))
                            .failed())
                    .isEmpty();
        }
    }

    private static PublishBatchRequestEntry entry(RandomEvent event, int number) {
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        attributes.put(NUMBER, attribute("Number", String.valueOf(number)));
        event.attributes()
                .keySet()
                .forEach(name -> attributes.put(name, attribute(event.dataType(name), event.text(name))));
        return PublishBatchRequestEntry.builder()
                .id(String.valueOf(number))
                .message(event.bodyText())
                .messageAttributes(attributes)
                .build();
    }

    private static MessageAttributeValue attribute(String dataType, String text) {
        return MessageAttributeValue.builder()
                .dataType(dataType)
                .stringValue(text)
                .build();
    }

    private Set<Integer> delivered(String queue) {
        Set<Integer> numbers = new HashSet<>();
        List<Message> some;
        do {
            some = sqs.receiveMessage(request ->
                            request.queueUrl(queue).maxNumberOfMessages(10).messageAttributeNames(NUMBER))
                    .messages();
            some.forEach(message -> numbers.add(
                    Integer.valueOf(message.messageAttributes().get(NUMBER).stringValue())));
        } while (!some.isEmpty());
        return numbers;
    }
}
