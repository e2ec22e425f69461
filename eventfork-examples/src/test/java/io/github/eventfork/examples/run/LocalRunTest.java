package io.github.eventfork.examples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.examples.UserEvents;
import io.github.eventfork.examples.standin.StandIns;
import io.github.eventfork.examples.standin.Trouble;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalRunTest {

    private final StandIns standIns = StandIns.start(0);
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final StringWriter out = new StringWriter();

    @AfterEach
    void endServices() {
        standIns.close();
    }

    @ParameterizedTest
    @EnumSource
    void the_events_that_ship_with_it_add_up_in_spite_of_duplicates_and_a_service_that_limits(Adapter adapter)
            throws Exception {
        // given
        standIns.trouble(Trouble.parse("mailing-list=limit:2s@20"));
        standIns.trouble(Trouble.parse("chat-notifications=limit:1s@10"));

        // when
        RunResult result;
        try (EventFile events = EventFile.of(bundled())) {
            result = run(adapter).run(events);
        }

        // then
        assertThat(result.addsUp()).as(() -> result.problems().toString()).isTrue();
        assertThat(result.published()).isEqualTo(216);
        assertThat(result.skipped()).extracting(Line.Malformed::number).containsExactly(25, 66, 88, 115, 138, 220);
        long failed = result.rows().get(1).counts().failedRuns();
        long limited = result.rows().get(2).counts().failedRuns();
        assertThat(result.rows())
                .containsExactly(
                        new RunResult.Row("analytics", 198, new Counts(198, 193, 0, 0, 0, 5, 5), 5),
                        new RunResult.Row("mailing-list", 82, new Counts(82, 77, 0, 0, failed, 4, 5), 5),
                        new RunResult.Row("chat-notifications", 82, new Counts(82, 75, 4, 0, limited, 3, 3), 3));
        // 4 calls fail by their addresses; a spell refuses the call that it begins with
        assertThat(failed).isGreaterThanOrEqualTo(4);
        assertThat(limited).isGreaterThanOrEqualTo(1);
        assertThat(result.services())
                .extracting(
                        service -> service.due().size(),
                        service -> service.held().calls(),
                        service -> service.held().refused(),
                        service -> service.held().repeated(),
                        service -> service.held().things().size())
                .containsExactly(
                        tuple(186, 193L, 0L, 7L, 186),
                        tuple(73, 77 + failed, failed, 4L, 73),
                        tuple(75, 75 + limited, limited, 0L, 75));
        assertThat(result.deadLetters())
                .filteredOn(letter -> letter.reason().startsWith("failed at attempt 3 of 3"))
                .extracting(DeadLetter::fork)
                .containsExactly("mailing-list");
        assertThat(standIns.members()).hasSize(73).containsValue("日本 太郎").containsValue("محمد علي");
        assertThat(standIns.posts()).hasSize(75).contains("🚀 Rocket Fan signed up");
    }

    @Test
    void an_effect_that_is_there_twice_does_not_add_up() throws Exception {
        // given a chat that does what it is told and does not say so
        standIns.trouble(Trouble.parse("chat-notifications=cut:500ms"));

        // when
        RunResult result;
        try (EventFile events = EventFile.of(bytes(
                "{\"event\":\"signup\",\"id\":\"1\",\"message\":{\"name\":\"Ada\",\"email\":\"ada@example.org\"}}"))) {
            result = run(Adapter.POLLER).run(events);
        }

        // then
        assertThat(result.problems())
                .containsExactly(
                        "chat-notifications: of what it handled (1) its service lacks 0, and it holds 1 besides");
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
        try (EventFile events = EventFile.of(bytes(lines))) {
            return new LocalRun(UserEvents.outline(), adapter, ServerAddress.ANY, screen(), stop).serve(events);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private LocalRun run(Adapter adapter) {
        return new LocalRun(UserEvents.fanOut(standIns), adapter, ServerAddress.ANY, screen(), stop);
    }

    private Screen screen() {
        return new Screen(new PrintWriter(out, true), false);
    }

    private static InputStream bytes(String lines) {
        return new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream bundled() {
        return Objects.requireNonNull(UserEvents.class.getResourceAsStream("events.jsonl"));
    }
}
