package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.examples.cli.QuietLogs;
import io.github.eventfork.examples.cli.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void events_of_ones_own_are_published_and_bad_lines_named_and_skipped() throws IOException {
        // given
        Path events = Files.writeString(folder.resolve("my.jsonl"), """
                {"event":"signup","id":"1","message":{"name":"Ada","email":"ada@example.org"}}
                this is no JSON

                {"event":"login","id":"2","message":{"email":"ada@example.org","at":"2026-01-31T12:00:00Z"}}
                {"event":"login","id":"3"}
                """);

        // when
        int exitCode = execute("run", "--events", events.toString());

        // then
        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains("Line 2 is skipped: it is not JSON.")
                .contains("Line 5 is skipped: it has no message.")
                .contains("Published 2 events; skipped 2 lines: 2, 5.")
                .contains("chat-notifications       1         0        0          1          1")
                .contains("It adds up")
                .endsWith("What the libraries logged: " + Path.of("library.log") + System.lineSeparator());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void as_lambda_the_table_is_the_same() throws IOException {
        // given
        Path events = Files.writeString(folder.resolve("my.jsonl"), """
                {"event":"signup","id":"1","message":{"name":"Ada","email":"ada@example.org"}}
                {"event":"signup","id":"1","message":{"name":"Ada","email":"ada@example.org"}}
                {"event":"signup","id":"2","message":"no person"}
                {"event":"signup","id":"3","message":{"name":"Bob","email":"bob@flaky.example"}}
                """);

        // when
        int exitCode = execute("run", "--as", "lambda", "--events", events.toString());
        String asLambda = out.toString();
        out.getBuffer().setLength(0);
        int exitCodeAsPoller = execute("run", "--as", "poller", "--events", events.toString());

        // then
        assertThat(exitCode).isZero();
        assertThat(exitCodeAsPoller).isZero();
        assertThat(table(asLambda)).contains("It adds up").isEqualTo(table(out.toString()));
        assertThat(asLambda).contains("behind it a Lambda function");
        assertThat(err.toString()).isEmpty();
    }

    private static String table(String output) {
        return output.substring(output.lastIndexOf("Published 4 events."), output.indexOf("Took "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--frob", "--as=cron", "--port=x", "--port=70000", "--trouble=x", "walk", "--events"})
    void wrong_use_gives_what_is_wrong_a_usage_line_and_exit_code_2(String argument) {
        // when
        int exitCode = execute(argument);

        // then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().lines().skip(1))
                .containsExactly(
                        "Usage: eventfork-examples [-hV] [--serve] [--verbose] [--as=ADAPTER] [--events=FILE] [--port=N]",
                        "                   [--allow-host=NAME]... [--trouble=SERVICE=KIND:TIME[@CALL]]... [COMMAND]",
                        "Try --help.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void serving_it_says_what_poll_needs_to_call_the_stand_ins_and_not_the_real_services() throws IOException {
        // given
        Path events = Files.writeString(folder.resolve("my.jsonl"), "");
        Main stopped = new Main(new Surroundings(
                new QuietLogs(), CompletableFuture.completedFuture(null), false, ForkRuntime.system()));

        // when
        stopped.execute(
                new PrintWriter(out, true), new PrintWriter(err, true), "--serve", "--events", events.toString());

        // then
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("  export ANALYTICS_URL=http://127\\.0\\.0\\.1:\\d+"))
                .anyMatch(line -> line.startsWith("  export ANALYTICS_WRITE_KEY="))
                .anyMatch(line -> line.startsWith("  export CHAT_WEBHOOK_URL=http://127.0.0.1:"));
    }

    @Test
    void a_file_that_is_not_there_gives_one_line_and_exit_code_1() {
        // given
        Path missing = folder.resolve("missing.jsonl");

        // when
        int exitCode = execute("--events", missing.toString());

        // then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().lines()).containsExactly("eventfork-examples: there is no file " + missing);
    }

    @Test
    void a_folder_for_a_file_gives_one_line_and_exit_code_1() {
        assertThat(execute("--events", folder.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("eventfork-examples: can't read " + folder + ": it is a directory");
    }

    @Test
    void a_port_in_use_gives_one_line_that_names_it_and_exit_code_1() throws IOException {
        // given
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            // when
            int exitCode = execute("--port", Integer.toString(other.getLocalPort()));

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .startsWith("eventfork-examples: port " + other.getLocalPort() + " is in use");
        }
    }

    @Test
    void help_teaches_by_example_within_100_columns() {
        // when
        int exitCode = execute("--help");

        // then
        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("--serve --port 4100", "{\"event\":\"signup\",\"id\":\"e-1\"");
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void the_version_is_one_line() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString().lines()).singleElement().asString().startsWith("eventfork-examples ");
    }

    private int execute(String... arguments) {
        return new Main(new Surroundings(new QuietLogs(), new CompletableFuture<>(), false, ForkRuntime.system()))
                .execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
