package io.github.eventfork.examples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.examples.InMemoryChat;
import io.github.eventfork.examples.InMemoryEventCounter;
import io.github.eventfork.examples.InMemorySubscribers;
import io.github.eventfork.examples.UserEvents;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalRunTest {

    private final InMemoryEventCounter counter = new InMemoryEventCounter();
    private final InMemorySubscribers subscribers = new InMemorySubscribers();
    private final InMemoryChat chat = new InMemoryChat();
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final StringWriter out = new StringWriter();

    @ParameterizedTest
    @EnumSource
    void the_events_that_ship_with_it_add_up(Adapter adapter) throws Exception {
        // when
        RunResult result;
        try (EventFile events = EventFile.of(bundled())) {
            result = run(adapter).run(events);
        }

        // then
        assertThat(result.addsUp()).as(() -> result.problems().toString()).isTrue();
        assertThat(result.published()).isEqualTo(216);
        assertThat(result.skipped()).extracting(Line.Malformed::number).containsExactly(25, 66, 88, 115, 138, 220);
        assertThat(result.rows())
                .containsExactly(
                        new RunResult.Row("analytics", 198, new Counts(198, 186, 7, 0, 0, 5, 5), 5),
                        new RunResult.Row("mailing-list", 82, new Counts(82, 73, 4, 0, 4, 4, 5), 5),
                        new RunResult.Row("chat-notifications", 82, new Counts(82, 75, 4, 0, 0, 3, 3), 3));
        assertThat(result.deadLetters())
                .filteredOn(letter -> letter.reason().startsWith("failed at attempt 3 of 3"))
                .extracting(DeadLetter::fork)
                .containsExactly("mailing-list");
        assertThat(counter.of("signup") + counter.of("login")).isEqualTo(186);
        assertThat(subscribers.all()).hasSize(73).containsValue("日本 太郎").containsValue("محمد علي");
        assertThat(chat.announcements()).hasSize(75).contains("🚀 Rocket Fan signed up");
    }

    @ParameterizedTest
    @EnumSource
    void serving_it_says_how_to_publish_and_ends_when_it_is_stopped(Adapter adapter) throws Exception {
        // given
        CompletableFuture<RunResult> result =
                CompletableFuture.supplyAsync(() -> serve(adapter, "{\"event\":\"logout\",\"message\":\"bye\"}"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> out.toString().contains("aws sqs list-queues") || result.isDone());

        // when
        stop.complete(null);

        // then
        assertThat(result.get().published()).isEqualTo(1);
        assertThat(result.get().alone()).isFalse();
        assertThat(result.get().addsUp()).isTrue();
        assertThat(out.toString())
                .contains("aws sns publish --endpoint-url http://127.0.0.1:")
                .contains("--topic-arn arn:aws:sns:us-east-1:000000000000:user-events");
    }

    private RunResult serve(Adapter adapter, String lines) {
        try (EventFile events = EventFile.of(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)))) {
            return run(adapter).serve(events);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private LocalRun run(Adapter adapter) {
        return new LocalRun(
                UserEvents.topology(counter, subscribers, chat),
                adapter,
                0,
                new Screen(new PrintWriter(out, true), false),
                stop);
    }

    private static InputStream bundled() {
        return Objects.requireNonNull(UserEvents.class.getResourceAsStream("events.jsonl"));
    }
}
