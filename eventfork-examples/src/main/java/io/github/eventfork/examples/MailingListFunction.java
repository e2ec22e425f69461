package io.github.eventfork.examples;

import io.github.eventfork.lambda.ForkFunction;

/** {@link MailingList} in Lambda: handler {@code io.github.eventfork.examples.MailingListFunction}. */
public final class MailingListFunction extends ForkFunction {

    /** What Lambda calls, once for each environment. */
    public MailingListFunction() {
        super(Forks.mailingList());
    }
}
