package io.github.eventfork.conformance;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.opentest4j.TestAbortedException;

/**
 * Shows the log of a test only if it fails, and of a long log the end: some tests let a thousand processes die, and to
 * write down what each of them had to say takes five times as long as the test. The tests of a factory have one log. The
 * log goes to this process's error output, and a process runs one test at a time.
 */
public final class LogOfFailures implements BeforeEachCallback, InvocationInterceptor, AfterEachCallback {

    private static final Namespace HERE = Namespace.create(LogOfFailures.class);

    /** What a test writes, where it would have gone, and whether a test of its factory failed, which the factory survives. */
    private static final class Kept {

        private final PrintStream before = System.err;
        private final End written = new End();
        private boolean failed;
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        Kept kept = new Kept();
        test.getStore(HERE).put(Kept.class, kept);
        System.setErr(new PrintStream(kept.written, false, StandardCharsets.UTF_8));
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext invoked, ExtensionContext test) throws Throwable {
        try {
            invocation.proceed();
        } catch (Throwable e) {
            // the store of the factory
            test.getStore(HERE).get(Kept.class, Kept.class).failed |= isFailure(e);
            throw e;
        }
    }

    @Override
    public void afterEach(ExtensionContext test) {
        Kept kept = test.getStore(HERE).remove(Kept.class, Kept.class);
        System.setErr(kept.before);
        if (kept.failed
                || test.getExecutionException().filter(LogOfFailures::isFailure).isPresent()) {
            kept.before.println("Log of " + test.getUniqueId() + ":\n" + kept.written.toString(StandardCharsets.UTF_8));
        }
    }

    private static boolean isFailure(Throwable e) {
        return !(e instanceof TestAbortedException);
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
