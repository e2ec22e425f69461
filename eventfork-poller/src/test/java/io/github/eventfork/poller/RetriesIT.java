package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.Fault;
import io.github.eventfork.local.LocalAws;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * How often a client tries a receive that fails: the poller's own once, a user's as often as the SDK likes. The build runs
 * it twice, the second time with the SDK's next defaults.
 */
class RetriesIT {

    private static final boolean NEXT_DEFAULTS = "true".equals(System.getenv("AWS_NEW_RETRIES_2026"));

    private static LocalAws local;

    @BeforeAll
    static void start() {
        local = LocalAws.start();
        System.setProperty("aws.accessKeyId", "any");
        System.setProperty("aws.secretAccessKey", "any");
        System.setProperty("aws.endpointUrlSqs", local.endpoint().toString());
    }

    @AfterAll
    static void stop() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        System.clearProperty("aws.endpointUrlSqs");
        local.close();
    }

    @Test
    void a_client_of_its_own_tries_once() throws Exception {
        try (SqsAsyncClient own = OwnClient.make(1, Optional.of(local.region()))) {
            assertThat(receivesAfter(0, own)).isTrue();
            assertThat(receivesAfter(1, own)).isFalse();
        }
    }

    @Test
    void a_users_client_tries_as_often_as_the_sdk_does_by_default() throws Exception {
        int attempts = NEXT_DEFAULTS ? 3 : 4;
        try (SqsAsyncClient users = SqsAsyncClient.builder()
                .region(Region.of(local.region()))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                .build()) {
            assertThat(receivesAfter(attempts - 1, users)).isTrue();
            assertThat(receivesAfter(attempts, users)).isFalse();
        }
    }

    /** Whether one receive has an answer although so many attempts fail. */
    private static boolean receivesAfter(int failures, SqsAsyncClient client) throws Exception {
        String queue = client.createQueue(request -> request.queueName("orders"))
                .join()
                .queueUrl();
        local.faults()
                .none()
                .next(
                        "ReceiveMessage",
                        Collections.nCopies(failures, Fault.failing()).toArray(Fault[]::new));
        CompletableFuture<ReceiveMessageResponse> receive = client.receiveMessage(request -> request.queueUrl(queue));
        return receive.handle((answer, failure) -> failure == null).get(30, TimeUnit.SECONDS);
    }
}
