package io.github.eventfork.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that libraries log to, so that the terminal is the run's alone. */
final class LogFile {

    private LogFile() {}

    /** Makes the file. It is used if nothing has been logged yet in this process. */
    static Path open() throws IOException {
        Path file = Files.createTempFile("eventfork-examples-", ".log");
        System.setProperty("org.slf4j.simpleLogger.logFile", file.toString());
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
        System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
        System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "HH:mm:ss.SSS");
        return file;
    }
}
