package io.github.eventfork.examples.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sets up SLF4J's simple logger, which reads system properties when the first line is logged. */
final class SimpleLogs implements Logs {

    private static final String PREFIX = "org.slf4j.simpleLogger.";

    SimpleLogs() {}

    /**
     * Makes the file, and from now on whatever is written to {@link System#err} goes there: what is logged, and
     * what libraries print.
     */
    @Override
    public Path toFile() throws IOException {
        Path file = Files.createTempFile("eventfork-examples-", ".log");
        System.setErr(new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8));
        set("info", "HH:mm:ss.SSS");
        return file;
    }

    @Override
    public void toStandardError(boolean all) {
        set(all ? "info" : "error", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    }

    private static void set(String level, String time) {
        System.setProperty(PREFIX + "logFile", "System.err");
        System.setProperty(PREFIX + "defaultLogLevel", level);
        System.setProperty(PREFIX + "showDateTime", "true");
        System.setProperty(PREFIX + "dateTimeFormat", time);
    }
}
