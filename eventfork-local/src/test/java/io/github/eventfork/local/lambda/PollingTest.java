package io.github.eventfork.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

class PollingTest {
    private static final Message MESSAGE = Message.builder()
            .messageId("m")
            .receiptHandle("r")
            .body("b")
            .md5OfBody("5")
            .build();

    /** Answers receives as planned, then with nothing; whatever is deleted is deleted. */
    private static final class Scripted implements SqsClient {
        private final Queue<Supplier<List<Message>>> receives;

        Scripted(List<Supplier<List<Message>>> receives) {
            this.receives = new ArrayDeque<>(receives);
        }

        @Override
        public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
            Supplier<List<Message>> next = receives.poll();
            return ReceiveMessageResponse.builder()
                    .messages(next == null ? List.of() : next.get())
                    .build();
        }

        @Override
        public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
            return DeleteMessageBatchResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return "sqs";
        }

        @Override
        public void close() {}
    }

    @Test
    void polling_goes_on_after_a_failure_of_any_kind() throws Exception {
        // given a receive that fails with no exception of the SDK's
        SqsClient sqs = new Scripted(List.of(
                () -> {
                    throw new IllegalStateException("the first receive fails");
                },
                () -> List.of(MESSAGE)));
        MappedQueue queue = new MappedQueue(
                sqs, "http://localhost/q", "arn:aws:sqs:us-east-1:000000000000:q", Duration.ofSeconds(30), "us-east-1");
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch invoked = new CountDownLatch(1);
        Function function = new Function(
                Options.STANDARD,
                "arn",
                () -> (event, context) -> new byte[0],
                queue,
                invocation -> invoked.countDown(),
                ForkRuntime.system());

        // when
        Thread polling = new Thread(new Polling(
                queue, new BatchCollector(queue, Options.STANDARD, ForkRuntime.system(), closing), function, closing));
        polling.start();

        // then
        assertThat(invoked.await(30, TimeUnit.SECONDS)).isTrue();
        closing.countDown();
        polling.join();
        assertThat(function.close()).isTrue();
    }
}
