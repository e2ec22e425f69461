package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.conformance.Endpoints.Size;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** A started poller keeps its JVM alive, and drains when that is told to end: in a JVM of its own. */
@Promise(21)
@Timeout(90)
class Promise21KeepAliveIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(25);

    /** What SIGTERM makes of a JVM. */
    private static final int TERMINATED = 143;

    @RegisterExtension
    static final TestServers SERVERS = new TestServers();

    @ParameterizedTest
    @EnumSource(TestServer.class)
    void it_works_on_after_main_returned_and_drains_on_sigterm(TestServer server) throws Exception {
        Endpoints aws = SERVERS.on(server);
        String queue = aws.queue(Endpoints.unique("kept-alive"));
        try (Child child = Child.start(aws, queue, 21)) {
            // given a process whose main has returned
            child.awaitLine(KeptAlive.RETURNED);

            // when a message is sent, then it is handled
            send(aws, queue, List.of("first"));
            child.awaitLine(KeptAlive.FINISHED + "first");

            // given that its handler, after 20 quick ones, hangs, and others wait behind that in its hand
            send(aws, queue, IntStream.range(0, 40).mapToObj(i -> "m-" + i).toList());
            await().atMost(PATIENCE).until(() -> child.started().size() == 22);
            await().atMost(PATIENCE).until(() -> aws.size(queue).hidden() > 1);

            // when it is told to end, then what waits is back while what runs still does
            child.terminate();
            await().atMost(PATIENCE).until(() -> aws.size(queue).equals(new Size(19, 1)));
            assertThat(child.isAlive()).isTrue();

            // and it ends as soon as that has finished
            child.letFinish();
            assertThat(child.exitWithin(DRAIN_TIMEOUT)).isEqualTo(TERMINATED);
            assertThat(child.finished()).hasSize(22).isEqualTo(child.started());

            // and the queue has what it has not run, and nothing else
            List<String> left =
                    aws.receiveAll(queue).stream().map(Message::body).toList();
            assertThat(left).hasSize(19).doesNotContainAnyElementsOf(child.started());
            assertThat(aws.size(queue)).isEqualTo(new Size(0, 19));
        }
    }

    private static void send(Endpoints aws, String queue, List<String> bodies) {
        for (String body : bodies) {
            aws.sqs()
                    .sendMessage(request -> request.queueUrl(queue)
                            .messageBody(body)
                            .messageAttributes(Map.of(
                                    "event",
                                    MessageAttributeValue.builder()
                                            .dataType("String")
                                            .stringValue("signup")
                                            .build())));
        }
    }

    /** The process, and what it said so far. Ends it, come what may. */
    private static final class Child implements AutoCloseable {

        private final Process process;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Thread reader = new Thread(this::read, "output-of-child");

        private Child(Process process) {
            this.process = process;
            reader.setDaemon(true);
            reader.start();
        }

        static Child start(Endpoints aws, String queue, int freeRuns) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(
                    List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), KeptAlive.class.getName()));
            command.addAll(List.of(queue, String.valueOf(freeRuns)));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment()
                    .putAll(Map.of(
                            "AWS_ENDPOINT_URL_SQS",
                            aws.sqsUri().toString(),
                            "AWS_REGION",
                            Endpoints.REGION,
                            "AWS_ACCESS_KEY_ID",
                            "test",
                            "AWS_SECRET_ACCESS_KEY",
                            "test"));
            return new Child(builder.start());
        }

        private void read() {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                output.lines().forEach(lines::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void awaitLine(String line) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(lines).contains(line));
        }

        List<String> started() {
            return after(KeptAlive.STARTED);
        }

        List<String> finished() {
            return after(KeptAlive.FINISHED);
        }

        private List<String> after(String prefix) {
            return lines.stream()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .toList();
        }

        void terminate() {
            // not Process.destroy(): that closes our ends of its streams too
            process.toHandle().destroy();
        }

        boolean isAlive() {
            return process.isAlive();
        }

        void letFinish() throws IOException {
            OutputStream input = process.getOutputStream();
            input.write('\n');
            input.flush();
        }

        int exitWithin(Duration atMost) throws InterruptedException {
            assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
                    .as("ended within %s; it said %s", atMost, lines)
                    .isTrue();
            reader.join(atMost.toMillis());
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
