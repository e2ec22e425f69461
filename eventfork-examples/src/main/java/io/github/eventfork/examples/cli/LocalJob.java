package io.github.eventfork.examples.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** What {@code run} does: the forks at work in this process. */
@FunctionalInterface
public interface LocalJob {

    /**
     * Runs the forks and shows on {@code out} what became of the events.
     *
     * @param log where the libraries log
     * @param stop ends it early, once it is completed
     * @return whether it adds up
     */
    boolean run(RunOptions options, PrintWriter out, Path log, CompletableFuture<Void> stop) throws Exception;
}
