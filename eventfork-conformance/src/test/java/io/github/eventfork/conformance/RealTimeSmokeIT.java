package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.conformance.Endpoints.Size;
import io.github.eventfork.poller.SqsPoller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Promises kept under virtual time are kept by real threads, a real client and a real server too. */
class RealTimeSmokeIT {

    private static final int CONCURRENCY = 20;
    private static final MessageAttributeValue SIGNUP = MessageAttributeValue.builder()
            .dataType("String")
            .stringValue("signup")
            .build();

    @RegisterExtension
    static final TestServers SERVERS = new TestServers();

    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /** No handler returns before 20 of them run: so 20 do, each time, and a twenty-first would be seen. */
    private final CyclicBarrier together = new CyclicBarrier(CONCURRENCY);

    @ParameterizedTest
    @EnumSource(TestServer.class)
    @Promise(18)
    void twenty_handlers_run_at_once_never_more_and_every_message_once(TestServer server) {
        // given
        Endpoints aws = SERVERS.on(server);
        String queue = aws.queue(Endpoints.unique("smoke"));
        int messages = messages(server);
        send(aws, queue, messages);
        Fork fork = Fork.named("smoke").on("signup", String.class, this::handle).build();

        // when
        try (SqsPoller poller = SqsPoller.builder(fork)
                .queue(queue)
                .client(aws.sqsAsync())
                .concurrency(CONCURRENCY)
                .longPoll(Duration.ofSeconds(1))
                .start()) {
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> runs.size() >= messages && aws.size(queue).equals(Size.EMPTY));
            assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);
        }

        // then
        assertThat(runs)
                .hasSize(messages)
                .allSatisfy((messageId, times) -> assertThat(times).isEqualTo(1));
        assertThat(most).hasValue(CONCURRENCY);
    }

    /** A server of others may need 100 ms for each message, as moto does when a queue is long. */
    private static int messages(TestServer server) {
        return server == TestServer.EMBEDDED ? 2_000 : 200;
    }

    private void handle(Event<String> event) throws Exception {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            runs.merge(event.delivery().messageId(), 1, Integer::sum);
            together.await(20, TimeUnit.SECONDS);
        } finally {
            running.decrementAndGet();
        }
    }

    private static void send(Endpoints aws, String queue, int messages) {
        IntStream.range(0, messages / 10).forEach(batch -> {
            List<SendMessageBatchRequestEntry> entries = IntStream.range(0, 10)
                    .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                            .id("e-" + i)
                            .messageBody("m-" + batch + "-" + i)
                            .messageAttributes(Map.of("event", SIGNUP))
                            .build())
                    .toList();
            assertThat(aws.sqs()
                            .sendMessageBatch(request -> request.queueUrl(queue).entries(entries))
                            .failed())
                    .isEmpty();
        });
    }
}
