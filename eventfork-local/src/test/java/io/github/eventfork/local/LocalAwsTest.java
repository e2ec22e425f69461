package io.github.eventfork.local;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;

class LocalAwsTest {

    @Test
    void it_listens_on_loopback_only_and_says_where() {
        try (LocalAws local = LocalAws.start()) {
            assertThat(local.endpoint().toString()).matches("http://127\\.0\\.0\\.1:[1-9]\\d+");
            assertThat(local.region()).isEqualTo("us-east-1");
            assertThat(local.accountId()).isEqualTo("000000000000");
        }
    }

    @Test
    void queues_are_of_its_account_and_region() {
        try (LocalClients aws = new LocalClients()) {
            var queue = aws.queue();

            var attributes = aws.sqs
                    .getQueueAttributes(request -> request.queueUrl(queue.url()).attributeNamesWithStrings("QueueArn"))
                    .attributesAsStrings();

            assertThat(attributes).isEqualTo(Map.of("QueueArn", queue.arn()));
            assertThat(queue.url()).startsWith(aws.local.endpoint() + "/000000000000/");
        }
    }

    @Test
    void a_port_in_use_is_named_and_nothing_is_left_running() throws IOException {
        // given
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();

            // then
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> LocalAws.builder().port(port).start())
                    .withMessageContaining("port " + port + " is in use");
            assertNoneIsLeftSince(before);
        }
    }

    @Test
    void a_chosen_port_is_taken_and_free_again_after_close() throws IOException {
        int port = freePort();

        for (int round = 0; round < 2; round++) {
            try (LocalAws local = LocalAws.builder().port(port).start()) {
                assertThat(local.endpoint()).hasPort(port);
            }
        }
    }

    @Test
    void a_port_that_is_none_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalAws.builder().port(65536))
                .withMessage("port must be 0 to 65535, was 65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalAws.builder().port(-1))
                .withMessage("port must be 0 to 65535, was -1");
    }

    @Test
    void what_the_application_configures_of_pekko_is_not_for_it(@TempDir Path folder) throws IOException {
        // given an application whose actors are a cluster
        Path application = Files.writeString(folder.resolve("application.conf"), "pekko.actor.provider = cluster");
        System.setProperty("config.file", application.toString());
        System.setProperty("pekko.http.server.max-connections", "1");
        ConfigFactory.invalidateCaches();

        // then
        try (LocalClients aws = new LocalClients()) {
            assertThat(aws.queue().url()).isNotEmpty();
        } finally {
            System.clearProperty("config.file");
            System.clearProperty("pekko.http.server.max-connections");
            ConfigFactory.invalidateCaches();
        }
    }

    @Test
    void close_ends_its_threads_and_a_second_one_does_nothing() {
        // given one that has been used; none of its threads would keep the JVM alive
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        LocalClients aws = new LocalClients();
        aws.subscribed(aws.topic(), Map.of());
        assertThat(startedSince(before)).allMatch(Thread::isDaemon);

        // when
        aws.close();
        aws.local.close();

        // then
        assertNoneIsLeftSince(before);
    }

    @Test
    void close_does_not_wait_for_a_long_poll() {
        // given
        LocalClients aws = new LocalClients();
        var queue = aws.queue();
        var poll = runAsync(() -> aws.sqs.receiveMessage(request -> request.queueUrl(queue.url())
                .waitTimeSeconds(20)
                .overrideConfiguration(retries -> retries.apiCallTimeout(Duration.ofSeconds(25)))));
        aws.local
                .spy()
                .await(
                        Duration.ofSeconds(10),
                        spy -> spy.iamActions().values().stream()
                                .anyMatch(actions -> actions.contains("sqs:ReceiveMessage")));

        // when
        long started = System.nanoTime();
        aws.local.close();

        // then
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
        assertThat(poll)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(SdkException.class);
        aws.close();
    }

    @Test
    void two_may_run_side_by_side() {
        try (LocalClients one = new LocalClients();
                LocalClients two = new LocalClients()) {
            String topic = one.topic();

            assertThat(one.sns.listTopics().topics())
                    .extracting(t -> t.topicArn())
                    .containsExactly(topic);
            assertThat(two.sns.listTopics().topics()).isEmpty();
        }
    }

    private static void assertNoneIsLeftSince(Set<Thread> before) {
        await().untilAsserted(() -> assertThat(startedSince(before))
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("eventfork-local") || name.contains("HTTP-Dispatcher")));
    }

    private static Set<Thread> startedSince(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .collect(Collectors.toSet());
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return probe.getLocalPort();
        }
    }
}
