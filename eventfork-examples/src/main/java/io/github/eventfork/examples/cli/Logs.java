package io.github.eventfork.examples.cli;

import java.io.IOException;
import java.nio.file.Path;

/** Where the libraries log. To be said once, before any of them does. */
public interface Logs {

    /** To a file, which it names, so that the terminal is the command's alone. */
    Path toFile() throws IOException;

    /** To the standard error: as a service does, or warnings only, of a command that is over soon. */
    void toStandardError(boolean all);

    /** What the JVM of the jar has: SLF4J's simple logger, set up by system properties. */
    static Logs simple() {
        return new SimpleLogs();
    }
}
