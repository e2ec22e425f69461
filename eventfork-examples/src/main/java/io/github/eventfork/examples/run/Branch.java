package io.github.eventfork.examples.run;

import io.github.eventfork.Fork;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.topology.Deployed;
import io.github.eventfork.topology.DeployedFork;
import io.github.eventfork.topology.ForkQueue;
import java.util.Optional;

/** One fork at work: where it stands, what runs it, what it should get and leave behind, and what became of that. */
record Branch(DeployedFork deployed, Worker worker, Expectation expectation, Tally tally, Optional<Traces> traces) {

    /** Starts what runs the fork. Clients and servers stay the caller's. */
    static Branch start(
            Adapter adapter, FanOut fanOut, ForkQueue queue, Deployed topology, LocalAws aws, Clients clients) {
        DeployedFork deployed = topology.fork(queue.fork());
        Tally tally = new Tally();
        Optional<Traces> traces = Optional.ofNullable(
                        fanOut.downstreams().get(queue.fork().name()))
                .map(Traces::new);
        Fork told = queue.pinnedFork(topology.topicArn()).withListener(tally);
        Fork fork = traces.map(told::withListener).orElse(told);
        Worker worker = Worker.start(adapter, fork, fanOut.functions(), deployed, aws, clients);
        return new Branch(deployed, worker, new Expectation(queue.filterPolicy()), tally, traces);
    }

    String name() {
        return deployed.fork();
    }
}
