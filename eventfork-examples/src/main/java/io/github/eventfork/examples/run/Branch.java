package io.github.eventfork.examples.run;

import io.github.eventfork.local.LocalAws;
import io.github.eventfork.topology.DeployedFork;
import io.github.eventfork.topology.ForkQueue;

/** One fork at work: where it stands, what runs it, what it should get and what became of that. */
record Branch(DeployedFork deployed, Worker worker, Expectation expectation, Tally tally) {

    /** Starts what runs the fork. Clients and servers stay the caller's. */
    static Branch start(Adapter adapter, ForkQueue queue, DeployedFork deployed, LocalAws aws, Clients clients) {
        Tally tally = new Tally();
        Worker worker = Worker.start(adapter, queue.fork().withListener(tally), deployed, aws, clients);
        return new Branch(deployed, worker, new Expectation(queue.filterPolicy()), tally);
    }

    String name() {
        return deployed.fork();
    }
}
