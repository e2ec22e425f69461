package io.github.eventfork.examples.run;

import java.util.Locale;

/** What runs the forks. */
public enum Adapter {
    /** A poller for each, as in any process of one's own. */
    POLLER,
    /** A Lambda function for each, behind an event source mapping. */
    LAMBDA;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
