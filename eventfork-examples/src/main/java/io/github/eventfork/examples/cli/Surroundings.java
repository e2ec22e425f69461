package io.github.eventfork.examples.cli;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.examples.run.Screen;
import java.util.concurrent.CompletableFuture;

/**
 * What a command runs in.
 *
 * @param logs where libraries log
 * @param stop ends what would go on, once it is completed
 * @param terminal whether somebody watches, at a terminal
 * @param runtime where time and threads come from
 */
public record Surroundings(Logs logs, CompletableFuture<Void> stop, boolean terminal, ForkRuntime runtime) {

    /** Those of a JVM of its own. */
    public static Surroundings real() {
        return new Surroundings(Logs.simple(), new CompletableFuture<>(), Screen.onTerminal(), ForkRuntime.system());
    }
}
