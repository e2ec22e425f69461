package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A class of its own, because it takes the 20 s that it is about; others run beside it. */
class LongPollTest {

    @Test
    void the_longest_long_poll_of_an_empty_queue_is_answered_with_no_message() {
        try (LocalClients aws = new LocalClients();
                SqsClient sqs = LocalClients.sqs(aws.local, triesOnce())) {
            // given
            String empty = aws.queue().url();

            // when
            long started = System.nanoTime();
            var answer = sqs.receiveMessage(request -> request.queueUrl(empty).waitTimeSeconds(20));

            // then
            assertThat(answer.sdkHttpResponse().statusCode()).isEqualTo(200);
            assertThat(answer.messages()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofSeconds(19));
        }
    }

    /** A second try would hide that the first one failed. */
    private static ClientOverrideConfiguration triesOnce() {
        return ClientOverrideConfiguration.builder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .build();
    }
}
