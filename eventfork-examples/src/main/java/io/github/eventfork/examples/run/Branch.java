package io.github.eventfork.examples.run;

import io.github.eventfork.Fork;
import io.github.eventfork.poller.SqsPoller;
import io.github.eventfork.topology.DeployedFork;
import io.github.eventfork.topology.ForkQueue;
import java.time.Duration;

/** One fork at work: where it stands, its poller, what it should get and what became of that. */
record Branch(DeployedFork deployed, SqsPoller poller, Expectation expectation, Tally tally) {

    /** So that {@code close()}, which waits for the poll under way, takes a second at most. */
    private static final Duration LONG_POLL = Duration.ofSeconds(1);

    private static final int HANDLERS = 10;

    /** Starts the fork's poller. The client stays the caller's. */
    static Branch start(ForkQueue queue, DeployedFork deployed, Clients clients) {
        Tally tally = new Tally();
        Fork fork = queue.fork().withListener(tally);
        SqsPoller poller = SqsPoller.builder(fork)
                .queue(deployed.queueUrl())
                .client(clients.pollers())
                .concurrency(HANDLERS)
                .longPoll(LONG_POLL)
                .start();
        return new Branch(deployed, poller, new Expectation(queue.filterPolicy()), tally);
    }

    String name() {
        return deployed.fork();
    }
}
