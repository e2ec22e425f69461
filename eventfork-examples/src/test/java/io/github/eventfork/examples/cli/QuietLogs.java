package io.github.eventfork.examples.cli;

import java.nio.file.Path;

/** Leaves this JVM's logging as it is. */
public final class QuietLogs implements Logs {

    /** Logs of a test. */
    public QuietLogs() {}

    @Override
    public Path toFile() {
        return Path.of("library.log");
    }

    @Override
    public void toStandardError(boolean all) {}
}
