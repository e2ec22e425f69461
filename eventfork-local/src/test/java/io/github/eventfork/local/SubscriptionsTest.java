package io.github.eventfork.local;

import static io.github.eventfork.local.LocalClients.invalidParameter;
import static io.github.eventfork.local.LocalClients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.LocalClients.Queue;
import io.github.eventfork.local.LocalClients.Refusal;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.model.Subscription;

class SubscriptionsTest {
    private static final String POLICY = "{\"event\":[\"signup\"]}";
    private static final String NESTED = "{\"user\":{\"plan\":[\"pro\"]}}";
    private static final Refusal NOT_FOUND = new Refusal(404, "NotFound", "Subscription does not exist");

    @SuppressWarnings("NullAway.Init")
    private static LocalClients aws;

    @BeforeAll
    static void start() {
        aws = new LocalClients();
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    @Test
    void a_queue_is_subscribed_once() {
        // given
        String topic = aws.topic();
        Queue queue = aws.queue();
        String arn = aws.subscribe(topic, queue.arn(), Map.of("FilterPolicy", POLICY));

        // then the same and nothing are the same; something else is not
        assertThat(arn).startsWith(topic + ":");
        assertThat(aws.subscribe(topic, queue.arn(), Map.of("FilterPolicy", POLICY)))
                .isEqualTo(arn);
        assertThat(aws.subscribe(topic, queue.arn(), Map.of("RawMessageDelivery", "false")))
                .isEqualTo(arn);
        assertThat(aws.subscribe(topic, queue.arn(), Map.of())).isEqualTo(arn);
        assertThat(refusal(() -> aws.subscribe(topic, queue.arn(), Map.of("RawMessageDelivery", "true"))))
                .isEqualTo(
                        invalidParameter("Attributes Reason: Subscription already exists with different attributes"));
    }

    @Test
    void a_subscription_shows_its_attributes() {
        // given
        String topic = aws.topic();
        Queue queue = aws.queue();
        String arn =
                aws.subscribe(topic, queue.arn(), Map.of("FilterPolicyScope", "MessageBody", "FilterPolicy", NESTED));

        // then
        assertThat(attributes(arn))
                .containsOnlyKeys(
                        "SubscriptionArn",
                        "TopicArn",
                        "Owner",
                        "Protocol",
                        "Endpoint",
                        "ConfirmationWasAuthenticated",
                        "PendingConfirmation",
                        "SubscriptionPrincipal",
                        "RawMessageDelivery",
                        "FilterPolicy",
                        "FilterPolicyScope")
                .containsEntry("SubscriptionArn", arn)
                .containsEntry("TopicArn", topic)
                .containsEntry("Endpoint", queue.arn())
                .containsEntry("Protocol", "sqs")
                .containsEntry("PendingConfirmation", "false")
                .containsEntry("RawMessageDelivery", "false")
                .containsEntry("FilterPolicy", NESTED)
                .containsEntry("FilterPolicyScope", "MessageBody");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}"})
    void a_policy_is_removed_by_an_empty_one(String empty) {
        // given
        String topic = aws.topic();
        Queue queue = aws.queue();
        String arn = aws.subscribe(topic, queue.arn(), Map.of("FilterPolicy", POLICY));

        // when
        set(arn, "FilterPolicy", empty);
        aws.publish(topic, message -> message.message("x"));

        // then
        assertThat(attributes(arn)).doesNotContainKeys("FilterPolicy", "FilterPolicyScope");
        assertThat(aws.bodies(queue)).hasSize(1);
    }

    @Test
    void an_attribute_that_is_changed_counts_for_the_next_message() {
        // given
        String topic = aws.topic();
        Queue queue = aws.queue();
        String arn = aws.subscribe(topic, queue.arn(), Map.of());

        // when
        set(arn, "RawMessageDelivery", "true");
        set(arn, "FilterPolicyScope", "MessageBody");
        set(arn, "FilterPolicy", NESTED);
        aws.publish(topic, message -> message.message("{\"user\":{\"plan\":\"pro\"}}"));
        aws.publish(topic, message -> message.message("{\"user\":{\"plan\":\"free\"}}"));

        // then
        assertThat(aws.bodies(queue)).containsExactly("{\"user\":{\"plan\":\"pro\"}}");
    }

    @Test
    void an_unsubscribed_queue_gets_nothing_more() {
        // given
        String topic = aws.topic();
        Queue queue = aws.queue();
        String arn = aws.subscribe(topic, queue.arn(), Map.of());

        // when, twice
        aws.sns.unsubscribe(request -> request.subscriptionArn(arn));
        aws.sns.unsubscribe(request -> request.subscriptionArn(arn));
        aws.publish(topic, message -> message.message("x"));

        // then
        assertThat(aws.bodies(queue)).isEmpty();
        assertThat(refusal(() -> attributes(arn))).isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> set(arn, "RawMessageDelivery", "true"))).isEqualTo(NOT_FOUND);
    }

    @Test
    void subscriptions_are_listed_by_the_hundred() {
        // given 101 queues of one topic (which need not exist) and one of another
        String topic = aws.topic();
        var made = IntStream.range(0, 101)
                .mapToObj(index -> aws.subscribe(topic, "arn:aws:sqs:us-east-1:000000000000:q" + index, Map.of()))
                .toList();
        String other = aws.subscribe(aws.topic(), aws.queue().arn(), Map.of());

        // when
        var ofTopic =
                aws.sns.listSubscriptionsByTopicPaginator(request -> request.topicArn(topic)).subscriptions().stream()
                        .map(Subscription::subscriptionArn)
                        .toList();
        var all = aws.sns.listSubscriptionsPaginator().subscriptions().stream()
                .map(Subscription::subscriptionArn)
                .toList();

        // then
        assertThat(aws.sns
                        .listSubscriptionsByTopic(request -> request.topicArn(topic))
                        .subscriptions())
                .hasSize(100);
        assertThat(ofTopic).containsExactlyInAnyOrderElementsOf(made);
        assertThat(all).containsAll(made).contains(other).doesNotHaveDuplicates();
    }

    @Test
    void a_subscription_in_a_list_says_whose_it_is() {
        String topic = aws.topic();
        Queue queue = aws.queue();
        String arn = aws.subscribe(topic, queue.arn(), Map.of());

        assertThat(aws.sns
                        .listSubscriptionsByTopic(request -> request.topicArn(topic))
                        .subscriptions())
                .containsExactly(Subscription.builder()
                        .subscriptionArn(arn)
                        .owner("000000000000")
                        .protocol("sqs")
                        .endpoint(queue.arn())
                        .topicArn(topic)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sqs    | q                                          | SQS endpoint ARN
            sqs    | arn:aws:sqs:us-east-1:000000000000:        | SQS endpoint ARN
            sqs    | arn:aws:sqs:us-east-1:000000000000:q.fifo  | Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics
            pigeon | q                                          | Amazon SNS does not support this protocol string: pigeon
            """)
    void only_standard_queues_can_be_subscribed(String protocol, String endpoint, String reason) {
        String topic = aws.topic();
        assertThat(refusal(() -> aws.sns.subscribe(
                        request -> request.topicArn(topic).protocol(protocol).endpoint(endpoint))))
                .isEqualTo(invalidParameter(reason));
    }

    @Test
    void only_a_topic_that_exists_can_be_subscribed_to() {
        String nowhere = "arn:aws:sns:us-east-1:000000000000:nowhere";
        String queue = aws.queue().arn();
        Refusal notFound = new Refusal(404, "NotFound", "Topic does not exist");
        assertThat(refusal(() -> aws.subscribe(nowhere, queue, Map.of()))).isEqualTo(notFound);
        assertThat(refusal(() -> aws.sns.listSubscriptionsByTopic(request -> request.topicArn(nowhere))))
                .isEqualTo(notFound);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RawMessageDelivery | x                   | RawMessageDelivery: Invalid value [x]. Must be true or false.
            FilterPolicyScope  | Body                | FilterPolicyScope: Invalid value [Body]. Please use either MessageBody or MessageAttributes
            FilterPolicy       | {"user":{"a":[1]}}  | Filter policy scope MessageAttributes does not support nested filter policy
            FilterPolicy       | {"k":[]}            | FilterPolicy: Empty arrays are not allowed
            Nonsense           | x                   | AttributeName
            RedrivePolicy      | {}                  | RedrivePolicy: deadLetterTargetArn is an invalid arn
            """)
    void a_wrong_attribute_is_refused_in_the_words_of_each_action(String name, String value, String reason) {
        // given
        String topic = aws.topic();
        String queue = aws.queue().arn();

        // then Subscribe and SetSubscriptionAttributes differ in their prefix, and nothing is changed
        assertThat(refusal(() -> aws.subscribe(topic, queue, Map.of(name, value))))
                .isEqualTo(invalidParameter("Attributes Reason: " + reason));
        String arn = aws.subscribe(topic, queue, Map.of("FilterPolicy", POLICY));
        assertThat(refusal(() -> set(arn, name, value))).isEqualTo(invalidParameter(reason));
        assertThat(attributes(arn)).containsEntry("FilterPolicy", POLICY);
    }

    @Test
    void a_scope_cannot_be_changed_under_a_policy_that_does_not_fit_it() {
        String arn = aws.subscribe(
                aws.topic(), aws.queue().arn(), Map.of("FilterPolicy", NESTED, "FilterPolicyScope", "MessageBody"));

        assertThat(refusal(() -> set(arn, "FilterPolicyScope", "MessageAttributes")))
                .isEqualTo(invalidParameter(
                        "Filter policy scope MessageAttributes does not support nested filter policy"));
    }

    private static Map<String, String> attributes(String arn) {
        return aws.sns
                .getSubscriptionAttributes(request -> request.subscriptionArn(arn))
                .attributes();
    }

    private static void set(String arn, String name, String value) {
        aws.sns.setSubscriptionAttributes(
                request -> request.subscriptionArn(arn).attributeName(name).attributeValue(value));
    }
}
