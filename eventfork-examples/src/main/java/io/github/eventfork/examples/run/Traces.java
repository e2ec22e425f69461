package io.github.eventfork.examples.run;

import io.github.eventfork.Event;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Outcome;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what a fork should have left behind, by listening: a trace of each event that was handled. Thread-safe. */
final class Traces implements ForkListener {

    private final Downstream downstream;
    private final Set<String> traces = ConcurrentHashMap.newKeySet();

    Traces(Downstream downstream) {
        this.downstream = downstream;
    }

    @Override
    public Scope started(Event<?> event) {
        return outcome -> {
            if (outcome instanceof Outcome.Handled) {
                traces.add(downstream.traceOf(event));
            }
        };
    }

    RunResult.Service result(String fork) {
        return new RunResult.Service(fork, traces.size(), downstream.held());
    }
}
