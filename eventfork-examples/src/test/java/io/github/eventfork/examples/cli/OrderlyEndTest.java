package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.ForkRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
class OrderlyEndTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({"0, 143", "1, 1"})
    void a_jvm_that_sigterm_ends_exits_with_the_commands_code_if_that_says_more(String code, int seen)
            throws IOException, InterruptedException {
        // given a command that ends with a code when it is told to
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Told.class.getName(),
                        code)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");

            // when
            process.destroy();

            // then
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(seen);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Such a command. */
    static final class Told {

        public static void main(String[] args) throws Exception {
            try (OrderlyEnd end = new OrderlyEnd(Surroundings.real())) {
                System.out.println("ready");
                ForkRuntime.system().await(end.stop(), PATIENCE);
                end.exitWith(Integer.parseInt(args[0]));
            }
        }
    }
}
