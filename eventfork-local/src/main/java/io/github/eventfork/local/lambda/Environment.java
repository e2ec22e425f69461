package io.github.eventfork.local.lambda;

import io.github.eventfork.ForkRuntime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An execution environment: a thread, and the handler that this thread makes and invokes.
 *
 * <p><b>Invariant:</b> one handler in its life. Once thrown away it takes no more work, and its thread, interrupted, ends as
 * soon as the handler lets it go.
 *
 * <p><b>Ownership:</b> {@code handler} belongs to the thread. Whoever is given the environment by {@link Environments} is
 * the only one to let it run something.
 */
final class Environment {

    static final String VERSION = "$LATEST";

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);

    private final Supplier<FunctionHandler> handlers;
    private final String logStream;
    private final ExecutorService thread;
    private @Nullable FunctionHandler handler;

    Environment(String functionName, int number, Supplier<FunctionHandler> handlers, ForkRuntime runtime) {
        this.handlers = handlers;
        this.logStream = DAY.format(runtime.now()) + "/[" + VERSION + "]"
                + UUID.randomUUID().toString().replace("-", "");
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "eventfork-local-lambda-" + functionName + "-" + number);
            made.setDaemon(true);
            return made;
        });
    }

    /** Runs it on the environment's thread. */
    void run(Runnable task) {
        thread.execute(task);
    }

    /** The handler; makes it at the first call, and throws what its constructor throws. On the environment's thread. */
    FunctionHandler handler() {
        FunctionHandler made = handler;
        if (made == null) {
            made = handlers.get();
            handler = made;
        }
        return made;
    }

    boolean isInitialized() {
        return handler != null;
    }

    String logStream() {
        return logStream;
    }

    /** Ends it: its thread is interrupted, and left behind if the handler does not care. */
    void throwAway() {
        thread.shutdownNow();
    }
}
