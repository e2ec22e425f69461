package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the executable jar, where nobody has set up AWS. */
class CommandsJarIT {

    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path folder = Path.of("");

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void without_credentials_publish_says_so_in_one_line() throws Exception {
        assertThat(exitCode(
                        "publish",
                        "--topic",
                        "arn:aws:sns:eu-west-1:123456789012:user-events",
                        "--event",
                        "login",
                        "--message",
                        "m"))
                .isEqualTo(1);
        assertThat(complaints())
                .containsExactly("eventfork-examples: no AWS credentials are found: set AWS_ACCESS_KEY_ID and "
                        + "AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for a local server give --endpoint");
    }

    @Test
    void without_a_region_poll_says_so_in_one_line() throws Exception {
        assertThat(exitCode("poll", "--fork", "analytics", "--queue", "analytics"))
                .isEqualTo(1);
        assertThat(complaints())
                .containsExactly("eventfork-examples: no Region is known: give --region, or set AWS_REGION");
    }

    @Test
    void topology_shows_the_three_forks() throws Exception {
        assertThat(exitCode("topology")).isZero();
        assertThat(Files.readAllLines(folder.resolve("out")))
                .anyMatch(line -> line.startsWith("analytics "))
                .anyMatch(line -> line.startsWith("mailing-list "))
                .anyMatch(line -> line.startsWith("chat-notifications "));
    }

    private int exitCode(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Objects.requireNonNull(System.getProperty("executable.jar"), "executable.jar")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_CONFIG_FILE",
                        folder.resolve("none").toString(),
                        "AWS_SHARED_CREDENTIALS_FILE",
                        folder.resolve("none").toString(),
                        "AWS_EC2_METADATA_DISABLED",
                        "true",
                        "ANALYTICS_WRITE_KEY",
                        "a key"));
        Process process = builder.start();
        started.add(process);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /** But for what newer JVMs themselves say of {@code sun.misc.Unsafe}. */
    private List<String> complaints() throws IOException {
        return Files.readAllLines(folder.resolve("err")).stream()
                .filter(line -> !line.startsWith("WARNING: "))
                .toList();
    }
}
