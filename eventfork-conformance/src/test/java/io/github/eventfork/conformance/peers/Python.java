package io.github.eventfork.conformance.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The Python of this machine, if it has one, and scripts of ours for it. */
final class Python {

    private static final String COMMAND = "python3";
    private static final int PATIENCE_SECONDS = 60;

    private Python() {}

    /** The version of a module, if Python is here and has it. */
    static Optional<String> versionOf(String module) {
        try {
            Process process = new ProcessBuilder(
                            COMMAND, "-c", "import " + module + "; print(" + module + ".__version__)")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return ended(process) && process.exitValue() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException noPython) {
            return Optional.empty();
        }
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Starts a script that stands beside this class; what it says on standard error goes to {@code log}. */
    static Process start(String script, Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        Path copy = directory.resolve(script);
        try (InputStream source = Python.class.getResourceAsStream(script)) {
            if (source == null) {
                throw new IllegalArgumentException("there is no script " + script);
            }
            Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(COMMAND, copy.toString());
        builder.command().addAll(arguments);
        builder.environment().putAll(environment);
        return builder.redirectError(directory.resolve(script + ".log").toFile())
                .start();
    }
}
