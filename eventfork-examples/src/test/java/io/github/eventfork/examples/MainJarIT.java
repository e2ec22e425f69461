package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The executable jar, in a JVM of its own. */
class MainJarIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder = Path.of("");

    private final List<Process> started = new ArrayList<>();
    private Path out = Path.of("");
    private Path err = Path.of("");

    @BeforeEach
    void chooseFiles() {
        out = folder.resolve("out");
        err = folder.resolve("err");
    }

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--as=lambda"})
    void it_ends_with_a_table_that_adds_up_without_arguments_and_as_lambda(String argument) throws Exception {
        // when
        Process process = argument.isEmpty() ? start() : start(argument);
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // then
        assertThat(ended).isTrue();
        assertThat(complaints()).isEmpty();
        assertThat(text(out))
                .contains("Published 216 events; skipped 6 lines: 25, 66, 88, 115, 138, 220.")
                .containsPattern("analytics +198 +198 +193 +0 +0 +0 +5 +5\\R")
                .containsPattern("mailing-list +82 +82 +77 +0 +0 +\\d+ +4 +5\\R")
                .containsPattern("chat-notifications +82 +82 +75 +4 +0 +0 +3 +3\\R")
                .containsPattern("analytics +193 +0 +7 +186 +186\\R")
                .containsPattern("mailing-list +\\d+ +\\d+ +4 +73 +73\\R")
                .containsPattern("chat-notifications +75 +0 +0 +75 +75\\R")
                .contains("It adds up");
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void no_librarys_log_line_stands_between_the_others() throws Exception {
        // when
        Process process = start("--events", oneSignup().toString());
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // then
        assertThat(ended).isTrue();
        assertThat(complaints()).isEmpty();
        assertThat(text(out).lines()).noneMatch(line -> line.contains("WARN") || line.contains("INFO"));
    }

    @Test
    void the_jar_knows_its_version() throws Exception {
        // when
        Process process = start("--version");
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // then
        assertThat(ended).isTrue();
        assertThat(text(out)).matches("eventfork-examples \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
    void serving_it_drains_and_shows_the_table_when_it_is_told_to_end() throws Exception {
        // given
        Process process = start("--serve", "--events", oneSignup().toString());
        await().atMost(PATIENCE)
                .until(() ->
                        text(out).contains("mailing-list 1 of 1, chat-notifications 1 of 1") || !process.isAlive());
        assertThat(text(out)).contains("aws sns publish --endpoint-url http://127.0.0.1:");

        // when
        process.destroy();
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // then
        assertThat(ended).isTrue();
        assertThat(text(out))
                .containsPattern("mailing-list +1 +1 +1 +0 +0 +0 +0 +0\\R")
                .contains("It adds up")
                .contains("What the libraries logged: ");
        assertThat(complaints()).isEmpty();
    }

    private Path oneSignup() throws IOException {
        return Files.writeString(
                folder.resolve("one.jsonl"),
                "{\"event\":\"signup\",\"id\":\"1\",\"message\":{\"name\":\"Ada\",\"email\":\"ada@example.org\"}}\n");
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // it ends before an optimizing compiler has paid for itself
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Objects.requireNonNull(System.getProperty("executable.jar"), "executable.jar")));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        started.add(process);
        return process;
    }

    /** From JDK 24 on the JVM itself, which no jar can tell otherwise, warns that Pekko uses sun.misc.Unsafe. */
    private List<String> complaints() {
        return text(err)
                .lines()
                .filter(line -> !(line.startsWith("WARNING: ") && line.contains("sun.misc.Unsafe")))
                .filter(line -> !line.startsWith("WARNING: Please consider reporting this to the maintainers of class"))
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
