package io.github.eventfork.engine;

import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all listeners of a fork; what one throws is logged and dropped, and the next is told. They may block: what is not
 * said on a handler's thread is said by {@code words}, one word after another, in order.
 */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(ForkListener.class);

    private final String fork;
    private final List<ForkListener> all;
    private final Executor words;

    Listeners(String fork, List<ForkListener> all, Executor words) {
        this.fork = fork;
        this.all = all;
        this.words = words;
    }

    /** The open scopes of one run; closing closes the last opened first. */
    ForkListener.Scope started(Event<?> event) {
        if (all.isEmpty()) {
            return ForkListener.Scope.NONE;
        }
        Deque<ForkListener.Scope> open = new ArrayDeque<>(all.size());
        tell(listener -> open.push(listener.started(event)));
        return outcome -> {
            for (ForkListener.Scope scope : open) {
                guarded(() -> scope.close(outcome));
            }
        };
    }

    /** On the thread of the handler that ran. */
    void finished(Delivery delivery, Outcome outcome) {
        tell(listener -> listener.finished(delivery, outcome));
    }

    void finishedUnrun(Delivery delivery, Outcome outcome) {
        say(listener -> listener.finished(delivery, outcome));
    }

    /** Whatever listeners make of it, {@code told} runs after that; at once where nobody listens. */
    void settled(Delivery delivery, Settlement settlement, Runnable told) {
        if (all.isEmpty()) {
            told.run();
            return;
        }
        boolean said = say(() -> {
            try {
                tell(listener -> listener.settled(delivery, settlement));
            } finally {
                told.run();
            }
        });
        if (!said) {
            told.run();
        }
    }

    void leaseLost(Delivery delivery) {
        say(listener -> listener.leaseLost(delivery));
    }

    void claimLost(Delivery delivery) {
        say(listener -> listener.claimLost(delivery));
    }

    /** Runs {@code task} when all has been said that was to be said so far; at once where nobody listens. */
    void afterAllSaid(Runnable task) {
        if (all.isEmpty() || !say(task)) {
            task.run();
        }
    }

    private void say(Consumer<ForkListener> word) {
        if (!all.isEmpty()) {
            say(() -> tell(word));
        }
    }

    /** Whether it is said, or will be. */
    private boolean say(Runnable word) {
        try {
            words.execute(word);
            return true;
        } catch (RuntimeException e) {
            log.warn("Fork '{}': its listeners could not be told: no thread was to be had", fork, e);
            return false;
        }
    }

    private void tell(Consumer<ForkListener> word) {
        for (ForkListener listener : all) {
            guarded(() -> word.accept(listener));
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            Errors.rethrowFatal(e);
            log.warn("Fork '{}': a listener threw; it is ignored", fork, e);
        }
    }
}
