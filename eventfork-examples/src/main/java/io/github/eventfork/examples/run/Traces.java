package io.github.eventfork.examples.run;

import io.github.eventfork.Event;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Knows what a fork should have left behind, by listening: a trace of each event that was handled. Thread-safe. */
final class Traces implements ForkListener {

    private final Downstream downstream;

    /** What is left, by its cause. */
    private final Map<String, String> traces = new ConcurrentHashMap<>();

    Traces(Downstream downstream) {
        this.downstream = downstream;
    }

    @Override
    public Scope started(Event<?> event) {
        return outcome -> {
            if (outcome instanceof Outcome.Handled) {
                Downstream.Trace trace = downstream.traceOf(event);
                traces.put(trace.cause(), trace.thing());
            }
        };
    }

    RunResult.Service result(String fork) {
        return new RunResult.Service(fork, List.copyOf(traces.values()), downstream.held());
    }
}
