package io.github.eventfork.testkit;

import io.github.eventfork.Fork;
import java.time.Duration;

/** What both kinds of harness are built on: time, a queue with its dead-letter queue, a fork that is listened to. */
final class Setup {

    private final Fork fork;
    private boolean onThreads;
    private boolean fifo;
    private boolean deadLetterQueue = true;
    private long seed = 1;
    private int maxReceiveCount;
    private Duration visibilityTimeout = Duration.ofSeconds(30);
    private Duration roundTrip = Duration.ZERO;

    /** What is built of it. */
    record Built(VirtualRuntime runtime, InMemoryQueue queue, Timeline timeline, Fork fork) {}

    Setup(Fork fork) {
        this.fork = fork;
        this.maxReceiveCount = fork.retry().attempts();
    }

    void handlersOnThreads() {
        onThreads = true;
    }

    void fifo() {
        fifo = true;
    }

    void withoutDeadLetterQueue() {
        deadLetterQueue = false;
    }

    void seed(long seed) {
        this.seed = seed;
    }

    void maxReceiveCount(int count) {
        this.maxReceiveCount = count;
    }

    void visibilityTimeout(Duration timeout) {
        this.visibilityTimeout = timeout;
    }

    void roundTrip(Duration time) {
        this.roundTrip = time;
    }

    Built build() {
        VirtualRuntime runtime = onThreads ? VirtualRuntime.handlersOnThreads(seed) : VirtualRuntime.seeded(seed);
        InMemoryQueue queue = queue(runtime);
        Timeline timeline = new Timeline(runtime);
        queue.log().observe(timeline::add);
        return new Built(runtime, queue, timeline, fork.withListener(timeline.listener()));
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
