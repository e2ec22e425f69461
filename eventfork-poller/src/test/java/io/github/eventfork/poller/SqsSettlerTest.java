package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.Settlement;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;

class SqsSettlerTest {

    private static final String ACCOUNT = "123456789012";
    private static final String ARN = "arn:aws:sqs:eu-west-1:" + ACCOUNT + ":orders";
    private static final String OTHER = "arn:aws:sqs:eu-west-1:" + ACCOUNT + ":others";

    private final ScriptedSqs sqs = Given.withPolicy(Given.POLICY)
            .on(DeleteMessageBatchRequest.class, Given::allDeleted)
            .on(
                    ChangeMessageVisibilityBatchRequest.class,
                    request -> ChangeMessageVisibilityBatchResponse.builder()
                            .successful(request.entries().stream()
                                    .map(entry -> ChangeMessageVisibilityBatchResultEntry.builder()
                                            .id(entry.id())
                                            .build())
                                    .toList())
                            .build());

    @Test
    void a_delay_is_set_on_the_queue() {
        // given
        try (SqsSettler settler = SqsSettler.of(sqs)) {
            Settlement delay = new Settlement.GiveBack(Duration.ofSeconds(90));

            // when
            CompletionStage<Settlement> standing = settler.settle(Given.delivery(ARN), delay);
            Given.now(settler.flush());

            // then
            assertThat(Given.now(standing)).isEqualTo(delay);
            assertThat(sqs.asked(ChangeMessageVisibilityBatchRequest.class)
                            .get(0)
                            .entries()
                            .get(0)
                            .visibilityTimeout())
                    .isEqualTo(90);
        }
    }

    @Test
    void a_dead_letter_is_copied_and_then_deleted() {
        // given
        try (SqsSettler settler = SqsSettler.of(sqs)) {
            Settlement letter = new Settlement.DeadLetter("no JSON", "shipping", 1);

            // when
            Settlement standing = Given.now(settler.settle(Given.delivery("orders"), letter));

            // then
            assertThat(standing).isEqualTo(letter);
            assertThat(sqs.asked(SendMessageBatchRequest.class)).hasSize(1);
            assertThat(sqs.asked(DeleteMessageBatchRequest.class)
                            .get(0)
                            .entries()
                            .get(0)
                            .receiptHandle())
                    .isEqualTo("receipt-0");
        }
    }

    @Test
    void each_delivery_is_settled_on_the_queue_that_it_came_from_and_one_flush_reaches_all() {
        // given deliveries of two queues, two of them of one
        try (SqsSettler settler = SqsSettler.of(sqs)) {
            List<CompletionStage<Settlement>> standing = Stream.of(ARN, OTHER, ARN)
                    .map(queue -> settler.settle(Given.delivery(queue), new Settlement.GiveBack(Duration.ZERO)))
                    .toList();

            // when
            Given.now(settler.flush());

            // then each queue had one call, with what is its own
            assertThat(standing)
                    .allSatisfy(stage -> assertThat(stage.toCompletableFuture()).isCompleted());
            assertThat(sqs.asked(ChangeMessageVisibilityBatchRequest.class))
                    .extracting(
                            ChangeMessageVisibilityBatchRequest::queueUrl,
                            request -> request.entries().size())
                    .containsExactlyInAnyOrder(
                            tuple(ScriptedSqs.url(ACCOUNT, "orders"), 2), tuple(ScriptedSqs.url(ACCOUNT, "others"), 1));
        }
    }

    @Test
    void a_queue_is_asked_for_its_max_receive_count_once_and_it_is_known_from_then_on() {
        try (SqsSettler settler = SqsSettler.of(sqs)) {
            // when it is asked for, it is known soon
            await().until(() -> settler.maxReceiveCount(Given.delivery(ARN)).equals(OptionalInt.of(3)));

            // then
            assertThat(sqs.asked(GetQueueAttributesRequest.class)).hasSize(1);

            // and another queue is asked for its own
            settler.maxReceiveCount(Given.delivery(OTHER));
            await().until(() -> sqs.asked(GetQueueAttributesRequest.class).size() == 2);
            assertThat(settler.maxReceiveCount(Given.delivery("no queue"))).isEmpty();
        }
    }

