package io.github.eventfork.examples;

import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;

/** Tells the team's chat who signed up. Said twice it would be noise, so this fork needs its idempotency key most. */
final class ChatNotifications implements EventHandler<Signup> {

    private final Chat chat;

    ChatNotifications(Chat chat) {
        this.chat = chat;
    }

    @Override
    public void handle(Event<Signup> event) {
        chat.announce(event.payload().name() + " signed up");
    }
}
