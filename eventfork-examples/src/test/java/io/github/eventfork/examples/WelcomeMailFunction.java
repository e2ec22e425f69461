package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;

/** {@link WelcomeMail} in Lambda: handler {@code io.github.eventfork.examples.WelcomeMailFunction}. */
public final class WelcomeMailFunction extends ForkFunction {

    /** What Lambda calls, once for each environment. */
    public WelcomeMailFunction() {
        super(Forks.from(System.getenv(), WelcomeMail::fork), Functions.settings());
    }

    WelcomeMailFunction(Fork fork, Settings settings) {
        super(fork, settings);
    }
}
