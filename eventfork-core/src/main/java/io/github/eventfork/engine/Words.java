package io.github.eventfork.engine;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * Where listeners are told what is not said on a handler's thread. They may block, and each word waits for the one before it.
 *
 * <p><b>Invariant:</b> a word is among the unsaid from when it is asked for until it has been said, or was refused.
 *
 * <p><b>Ownership:</b> {@code unsaid} is its own; nobody is called under a lock.
 */
final class Words implements Executor {

    private final Executor thread;
    private final ForkRuntime runtime;

    /** When each was asked for; the oldest first, or nearly. */
    private final Queue<Word> unsaid = new ConcurrentLinkedQueue<>();

    private static final class Word {
        final long asked;

        Word(long asked) {
            this.asked = asked;
        }
    }

    /** @param thread runs one after another, in order */
    Words(Executor thread, ForkRuntime runtime) {
        this.thread = thread;
        this.runtime = runtime;
    }

    @Override
    public void execute(Runnable said) {
        Word word = new Word(runtime.nanoTime());
        unsaid.add(word);
        try {
            thread.execute(() -> {
                try {
                    said.run();
                } finally {
                    unsaid.remove(word);
                }
            });
        } catch (Throwable refused) {
            unsaid.remove(word);
            throw refused;
        }
    }

    /** For how long the oldest word has been waiting, or been told; zero if none is. */
    Duration late() {
        Word oldest = unsaid.peek();
        return oldest == null ? Duration.ZERO : Duration.ofNanos(runtime.nanoTime() - oldest.asked);
    }
}
