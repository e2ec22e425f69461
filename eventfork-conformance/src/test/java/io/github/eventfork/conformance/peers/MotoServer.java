package io.github.eventfork.conformance.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * moto's server, in a process of its own on a free port. It ends when it is told to, and when this process ends however:
 * its input ends with us.
 */
final class MotoServer {

    private MotoServer() {}

    /** Starts it, and answers once it does. */
    static Aws start(Path directory) {
        try {
            Process process = Python.start("moto_server.py", directory, Map.of(), List.of());
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String url = output.readLine();
            if (url == null) {
                throw new IllegalStateException(
                        "moto did not start: " + Files.readString(directory.resolve("moto_server.py.log")));
            }
            return Aws.at(URI.create(url), URI.create(url), 0, process::destroy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
