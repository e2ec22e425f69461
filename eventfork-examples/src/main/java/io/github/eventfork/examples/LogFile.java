package io.github.eventfork.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that libraries log to, so that the terminal is the run's alone. */
final class LogFile {

    private LogFile() {}

    /**
     * Makes the file, and from now on whatever is written to {@link System#err} goes there: what is logged, and
     * what libraries print.
     */
    static Path open() throws IOException {
        Path file = Files.createTempFile("eventfork-examples-", ".log");
        System.setErr(new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8));
        System.setProperty("org.slf4j.simpleLogger.logFile", "System.err");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
        System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
        System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "HH:mm:ss.SSS");
        return file;
    }
}
