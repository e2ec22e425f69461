package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;

/** {@link WelcomeMail} in Lambda: handler {@code io.github.eventfork.examples.WelcomeMailFunction}. */
public final class WelcomeMailFunction extends ForkFunction {

    /** What Lambda calls, once for each environment. */
    public WelcomeMailFunction() {
        this(Forks.from(System.getenv(), WelcomeMail::fork));
    }

    private WelcomeMailFunction(Fork fork) {
        this(fork, Functions.settings(fork));
    }

    WelcomeMailFunction(Fork fork, Settings settings) {
        super(fork, settings);
    }
}
