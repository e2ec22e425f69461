package io.github.eventfork.examples;

import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;
import java.io.IOException;

/**
 * Tells the team's chat who signed up. A chat says twice what it is told twice, so this fork needs its idempotency key; if an
 * answer is lost on its way, nobody knows whether it was said, and it is said again.
 */
final class ChatNotifications implements EventHandler<Signup> {

    private final Chat chat;

    ChatNotifications(Chat chat) {
        this.chat = chat;
    }

    @Override
    public void handle(Event<Signup> event) throws IOException, InterruptedException {
        chat.announce(text(event.payload()));
    }

    static String text(Signup signup) {
        return signup.name() + " signed up";
    }
}
