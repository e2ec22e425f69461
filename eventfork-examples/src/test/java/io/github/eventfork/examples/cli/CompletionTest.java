package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion script, judged by bash itself. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no bash")
class CompletionTest {

    @TempDir
    private Path folder = Path.of("");

    private Path script = Path.of("");

    @BeforeEach
    void printIt() throws IOException {
        Shell shell = new Shell();
        assertThat(shell.execute("generate-completion")).isZero();
        script = Files.write(folder.resolve("completion"), shell.out());
    }

    @Test
    void it_is_valid_bash() throws Exception {
        assertThat(bash("-n", script.toString())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "pub,                  publish",
        "topology --format m,  mermaid",
        "poll --con,           --concurrency",
        "--ser,                --serve"
    })
    void it_completes_commands_options_and_values(String typed, String completed) throws Exception {
        // given
        int words = typed.split(" ").length;
        String line = "source " + script + "; COMP_WORDS=(eventfork-examples " + typed + "); COMP_CWORD=" + words
                + "; _complete_eventfork-examples; printf '%s\\n' \"${COMPREPLY[@]}\"";

        // then
        assertThat(bash("-c", line)).contains(completed);
    }

    private List<String> bash(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("bash"));
        command.addAll(List.of(arguments));
        Path printed = folder.resolve("printed");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "there is no bash");
            throw e;
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> "bash says " + printed).isZero();
        return Files.readAllLines(printed).stream().map(String::strip).toList();
    }
}
