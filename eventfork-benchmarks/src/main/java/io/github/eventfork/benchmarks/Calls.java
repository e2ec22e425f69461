package io.github.eventfork.benchmarks;

import java.util.concurrent.atomic.LongAdder;

/** How many calls a consumer made. Thread-safe. */
final class Calls {

    private final LongAdder receives = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder others = new LongAdder();

    void receive() {
        receives.increment();
    }

    void delete() {
        deletes.increment();
    }

    void other() {
        others.increment();
    }

    /** Of each kind, for each of so many messages. */
    record PerMessage(double receives, double deletes, double others) {}

    /** What was called so far, spread over so many messages; counts anew from here. */
    PerMessage perMessage(long messages) {
        return new PerMessage(
                (double) receives.sumThenReset() / messages,
                (double) deletes.sumThenReset() / messages,
                (double) others.sumThenReset() / messages);
    }
}
