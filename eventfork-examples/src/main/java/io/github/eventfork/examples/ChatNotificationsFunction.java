package io.github.eventfork.examples;

import io.github.eventfork.lambda.ForkFunction;

/** {@link ChatNotifications} in Lambda: handler {@code io.github.eventfork.examples.ChatNotificationsFunction}. */
public final class ChatNotificationsFunction extends ForkFunction {

    /** What Lambda calls, once for each environment. */
    public ChatNotificationsFunction() {
        super(Forks.chatNotifications());
    }
}
