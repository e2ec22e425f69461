package io.github.eventfork.examples.cli;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.ForkRuntime.Cancellable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;

/**
 * Lets a command end in good order when the JVM is told to end, by Ctrl-C or SIGTERM: asks it to stop, and keeps the JVM
 * until the command has closed this.
 */
final class OrderlyEnd implements AutoCloseable {

    private static final Duration WITHIN = Duration.ofSeconds(40);

    private final Duration within;
    private final ForkRuntime runtime;
    private final CompletableFuture<Void> stop;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Cancellable hook;
    private volatile int exitCode;

    OrderlyEnd(Surroundings surroundings) {
        this(surroundings, WITHIN);
    }

    /** One that keeps the JVM so long at most. */
    OrderlyEnd(Surroundings surroundings, Duration within) {
        this.within = within;
        runtime = surroundings.runtime();
        stop = surroundings.stop();
        hook = runtime.onExit("eventfork-examples-exit", this::stopAndWait);
    }

    /** The JVM is to end with this code, which says more than a signal's, unless it is 0. */
    void exitWith(int code) {
        exitCode = code;
    }

    /** Completed when the command is to end. */
    CompletableFuture<Void> stop() {
        return stop;
    }

    private void stopAndWait() {
        stop.complete(null);
        try {
            runtime.await(over, within);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LoggerFactory.getLogger(OrderlyEnd.class).warn("It did not end in good order", e);
        }
        if (exitCode != 0) {
            // in a JVM that a signal ends, nothing else decides on the code
            Runtime.getRuntime().halt(exitCode);
        }
    }

    @Override
    public void close() {
        over.complete(null);
        hook.cancel();
    }
}
