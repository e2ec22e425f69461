package io.github.eventfork.local.lambda;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The function behind a mapping: environments, and as many invocations at once as are allowed.
 *
 * <p><b>Invariant:</b> a permit of {@code free} is taken before a batch is collected, and given back when its invocation is
 * over and settled, or when there was none.
 *
 * <p><b>Ownership:</b> the semaphore is the only state; it looks after itself.
 */
final class Function {

    /** What Lambda gives a function to come up. */
    static final Duration INIT_LIMIT = Duration.ofSeconds(10);

    private final Options options;
    private final String arn;
    private final MappedQueue queue;
    private final Consumer<Invocation> done;
    private final ForkRuntime runtime;
    private final Environments environments;
    private final Semaphore free;

    Function(
            Options options,
            String arn,
            Supplier<FunctionHandler> handlers,
            MappedQueue queue,
            Consumer<Invocation> done,
            ForkRuntime runtime) {
        this.options = options;
        this.arn = arn;
        this.queue = queue;
        this.done = done;
        this.runtime = runtime;
        this.environments =
                new Environments(number -> new Environment(options.functionName(), number, handlers, runtime));
        this.free = new Semaphore(options.maximumConcurrency());
    }

    /** Whether one more invocation is allowed, within this time; if so, {@link #invoke} or {@link #giveBack} must follow. */
    boolean reserve(Duration within) throws InterruptedException {
        return free.tryAcquire(within.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** There was nothing to invoke it with. */
    void giveBack() {
        free.release();
    }

    /** Invokes it with a batch, and returns. */
    void invoke(List<Received> batch) {
        Environment environment = environments.take();
        Running running =
                new Running(options, arn, UUID.randomUUID().toString(), environment, batch, runtime, this::settle);
        environment.run(running::run);
    }

    /** Carries out an answer: on the environment's thread, or without a delete on the runtime's timer. */
    private void settle(Running running, Answer answer) {
        try {
            if (answer.givenBack().size() < running.batch().size()) {
                queue.delete(running.batch().stream()
                        .filter(message -> !answer.givenBack().contains(message.messageId()))
                        .toList());
            }
            done.accept(new Invocation(
                    running.requestId(), answer.result(), running.messageIds(), answer.givenBack(), answer.reason()));
        } finally {
            if (running.isReusable()) {
                environments.giveBack(running.environment());
            } else {
                running.environment().throwAway();
            }
            free.release();
        }
    }

    /** Waits for the invocations under way, at most so long as one can take; no more may be reserved. */
    boolean close() throws InterruptedException {
        Duration longest = INIT_LIMIT.plus(options.functionTimeout()).plusSeconds(30);
        boolean ended = free.tryAcquire(options.maximumConcurrency(), longest.toNanos(), TimeUnit.NANOSECONDS);
        environments.close();
        return ended;
    }
}
