package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.examples.Main;
import io.github.eventfork.examples.UserEvents;
import io.github.eventfork.examples.run.EventFile;
import io.github.eventfork.examples.run.Line;
import io.github.eventfork.examples.run.Loopback;
import io.github.eventfork.examples.run.Publication;
import io.github.eventfork.examples.run.Publisher;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.topology.Deployed;
import io.github.eventfork.topology.Topology;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** {@code poll} of the shipped {@link Main} as containers run it: in a process of its own, ended by SIGTERM, followed by another. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
class PollIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int MESSAGES = 1_000;
    private static final int BEFORE_THE_SIGNAL = 300;
    private static final String WRITE_KEY = "a-write-key";
    private static final String AUTHORIZATION =
            "Basic " + Base64.getEncoder().encodeToString((WRITE_KEY + ":").getBytes(StandardCharsets.UTF_8));
    private static final int ENDED_BY_SIGTERM = 143;

    @TempDir
    private Path folder = Path.of("");

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void ended_by_sigterm_in_the_middle_it_loses_nothing_and_another_takes_over() throws Exception {
        try (LocalAws aws = LocalAws.start();
                Service service = new Service()) {
            // given 1,000 events, and a process in the middle of them with handlers under way
            String queue = publishAll(aws);
            Process first = poll(queue, service, "first");
            await().atMost(PATIENCE).until(() -> service.isHolding() || !first.isAlive());
            assertThat(first.isAlive()).as(() -> said("first")).isTrue();

            // when it is told to end, and the service answers again
            first.destroy();
            await().atMost(PATIENCE).until(() -> said("first").contains("is told to end"));
            service.goOn();

            // then it ends in good order, with work left
            assertThat(first.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(first.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(said("first")).contains("fork analytics has ended in good order");
            int byTheFirst = service.counted().size();
            assertThat(byTheFirst).isBetween(BEFORE_THE_SIGNAL, MESSAGES - 1);
            assertThat(aws.spy().queue("analytics"))
                    .as("what was given back is there for the next at once")
                    .hasSize(MESSAGES - byTheFirst)
                    .allMatch(standing -> standing.visible());

            // and another does the rest
            Process second = poll(queue, service, "second");
            await().atMost(PATIENCE).until(() -> aws.spy().queue("analytics").isEmpty() || !second.isAlive());
            second.destroy();
            assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).as(() -> said("second")).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(service.counted().keySet())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, MESSAGES)
                            .mapToObj(i -> "analytics#m-" + i)
                            .toList());
            assertThat(aws.spy().queue("analytics-dlq")).isEmpty();
            System.out.println("poll, ended by SIGTERM in the middle of " + MESSAGES + " messages: " + byTheFirst
                    + " by the first process, the rest by another, "
                    + (service.total() - MESSAGES) + " of them twice, none lost");
        }
    }

    private static String publishAll(LocalAws aws) throws IOException, InterruptedException {
        try (SnsClient sns = SnsClient.builder()
                        .httpClientBuilder(Loopback.http())
                        .endpointOverride(aws.endpoint())
                        .region(Region.of(aws.region()))
                        .credentialsProvider(Loopback.credentials())
                        .build();
                SqsClient sqs = SqsClient.builder()
                        .httpClientBuilder(Loopback.http())
                        .endpointOverride(aws.endpoint())
                        .region(Region.of(aws.region()))
                        .credentialsProvider(Loopback.credentials())
                        .build()) {
            Topology topology = UserEvents.outline();
            Deployed deployed = topology.createOn(sns, sqs);
            Publisher publisher = new Publisher(sns, Publication.to(deployed.topicArn()), ForkRuntime.system());
            try (EventFile events = EventFile.of(new ByteArrayInputStream(lines().getBytes(StandardCharsets.UTF_8)))) {
                for (Optional<Line> next = events.next(); next.isPresent(); next = events.next()) {
                    publisher.add((Line.Event) next.get());
                }
            }
            publisher.flush();
            assertThat(publisher.published()).isEqualTo(MESSAGES);
            return deployed.fork(topology.queues().get(0).fork()).queueUrl();
        }
    }

    private static String lines() {
        return IntStream.range(0, MESSAGES)
                .mapToObj(i -> "{\"event\":\"login\",\"id\":\"m-" + i
                        + "\",\"message\":{\"email\":\"ada@example.org\",\"at\":\"2026-01-31T12:00:00Z\"}}\n")
                .collect(Collectors.joining());
    }

    private Process poll(String queue, Service service, String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "poll",
                        "--fork",
                        "analytics",
                        "--queue",
                        queue,
                        "--health",
                        "127.0.0.1:0",
                        "--long-poll",
                        "1")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve(name).toFile());
        builder.environment().put("ANALYTICS_URL", service.url());
        builder.environment().put("ANALYTICS_WRITE_KEY", WRITE_KEY);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String said(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts by {@code messageId} as the analytics service does, and after so many keeps whoever asks waiting until it is told to go on. */
    private static final class Service implements AutoCloseable {

        private static final JsonMapper JSON = new JsonMapper();

        private final HttpServer server;
        private final Map<String, Integer> counted = new ConcurrentHashMap<>();
        private final AtomicInteger asked = new AtomicInteger();
        private final CountDownLatch gate = new CountDownLatch(1);

        Service() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(ForkRuntime.system().handlers());
            server.createContext("/v1/track", exchange -> {
                try (exchange) {
                    JsonNode body = JSON.readTree(exchange.getRequestBody());
                    boolean known =
                            AUTHORIZATION.equals(exchange.getRequestHeaders().getFirst("Authorization"));
                    if (asked.incrementAndGet() > BEFORE_THE_SIGNAL) {
                        gate.await();
                    }
                    if (known && body.path("event").textValue().equals("login")) {
                        counted.merge(body.path("messageId").textValue(), 1, Integer::sum);
                    }
                    exchange.sendResponseHeaders(known ? 200 : 401, -1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            server.start();
        }

        boolean isHolding() {
            return asked.get() > BEFORE_THE_SIGNAL && counted.size() >= BEFORE_THE_SIGNAL;
        }

        void goOn() {
            gate.countDown();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        Map<String, Integer> counted() {
            return Map.copyOf(counted);
        }

        int total() {
            return counted.values().stream().mapToInt(Integer::intValue).sum();
        }

        @Override
        public void close() {
            gate.countDown();
            server.stop(0);
        }
    }
}
