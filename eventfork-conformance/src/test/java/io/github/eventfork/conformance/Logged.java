package io.github.eventfork.conformance;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is written to the log, which goes to this process's error output. Tests that use it run one after another. */
final class Logged {

    private Logged() {}

    /** The lines that are written while {@code task} runs. */
    static List<String> during(Runnable task) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        run(task, new PrintStream(written, true, StandardCharsets.UTF_8));
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Runs {@code task}, which provokes more lines than anybody would keep. */
    static void nowhere(Runnable task) {
        run(task, new Nowhere());
    }

    /** Does not even encode what it is given. */
    private static final class Nowhere extends PrintStream {
        Nowhere() {
            super(OutputStream.nullOutputStream());
        }

        @Override
        public void println(String line) {}

        @Override
        public void println(Object line) {}
    }

    private static void run(Runnable task, PrintStream output) {
        PrintStream before = System.err;
        System.setErr(output);
        try {
            task.run();
        } finally {
            System.setErr(before);
        }
    }
}
