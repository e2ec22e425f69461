package io.github.eventfork;

/**
 * Is told what happens, and changes nothing: for metrics, traces, logs. Thread-safe and quick: it is called on handlers'
 * threads and, for {@link #settled} and {@link #leaseLost}, on threads of the client. What it throws is logged and
 * dropped. It must not close its adapter.
 */
public interface ForkListener {

    /** Around one run of the handler, on its thread. */
    @FunctionalInterface
    interface Scope {

        /** A scope that does nothing. */
        Scope NONE = outcome -> {};

        /** The run is over. Called on the handler's thread; the scope opened last is closed first. */
        void close(Outcome outcome);
    }

    /** A handler is about to run, on this thread. */
    default Scope started(Event<?> event) {
        return Scope.NONE;
    }

    /** A try of a delivery is over, whether the handler ran or not; a delivery tried again is told again. */
    default void finished(Delivery delivery, Outcome outcome) {}

    /** A settlement stands; once for each delivery whose end is known. One whose lease is lost stands as given back. */
    default void settled(Delivery delivery, Settlement settlement) {}

    /** A delivery stopped being ours before its settlement stood. */
    default void leaseLost(Delivery delivery) {}

    /** The claim of a run is no longer ours, or the store could not be told that it is done with; once for each run. */
    default void claimLost(Delivery delivery) {}
}
