package io.github.eventfork.examples.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a file is published, if somebody watches. For one thread. */
interface Progress extends AutoCloseable {

    int WIDTH = 80;

    /** All lines up to this one are read. */
    void at(int line);

    @Override
    void close();

    /** Nothing to be seen. */
    static Progress silent() {
        return new Progress() {
            @Override
            public void at(int line) {}

            @Override
            public void close() {}
        };
    }

    /** A bar that is drawn over and over on a terminal. */
    static Progress bar(Path file, PrintWriter terminal) throws IOException {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("Publishing")
                .setInitialMax(lines(file))
                .setUnit(" lines", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new DelegatingProgressBarConsumer(
                        text -> {
                            terminal.print('\r' + text);
                            terminal.flush();
                        },
                        WIDTH))
                .build();
        return new Progress() {
            @Override
            public void at(int line) {
                bar.stepTo(line);
            }

            @Override
            public void close() {
                bar.close();
                terminal.println();
            }
        };
    }

    /** Of a pipe nobody knows before it has ended. */
    private static long lines(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return -1;
        }
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            return reader.lines().count();
        }
    }
}
