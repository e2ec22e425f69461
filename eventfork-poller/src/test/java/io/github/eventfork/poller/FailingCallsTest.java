package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Receive;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SqsRequest;

class FailingCallsTest {

    private static final RuntimeException BROKEN = new IllegalStateException("the connection pool is shut down");

    /** A method of the port, and the request that it ends in. */
    record Call(Class<? extends SqsRequest> request, Function<SqsMessageQueue, CompletionStage<?>> method) {
        @Override
        public String toString() {
            return request.getSimpleName();
        }
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                        new Call(GetQueueAttributesRequest.class, SqsMessageQueue::facts),
                        new Call(ReceiveMessageRequest.class, queue -> queue.receive(Receive.of(10, Duration.ZERO))),
                        new Call(DeleteMessageBatchRequest.class, queue -> queue.delete(List.of("r"))),
                        new Call(
                                ChangeMessageVisibilityBatchRequest.class,
                                queue -> queue.changeVisibility(List.of(new Change("r", Duration.ZERO)))),
                        new Call(SendMessageBatchRequest.class, queue -> queue.deadLetter(Given.copies(1))))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void a_failed_call_ends_with_the_sdks_own_exception(Call call) {
        // given
        Throwable throttled = Given.failure("RequestThrottled");
        ScriptedSqs sqs = Given.withPolicy(Given.POLICY)
                .anew(call.request())
                .fails(call.request(), new CompletionException(throttled));

        // then
        assertThat(Given.failureOf(call.method().apply(Given.queue(sqs, "orders"))))
                .isSameAs(throttled);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void what_the_client_throws_at_once_ends_the_stage(Call call) {
        // given
        ScriptedSqs sqs = Given.withPolicy(Given.POLICY).anew(call.request()).throwsAtOnce(call.request(), BROKEN);

        // then
        assertThat(Given.failureOf(call.method().apply(Given.queue(sqs, "orders"))))
                .isSameAs(BROKEN);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void what_the_lookup_throws_at_once_ends_the_stage(Call call) {
        // given
        ScriptedSqs sqs = Given.withPolicy(Given.POLICY)
                .anew(GetQueueUrlRequest.class)
                .throwsAtOnce(GetQueueUrlRequest.class, BROKEN);

        // then
        assertThat(Given.failureOf(call.method().apply(Given.queue(sqs, "orders"))))
                .isSameAs(BROKEN);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void no_call_waits_for_its_answer(Call call) {
        // given
        ScriptedSqs sqs = Given.withPolicy(Given.POLICY)
                .anew(call.request())
                .then(call.request(), request -> new CompletableFuture<>());

        // then
        assertThat(call.method().apply(Given.queue(sqs, "orders")).toCompletableFuture())
                .isNotDone();
    }

    @Test
    void giving_up_on_an_answer_does_not_cancel_the_call() {
        // given
        CompletableFuture<ReceiveMessageResponse> underWay = new CompletableFuture<>();
        ScriptedSqs sqs = new ScriptedSqs().then(ReceiveMessageRequest.class, request -> underWay);

        // when
        Given.queue(sqs, "orders")
                .receive(Receive.of(10, Duration.ZERO))
                .toCompletableFuture()
                .cancel(true);

        // then
        assertThat(underWay).isNotDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "arn:aws:sqs:eu-west-1:123456789012:orders"})
    void a_queue_that_is_made_again_is_found_again(String address) {
        // given
        ScriptedSqs sqs = new ScriptedSqs()
                .on(ReceiveMessageRequest.class, FailingCallsTest::nothing)
                .fails(ReceiveMessageRequest.class, new CompletionException(Given.missing()))
                .on(ReceiveMessageRequest.class, FailingCallsTest::nothing);
        SqsMessageQueue queue = Given.queue(sqs, address);
        Given.now(queue.receive(Receive.of(10, Duration.ZERO)));
        assertThat(Given.failureOf(queue.receive(Receive.of(10, Duration.ZERO))))
                .hasMessageContaining("no such queue");

        // when
        Given.now(queue.receive(Receive.of(10, Duration.ZERO)));

        // then
        assertThat(sqs.asked(GetQueueUrlRequest.class)).hasSize(2);
    }

    @Test
    void a_queue_that_is_missing_at_first_is_found_later() {
        // given
        ScriptedSqs later = new ScriptedSqs();
        ScriptedSqs sqs = new ScriptedSqs()
                .anew(GetQueueUrlRequest.class)
                .fails(GetQueueUrlRequest.class, Given.missing())
                .then(GetQueueUrlRequest.class, request -> later.getQueueUrl((GetQueueUrlRequest) request))
                .on(ReceiveMessageRequest.class, FailingCallsTest::nothing);
        SqsMessageQueue queue = Given.queue(sqs, "orders");
        assertThat(Given.failureOf(queue.receive(Receive.of(10, Duration.ZERO))))
                .hasMessageContaining("no such queue");

        // then
        assertThat(Given.now(queue.receive(Receive.of(10, Duration.ZERO)))).isEmpty();
    }

    @Test
    void another_failure_keeps_the_url() {
        // given
        ScriptedSqs sqs = new ScriptedSqs()
                .fails(ReceiveMessageRequest.class, Given.failure("RequestThrottled"))
                .on(ReceiveMessageRequest.class, FailingCallsTest::nothing);
        SqsMessageQueue queue = Given.queue(sqs, "orders");
        assertThat(Given.failureOf(queue.receive(Receive.of(10, Duration.ZERO))))
                .hasMessageContaining("because");

        // when
        Given.now(queue.receive(Receive.of(10, Duration.ZERO)));

        // then
        assertThat(sqs.asked(GetQueueUrlRequest.class)).hasSize(1);
    }

    private static ReceiveMessageResponse nothing(ReceiveMessageRequest request) {
        return ReceiveMessageResponse.builder().build();
    }
}
