package io.github.eventfork.benchmarks;

/** A consumer that runs. */
interface Consuming extends AutoCloseable {

    /** Ends it, and returns when it has ended. */
    @Override
    void close();
}
