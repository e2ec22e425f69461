package io.github.eventfork.poller;

import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;

/**
 * The client that a poller makes when it is given none: credentials as the SDK finds them, and the Region too unless
 * the queue's address has one; connections for every poll and as many again for settlements; and a read timeout longer
 * than <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html">the
 * longest long poll</a>, 20 s.
 *
 * <p>It tries each call once. The engine tries again whatever failed, with delays and a health of its own, and retries of
 * the SDK below that would multiply the waits and hide the trouble. A receive that the SDK tries again costs more: a
 * lease is counted from the first attempt, so what the attempts took is gone from it. Named here, this holds whatever the
 * SDK, or the environment, takes for its default.
 */
final class OwnClient {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final int A_RECEIVE = 10;
    private static final int MOST_POLLS = 100;
    private static final int SPARE = 8;

    private OwnClient() {}

    /** Makes a client for so many polls at once. */
    @FunctionalInterface
    interface Maker {
        SqsAsyncClient make(int polls, Optional<String> region);
    }

    static SqsAsyncClient make(int polls, Optional<String> region) {
        SqsAsyncClientBuilder client = SqsAsyncClient.builder()
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .maxConcurrency(2 * polls + SPARE)
                        .readTimeout(READ_TIMEOUT))
                .overrideConfiguration(options -> options.retryStrategy(DefaultRetryStrategy.doNotRetry()));
        region.map(Region::of).ifPresent(client::region);
        return client.build();
    }

    /** How many polls it takes to fill a hand: each brings 10 messages at most. */
    static int polls(int inHand) {
        return Math.min(MOST_POLLS, (inHand - 1) / A_RECEIVE + 1);
    }
}
