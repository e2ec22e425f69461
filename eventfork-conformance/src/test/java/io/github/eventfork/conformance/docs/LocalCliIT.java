package io.github.eventfork.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.eventfork.conformance.docs.CliSession.Step;
import io.github.eventfork.conformance.docs.Page.Block;
import io.github.eventfork.local.LocalAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays the session of docs/local.md with the AWS CLI, if that is here, and compares what it prints. */
class LocalCliIT {

    /** What the page says where the server listens; here it listens elsewhere. */
    private static final String ENDPOINT = "http://127.0.0.1:4100";

    private static final String ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final int PATIENCE_SECONDS = 300;

    @Test
    void the_session_of_the_page_prints_what_the_page_shows(@TempDir Path directory) throws Exception {
        assumeTrue(cliIsHere(directory), "the AWS CLI is not here");
        CliSession session = CliSession.of(sessionOfThePage());

        // when each command is run, in one shell
        List<List<String>> printed;
        try (LocalAws aws = LocalAws.start()) {
            String script = session.script()
                    .replace(ENDPOINT, aws.endpoint().toString());
            printed = session.printed(run(directory, script).stream()
                    .map(line -> line.replace(aws.endpoint().toString(), ENDPOINT))
                    .toList());
        }

        // then each prints what stands below it, but for ids
        assertThat(plain(printed))
                .isEqualTo(plain(session.steps().stream().map(Step::prints).toList()));
        System.out.println("AWS CLI session of docs/local.md: " + printed.size() + " commands replayed");
    }

    private static Block sessionOfThePage() {
        List<Block> sessions = Page.read(Page.ROOT.resolve("docs/local.md")).blocks().stream()
                .filter(block -> block.info().equals("sh session"))
                .toList();
        assertThat(sessions).as("blocks 'sh session' of docs/local.md").hasSize(1);
        return sessions.get(0);
    }

    private static boolean cliIsHere(Path directory) throws InterruptedException {
        try {
            Process process = new ProcessBuilder("aws", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("version").toFile())
                    .start();
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    private static List<String> run(Path directory, String script) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // what the user has set up for the real AWS stays out of it
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_CONFIG_FILE", "none",
                        "AWS_SHARED_CREDENTIALS_FILE", "none",
                        "AWS_PAGER", "",
                        "NO_PROXY", "127.0.0.1",
                        "LC_ALL", "C.UTF-8"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the session ends")
                    .isTrue();
            return lines(output);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> lines(Path output) {
        try {
            return Files.readAllLines(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without what is new each time. */
    private static List<List<String>> plain(List<List<String>> lines) {
        List<List<String>> plain = new ArrayList<>();
        for (List<String> step : lines) {
            plain.add(step.stream().map(line -> line.replaceAll(ID, "<id>")).toList());
        }
        return plain;
    }
}
