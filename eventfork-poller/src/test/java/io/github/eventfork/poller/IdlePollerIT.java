package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.local.LocalAws;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/** A class of its own, because it takes the 20 s that it is about; others run beside it. */
class IdlePollerIT {

    private static final Duration LONGEST_LONG_POLL = Duration.ofSeconds(20);

    /** More than two seconds are said; the rest is for a machine that is busy. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void a_poller_with_defaults_waits_a_whole_long_poll_out_is_running_then_and_closes_at_once() {
        LocalAws local = LocalAws.start();
        Receives receives = new Receives();
        long closing;
        try (SqsAsyncClient sqs = client(local, receives)) {
            // given an empty queue
            sqs.createQueue(request -> request.queueName("orders")).join();
            Fork fork = Fork.named("shipping")
                    .on("order", String.class, event -> {})
                    .build();
            SqsPoller poller =
                    SqsPoller.builder(fork).queue("orders").client(sqs).start();
            try {
                // when its first poll has ended, and the next one has begun
                await().atMost(LONGEST_LONG_POLL.plusSeconds(15)).until(() -> receives.begun.size() > 1);

                // then the first was answered when all its time was over
                assertThat(Duration.ofNanos(receives.begun.get(1) - receives.begun.get(0)))
                        .isBetween(LONGEST_LONG_POLL.minusSeconds(1), LONGEST_LONG_POLL.plusSeconds(10));
                assertThat(poller.health())
                        .extracting(Health::status, Health::problem)
                        .containsExactly(Health.Status.RUNNING, Optional.empty());

            } finally {
                closing = System.nanoTime();
                poller.close();
            }

            // and the next one, which has just begun, was not waited for
            assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(SOON);
            assertThat(poller.health())
                    .extracting(Health::status, Health::problem)
                    .containsExactly(Health.Status.CLOSED, Optional.empty());
        } finally {
            local.close();
        }
    }

    /** A second try would hide that the first one failed. */
    private static SqsAsyncClient client(LocalAws local, ExecutionInterceptor interceptor) {
        return SqsAsyncClient.builder()
                .endpointOverride(local.endpoint())
                .region(Region.of(local.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                .overrideConfiguration(options ->
                        options.retryStrategy(DefaultRetryStrategy.doNotRetry()).addExecutionInterceptor(interceptor))
                .build();
    }

    private static final class Receives implements ExecutionInterceptor {

        private final List<Long> begun = new CopyOnWriteArrayList<>();

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (context.request() instanceof ReceiveMessageRequest) {
                begun.add(System.nanoTime());
            }
        }
    }
}
