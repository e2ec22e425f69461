package io.github.eventfork.examples;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A chat in this process that keeps what was announced, oldest first. Thread-safe. */
public final class InMemoryChat implements Chat {

    private final List<String> announcements = new CopyOnWriteArrayList<>();

    /** A chat in which nothing was said yet. */
    public InMemoryChat() {}

    @Override
    public void announce(String text) {
        announcements.add(text);
    }

    /** What was announced. */
    public List<String> announcements() {
        return List.copyOf(announcements);
    }
}
