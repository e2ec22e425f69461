package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.examples.run.Loopback;
import io.github.eventfork.local.LocalAws;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

class PollCommandTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LocalAws aws = LocalAws.start();
    private final SqsClient sqs = SqsClient.builder()
            .httpClientBuilder(Loopback.http())
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .credentialsProvider(Loopback.credentials())
            .build();
    private final Shell shell = new Shell();
    private String queue = "";

    @BeforeEach
    void createTheQueue() {
        queue = sqs.createQueue(request -> request.queueName("analytics")).queueUrl();
    }

    @AfterEach
    void end() {
        shell.stop.complete(null);
        sqs.close();
        aws.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"URL", "ARN", "name"})
    void the_fork_handles_what_the_queue_has_until_it_is_told_to_end(String form) throws Exception {
        // given
        send("one");
        String named = switch (form) {
            case "URL" -> queue;
            case "ARN" -> "arn:aws:sqs:us-east-1:000000000000:analytics";
            default -> "analytics";
        };

        // when
        CompletableFuture<Integer> exitCode = poll(named);
        await().atMost(PATIENCE).until(() -> !shell.counted.isEmpty() || exitCode.isDone());
        shell.stop.complete(null);

        // then
        assertThat(exitCode.get()).isZero();
        assertThat(shell.counted).containsExactly("one");
        assertThat(shell.err()).last().isEqualTo("eventfork-examples: fork analytics has ended in good order");
        assertThat(aws.spy().queue("analytics")).isEmpty();
    }

    @Test
    void what_does_not_end_in_time_is_said_with_exit_code_1() throws Exception {
        // given a handler that nothing ends, in a time in which 25 s are half a second
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        shell.in(new HurriedRuntime()).onLogin(payload -> {
            begun.countDown();
            Uninterruptibles.awaitUninterruptibly(release);
        });
        send("one");

        // when
        CompletableFuture<Integer> exitCode = poll(queue);
        assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        shell.stop.complete(null);

        // then
        assertThat(exitCode.get()).isEqualTo(1);
        assertThat(shell.err())
                .last()
                .isEqualTo(
                        "eventfork-examples: fork analytics did not end in good order: the drain timeout of PT25S was over"
                                + " before all was settled; what is left comes again");
        release.countDown();
    }

    @Test
    void its_health_is_served_meanwhile_and_says_when_the_queue_is_gone() throws Exception {
        // given
        CompletableFuture<Integer> exitCode = poll(queue);
        await().atMost(PATIENCE).until(() -> !shell.err().isEmpty() || exitCode.isDone());
        String said = shell.err().get(0);
        assertThat(said).startsWith("eventfork-examples: fork analytics polls " + queue + "; its health is at port ");
        URI health = URI.create("http://127.0.0.1:" + said.substring(said.lastIndexOf(' ') + 1) + "/health");
        await().atMost(PATIENCE).until(() -> get(health).statusCode() == 200);
        assertThat(get(health).body()).contains("\"fork\":\"analytics\",\"status\":\"RUNNING\"");

        // when
        sqs.deleteQueue(request -> request.queueUrl(queue));

        // then
        await().atMost(PATIENCE).until(() -> get(health).statusCode() == 503);
        assertThat(get(health).body()).contains("\"status\":\"FAILING\"", "\"problem\":");
        shell.stop.complete(null);
        assertThat(exitCode.get()).isZero();
    }

    @Test
    void a_queue_that_does_not_exist_gives_one_line_and_exit_code_1() {
        assertThat(execute(queue + "x", "127.0.0.1:0")).isEqualTo(1);
        assertThat(shell.err()).containsExactly("eventfork-examples: there is no queue " + queue + "x");
    }

    @Test
    void a_health_port_in_use_gives_one_line_and_exit_code_1() throws IOException {
        // given
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            // when
            int exitCode = execute(queue, "127.0.0.1:" + other.getLocalPort());

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(shell.err())
                    .containsExactly("eventfork-examples: port " + other.getLocalPort()
                            + " is in use; give --health another, or 0");
        }
    }

    @Test
    void credentials_that_are_refused_give_one_line_and_exit_code_1() {
        try (Refusing refusing = Refusing.sqs()) {
            assertThat(execute(refusing.endpoint() + "/000000000000/analytics", "127.0.0.1:0"))
                    .isEqualTo(1);
        }
        assertThat(shell.err())
                .containsExactly("eventfork-examples: AWS refuses the credentials: UnrecognizedClientException: "
                        + "The security token included in the request is invalid.");
    }

    @Test
    void what_the_environment_lacks_gives_one_line_and_exit_code_1() {
        assertThat(shell.execute("poll", "--fork", "chat", "--queue", queue)).isEqualTo(1);
        assertThat(shell.err()).containsExactly("eventfork-examples: the environment lacks CHAT_WEBHOOK_URL");
    }

    @Test
    void a_server_that_does_not_answer_yet_is_waited_for() throws Exception {
        // when
        CompletableFuture<Integer> exitCode = poll(Shell.NOBODY + "/000000000000/analytics");
        await().atMost(PATIENCE).until(() -> shell.err().size() >= 2 || exitCode.isDone());
        shell.stop.complete(null);

        // then
        assertThat(exitCode.get()).isZero();
        assertThat(shell.err())
                .first()
                .asString()
                // refused by the server's machine, or not made in time on a busy one
                .startsWith("eventfork-examples: it can't be polled yet: ");
    }

    private CompletableFuture<Integer> poll(String named) {
        return CompletableFuture.supplyAsync(() -> execute(named, "127.0.0.1:0"));
    }

    private int execute(String named, String health) {
        String[] endpoint = named.startsWith("http")
                ? new String[0]
                : new String[] {"--endpoint", aws.endpoint().toString()};
        String[] common = {"poll", "--fork", "analytics", "--queue", named, "--health", health, "--long-poll", "1"};
        String[] all = java.util.stream.Stream.concat(
                        java.util.Arrays.stream(common), java.util.Arrays.stream(endpoint))
                .toArray(String[]::new);
        return shell.execute(all);
    }

    private void send(String payload) {
        sqs.sendMessage(request -> request.queueUrl(queue)
                .messageBody(payload)
                .messageAttributes(Map.of(
                        "event",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("login")
                                .build())));
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
