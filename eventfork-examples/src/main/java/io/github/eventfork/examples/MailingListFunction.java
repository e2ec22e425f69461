package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;

/** {@link MailingList} in Lambda: handler {@code io.github.eventfork.examples.MailingListFunction}. */
public final class MailingListFunction extends ForkFunction {

    /** What Lambda calls, once for each environment. */
    public MailingListFunction() {
        super(Forks.mailingList(), Functions.settings());
    }

    MailingListFunction(Fork fork, Settings settings) {
        super(fork, settings);
    }
}
