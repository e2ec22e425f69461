package io.github.eventfork.examples.run;

import io.github.eventfork.Event;

/** What a fork works with, as far as a run looks whether it adds up. Thread-safe. */
public interface Downstream {

    /** What is left there of an event that was handled; two events that leave the same are there once. */
    String traceOf(Event<?> event);

    /** What is there. */
    Held held();

    /**
     * What a service was asked, and what it has of it.
     *
     * @param calls how often it was called
     * @param refused how many of the calls it did not do
     * @param repeated how many of the calls that it did brought what it had already
     * @param things how many things it holds
     */
    record Held(long calls, long refused, long repeated, long things) {}
}
