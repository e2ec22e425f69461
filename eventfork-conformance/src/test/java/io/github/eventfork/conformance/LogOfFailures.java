package io.github.eventfork.conformance;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Shows the log of a test only if it fails, and of a long log the end: some tests let a thousand processes die, and to
 * write down what each of them had to say takes five times as long as the test. The log goes to this process's error
 * output, and a process runs one test at a time.
 */
public final class LogOfFailures implements BeforeEachCallback, AfterEachCallback {

    private static final Namespace HERE = Namespace.create(LogOfFailures.class);

    /** What a test writes, and where it would have gone. */
    private record Kept(PrintStream before, End written) {}

    @Override
    public void beforeEach(ExtensionContext test) {
        Kept kept = new Kept(System.err, new End());
        test.getStore(HERE).put(Kept.class, kept);
        System.setErr(new PrintStream(kept.written, false, StandardCharsets.UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        Kept kept = test.getStore(HERE).remove(Kept.class, Kept.class);
        System.setErr(kept.before);
        if (test.getExecutionException().isPresent()) {
            kept.before.println("Log of " + test.getUniqueId() + ":\n" + kept.written.toString(StandardCharsets.UTF_8));
        }
    }

    /** Keeps the end of what is written to it, half a MiB at least. */
    private static final class End extends ByteArrayOutputStream {

        private static final int KEPT = 1 << 19;

        @Override
        public synchronized void write(byte[] written, int offset, int length) {
            if (count > 2 * KEPT) {
                System.arraycopy(buf, count - KEPT, buf, 0, KEPT);
                count = KEPT;
            }
            super.write(written, offset, length);
        }
    }
}
