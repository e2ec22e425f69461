package io.github.eventfork.examples.run;

import io.github.eventfork.Event;
import java.util.List;

/** What a fork works with, as far as a run looks whether it adds up. Thread-safe. */
public interface Downstream {

    /** What is left there of an event that was handled. */
    Trace traceOf(Event<?> event);

    /** What is there. */
    Held held();

    /**
     * Something that is left there.
     *
     * @param cause events with the same cause leave it once
     * @param thing as it is found among the {@link Held#things}
     */
    record Trace(String cause, String thing) {}

    /**
     * What a service was asked, and what it has of it.
     *
     * @param calls how often it was called
     * @param refused how many of the calls it did not do
     * @param repeated how many of the calls that it did brought what it had already
     * @param things what it holds, in any order; what is there twice stands there twice
     */
    record Held(long calls, long refused, long repeated, List<String> things) {

        /** Copies the list. */
        public Held {
            things = List.copyOf(things);
        }
    }
}
