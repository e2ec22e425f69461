package io.github.eventfork.examples;

import io.github.eventfork.lambda.ForkFunction;

/** {@link Analytics} in Lambda: handler {@code io.github.eventfork.examples.AnalyticsFunction}. */
public final class AnalyticsFunction extends ForkFunction {

    /** What Lambda calls, once for each environment. */
    public AnalyticsFunction() {
        super(Forks.analytics());
    }
}
