package io.github.eventfork.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.text.LogText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits in hand because this process has not the classes for it: a fault of the process, of which no message knows.
 *
 * <p><b>Invariant:</b> whoever watches has been told last what the first of those that wait now misses, or that none does.
 * {@code mayReceive} is false exactly while one waits that did not get as far as its handler, and nothing has ever got through:
 * what is received then would use up a receive for nothing. Once something has, one message that meets with a gap must not keep
 * all others out.
 *
 * <p><b>Ownership:</b> the fields belong to whoever holds this object's monitor; {@code any}, {@code gotThrough} and
 * {@code mayReceive} are read without it. Whoever watches is told within it, so that what was told last is true, and must only take note.
 */
final class MissingClasses {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private final String fork;
    private final Consumer<Optional<String>> watcher;

    /** In the order in which they came to wait. */
    @GuardedBy("this")
    private final Map<Work, Missing> waiting = new LinkedHashMap<>();

    @GuardedBy("this")
    private Optional<String> told = Optional.empty();

    private volatile boolean any;
    private volatile boolean gotThrough;
    private volatile boolean mayReceive = true;

    /**
     * Why a try could not run, or failed.
     *
     * @param ran whether it got as far as its handler
     */
    record Missing(LinkageError error, boolean ran) {

        /** For people: names the class or the member, and says what to do. */
        String text() {
            return "a class is missing or does not fit: " + LogText.of(error.toString())
                    + ". Compare the class path with the least versions that the README names, and deploy again.";
        }
    }

    MissingClasses(String fork, Consumer<Optional<String>> watcher) {
        this.fork = fork;
        this.watcher = watcher;
    }

    /** Whether what is received could be read, as far as is known. */
    boolean mayReceive() {
        return mayReceive;
    }

    /** {@code work} is to wait for what it missed in its last try. */
    synchronized void begin(Work work, Missing missing) {
        if (waiting.isEmpty()) {
            Errors.logged(() -> log.error("Fork '{}' waits: {}", fork, missing.text(), missing.error()));
        }
        waiting.put(work, missing);
        changed();
    }

    /** A handler has returned: this process has the classes that most of it needs. */
    void gotThrough() {
        if (!gotThrough) {
            synchronized (this) {
                gotThrough = true;
                changed();
            }
        }
    }

    /** {@code work} got through, or is in hand no longer. */
    void end(Work work) {
        if (any) {
            ended(work);
        }
    }

    private synchronized void ended(Work work) {
        if (waiting.remove(work) == null) {
            return;
        }
        changed();
        if (waiting.isEmpty()) {
            log.info("Fork '{}': nothing waits for a class any more", fork);
        }
    }

    @GuardedBy("this")
    private void changed() {
        any = !waiting.isEmpty();
        mayReceive = gotThrough || waiting.values().stream().allMatch(Missing::ran);
        Optional<String> problem = waiting.values().stream().map(Missing::text).findFirst();
        if (!problem.equals(told)) {
            told = problem;
            watcher.accept(problem);
        }
    }
}
