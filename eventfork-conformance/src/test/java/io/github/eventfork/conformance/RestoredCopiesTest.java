package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What SnapStart restores from one snapshot many times over does not retry in step. */
@Timeout(60)
class RestoredCopiesTest {

    @Test
    void two_copies_of_one_snapshot_draw_different_jitter() throws Exception {
        // given a JVM that lets its own memory of chance be put back
        Process copies = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RestoredCopy.class.getName())
                .redirectErrorStream(true)
                .start();

        String told = new String(copies.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(told).isEqualTo("different");
        assertThat(copies.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
