package io.github.eventfork.examples.cli;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.examples.run.EventFile;
import io.github.eventfork.examples.run.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * The lines of a file of events. It is opened and read on another thread: a pipe may say nothing for as long as it likes, and
 * whoever waits for it may be told to end. For one thread.
 */
final class Lines implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofDays(365);

    private final ForkRuntime runtime;
    private final CompletableFuture<Void> stop;
    private final EventFile file;

    /** Done, unless whoever waited for it was told to end. */
    private CompletableFuture<?> asked = CompletableFuture.completedFuture(null);

    /**
     * Opens a file.
     *
     * @throws CancellationException if {@code stop} is completed before it is open
     */
    Lines(Callable<EventFile> opening, ForkRuntime runtime, CompletableFuture<Void> stop)
            throws IOException, InterruptedException {
        this.runtime = runtime;
        this.stop = stop;
        this.file = soon(opening);
    }

    /**
     * The next line that is not blank; empty at the end.
     *
     * @throws CancellationException if it is told to end before there is one
     */
    Optional<Line> next() throws IOException, InterruptedException {
        return soon(file::next);
    }

    /** What is read at this moment is left to the end of the JVM: closing would wait for it. */
    @Override
    public void close() throws IOException {
        if (asked.isDone()) {
            file.close();
        }
    }

    private <T> T soon(Callable<T> call) throws IOException, InterruptedException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        asked = answer;
        runtime.handlers().execute(() -> answer(call, answer));
        try {
            runtime.await(CompletableFuture.anyOf(answer, stop), PATIENCE);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause(), "what went wrong");
            throw cause instanceof IOException said ? said : new IOException("can't be read", cause);
        } catch (TimeoutException e) {
            throw new IOException("nothing came for a year", e);
        }
        if (stop.isDone()) {
            throw new CancellationException("it was told to end");
        }
        return answer.join();
    }

    private static <T> void answer(Callable<T> call, CompletableFuture<T> answer) {
        try {
            answer.complete(call.call());
        } catch (Exception | Error e) {
            answer.completeExceptionally(e);
        }
    }
}
