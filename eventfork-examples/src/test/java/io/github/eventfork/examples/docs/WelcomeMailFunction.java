package io.github.eventfork.examples.docs;

import io.github.eventfork.lambda.ForkFunction;
import jakarta.mail.Session;

/** The fourth fork in Lambda. */
public final class WelcomeMailFunction extends ForkFunction {

    /** What Lambda calls, once for each environment. */
    public WelcomeMailFunction() {
        super(WelcomeMail.fork(Session.getInstance(System.getProperties())));
    }
}
