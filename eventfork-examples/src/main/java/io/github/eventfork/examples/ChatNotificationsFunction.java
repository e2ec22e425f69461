package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;

/** {@link ChatNotifications} in Lambda: handler {@code io.github.eventfork.examples.ChatNotificationsFunction}. */
public final class ChatNotificationsFunction extends ForkFunction {

    /** What Lambda calls, once for each environment. */
    public ChatNotificationsFunction() {
        super(Forks.chatNotifications(), Functions.settings());
    }

    ChatNotificationsFunction(Fork fork, Settings settings) {
        super(fork, settings);
    }
}
