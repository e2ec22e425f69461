package io.github.eventfork.benchmarks;

import io.github.eventfork.local.LocalAws;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server for SNS and SQS that can be started and driven: ours in this process, or moto's in a process of its own. */
interface Rival {

    String name();

    /** Starts it, and answers when it listens. */
    Running start() throws IOException, InterruptedException;

    /** A server that is up. */
    record Running(URI endpoint, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /** The server of eventfork-local, in this process. */
    record Ours() implements Rival {
        @Override
        public String name() {
            return "eventfork-local";
        }

        @Override
        public Running start() {
            LocalAws local = LocalAws.start();
            return new Running(local.endpoint(), local::close);
        }
    }

    /** A server that a command starts and that takes {@code -p port}; what it prints goes to a file. */
    record Command(String name, List<String> command) implements Rival {

        /** Moto's server, of the Python that is on the path. */
        static Command moto() {
            return new Command("moto", List.of("python3", "-m", "moto.server", "-H", "127.0.0.1"));
        }

        /** Ours, in a JVM of its own: for what is measured from the start of a process on. */
        static Command oursAlone() {
            return new Command(
                    "eventfork-local, JVM of its own",
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "serve"));
        }

        @Override
        public Running start() throws IOException, InterruptedException {
            int port = freePort();
            List<String> line = new ArrayList<>(command);
            line.addAll(List.of("-p", String.valueOf(port)));
            Path output = Files.createTempFile("eventfork-benchmark", ".log");
            output.toFile().deleteOnExit();
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            Runnable end = () -> end(process);
            URI endpoint = URI.create("http://127.0.0.1:" + port);
            try {
                Probe.awaitAnswer(endpoint, process);
            } catch (IOException | InterruptedException | RuntimeException e) {
                end.run();
                throw e;
            }
            return new Running(endpoint, end);
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        private static void end(Process process) {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
