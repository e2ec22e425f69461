package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;

/** {@link Analytics} in Lambda: handler {@code io.github.eventfork.examples.AnalyticsFunction}. */
public final class AnalyticsFunction extends ForkFunction {

    /** What Lambda calls, once for each environment. */
    public AnalyticsFunction() {
        super(Forks.analytics(), Functions.settings());
    }

    AnalyticsFunction(Fork fork, Settings settings) {
        super(fork, settings);
    }
}
