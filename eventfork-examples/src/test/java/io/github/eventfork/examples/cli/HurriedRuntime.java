package io.github.eventfork.examples.cli;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** The system's, but its time runs fifty times as fast: half a minute passes in less than a second. */
final class HurriedRuntime implements ForkRuntime {

    private static final int TIMES = 50;

    private final ForkRuntime real = ForkRuntime.system();

    @Override
    public Instant now() {
        return real.now();
    }

    @Override
    public long nanoTime() {
        return real.nanoTime() * TIMES;
    }

    @Override
    public RandomGenerator random() {
        return real.random();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return real.schedule(delay.dividedBy(TIMES), task);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Duration atMost)
            throws TimeoutException, ExecutionException, InterruptedException {
        return real.await(stage, atMost.dividedBy(TIMES));
    }

    @Override
    public Executor handlers() {
        return real.handlers();
    }

    @Override
    public Cancellable keepAlive(String name) {
        return real.keepAlive(name);
    }

    @Override
    public Cancellable onExit(String name, Runnable task) {
        return real.onExit(name, task);
    }
}