    @Test
    void a_client_that_wraps_another_and_does_not_say_its_region_settles_all_the_same() {
        // given a wrapper that passes on every call but one, as the SDK's default does
        SqsAsyncClient wrapper = (SqsAsyncClient) Proxy.newProxyInstance(
                SqsAsyncClient.class.getClassLoader(),
                new Class<?>[] {SqsAsyncClient.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("serviceClientConfiguration")) {
                        throw new UnsupportedOperationException();
                    }
                    return method.invoke(sqs, arguments);
                });

        // when
        try (SqsSettler settler = SqsSettler.of(wrapper)) {
            CompletionStage<Settlement> standing =
                    settler.settle(Given.delivery(ARN), new Settlement.GiveBack(Duration.ZERO));
            Given.now(settler.flush());

            // then
            assertThat(Given.now(standing)).isEqualTo(new Settlement.GiveBack(Duration.ZERO));
        }
    }

    @Test
    void a_delivery_of_another_region_is_refused_because_a_queue_of_that_name_may_be_here_too() {
        try (SqsSettler settler = SqsSettler.of(sqs)) {
            CompletionStage<Settlement> standing = settler.settle(
                    Given.delivery("arn:aws:sqs:us-east-1:" + ACCOUNT + ":orders"),
                    new Settlement.DeadLetter("no JSON", "shipping", 1));

            assertThat(standing.toCompletableFuture())
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withMessageContaining("is not in the client's Region, eu-west-1");
            assertThat(sqs.asked(SendMessageBatchRequest.class)).isEmpty();
        }
    }

    @Test
    void a_delivery_of_what_is_no_queue_is_refused() {
        // given
        try (SqsSettler settler = SqsSettler.of(sqs)) {

            // when
            CompletionStage<Settlement> refused =
                    settler.settle(Given.delivery("or ders"), new Settlement.GiveBack(Duration.ZERO));

            // then
            assertThat(Given.failureOf(refused))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("queue must be the name, the URL or the ARN of an SQS queue, was 'or ders'");
        }
    }

    @Test
    void closing_sends_what_lingers_and_leaves_the_client_open() {
        // given
        SqsSettler settler = SqsSettler.of(sqs);
        List<CompletionStage<Settlement>> standing = Stream.of(ARN, OTHER)
                .map(queue -> settler.settle(Given.delivery(queue), new Settlement.GiveBack(Duration.ofSeconds(1))))
                .toList();

        // when
        settler.close();

        // then
        assertThat(standing)
                .allSatisfy(stage -> assertThat(stage.toCompletableFuture()).isCompleted());
        assertThat(sqs.closes()).isZero();
    }

    @Test
    void a_closed_settler_refuses() {
        // given
        SqsSettler settler = SqsSettler.of(sqs);
        settler.close();

        // then
        assertThat(Given.failureOf(settler.settle(Given.delivery(ARN), new Settlement.GiveBack(Duration.ZERO))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the settler is closed");
    }

    @Test
    void whoever_names_queues_without_end_fills_nothing_up_and_those_known_are_settled_on() {
        // given an invocation of a queue, and then of a thousand that somebody made up
        try (SqsSettler settler = SqsSettler.of(sqs)) {
            settler.settle(Given.delivery(ARN), new Settlement.GiveBack(Duration.ZERO));
            for (int i = 1; i < 1_000; i++) {
                settler.settle(Given.delivery(ARN + i), new Settlement.GiveBack(Duration.ZERO));
            }

            // then
            assertThat(settler.settle(Given.delivery(OTHER), new Settlement.GiveBack(Duration.ZERO)))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .withMessageContaining("let nobody invoke the function but its event source mappings");
            assertThat(settler.maxReceiveCount(Given.delivery(OTHER))).isEmpty();
            CompletionStage<Settlement> known =
                    settler.settle(Given.delivery(ARN), new Settlement.GiveBack(Duration.ZERO));
            Given.now(settler.flush());
            assertThat(Given.now(known)).isEqualTo(new Settlement.GiveBack(Duration.ZERO));
        }
    }
}
