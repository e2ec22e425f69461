package io.github.eventfork.testkit;

import io.github.eventfork.Fork;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What both kinds of harness are built on: time, a queue with its dead-letter queue, a fork that is listened to. */
final class Setup {

    private final Fork fork;
    private @Nullable VirtualRuntime time;
    private boolean onThreads;
    private boolean fifo;
    private boolean deadLetterQueue = true;
    private @Nullable Long seed;
    private int maxReceiveCount;
    private Duration visibilityTimeout;
    private Duration roundTrip = Duration.ZERO;
    private @Nullable ForkHarness other;

    /** The last option that was chosen for a queue and a time of its own. */
    private @Nullable String chosen;

    /** What is built of it. */
    record Built(VirtualRuntime runtime, InMemoryQueue queue, Timeline timeline, Fork fork) {}

    Setup(Fork fork, Duration visibilityTimeout) {
        this.fork = fork;
        this.maxReceiveCount = fork.retry().attempts();
        this.visibilityTimeout = visibilityTimeout;
    }

    void beside(ForkHarness other) {
        this.other = other;
    }

    void time(VirtualRuntime time) {
        chosen = "time(..)";
        this.time = time;
    }

    void handlersOnThreads() {
        chosen = "handlersOnThreads()";
        onThreads = true;
    }

    void fifo() {
        chosen = "fifo()";
        fifo = true;
    }

    void withoutDeadLetterQueue() {
        chosen = "withoutDeadLetterQueue()";
        deadLetterQueue = false;
    }

    void seed(long seed) {
        chosen = "seed(..)";
        this.seed = seed;
    }

    void maxReceiveCount(int count) {
        chosen = "maxReceiveCount(..)";
        this.maxReceiveCount = count;
    }

    void visibilityTimeout(Duration timeout) {
        chosen = "visibilityTimeout(..)";
        this.visibilityTimeout = timeout;
    }

    void roundTrip(Duration time) {
        chosen = "roundTrip(..)";
        this.roundTrip = time;
    }

    Built build() {
        return other == null ? alone() : beside(other, chosen);
    }

    private Built beside(ForkHarness other, @Nullable String chosen) {
        if (chosen != null) {
            throw new IllegalStateException("beside(..) shares the queue and the time of another harness, which "
                    + chosen + " is about: say it there");
        }
        return new Built(
                other.time(),
                other.queue(),
                other.timeline(),
                fork.withListener(other.timeline().listener(fork)));
    }

    private Built alone() {
        VirtualRuntime runtime = runtime();
        InMemoryQueue queue = queue(runtime);
        Timeline timeline = new Timeline(runtime);
        queue.log().observe(timeline::add);
        return new Built(runtime, queue, timeline, fork.withListener(timeline.listener(fork)));
    }

    private VirtualRuntime runtime() {
        if (time == null) {
            long chance = seed == null ? 1 : seed;
            return onThreads ? VirtualRuntime.handlersOnThreads(chance) : VirtualRuntime.seeded(chance);
        }
        if (onThreads || seed != null) {
            throw new IllegalStateException("a runtime is given by time(..), and seed(..) or handlersOnThreads() too:"
                    + " let it be made by VirtualRuntime.seeded(..) or VirtualRuntime.handlersOnThreads(..)");
        }
        return time;
    }

    private InMemoryQueue queue(VirtualRuntime runtime) {
        String kind = fifo ? ".fifo" : "";
        InMemoryQueue.Builder queue = InMemoryQueue.named(fork.name() + kind, runtime)
                .visibilityTimeout(visibilityTimeout)
                .roundTrip(roundTrip);
        if (deadLetterQueue) {
            queue.deadLetterQueue(
                    InMemoryQueue.named(fork.name() + "-dlq" + kind, runtime).build(), maxReceiveCount);
        }
        return queue.build();
    }
}
