package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Health;
import io.github.eventfork.Health.Status;
import io.github.eventfork.queue.Port.Unanswered;
import io.github.eventfork.queue.WatchedQueue.Call;
import io.github.eventfork.text.LogText;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a poller is: where it is in its life, and what goes wrong meanwhile. Thread-safe.
 *
 * <p><b>Invariant:</b> it is failing exactly while its life is that of a running poller and receiving goes wrong,
 * or a call about what is in hand, or any call has been unanswered for too long; they are told in this order. It is starting
 * while that of a running one has had no answer at all. {@code since} is when what it is doing changed last.
 *
 * <p><b>Ownership:</b> all fields belong to whoever holds this object's monitor; nobody is called within it but the log.
 */
final class PollerHealth {

    private static final Logger log = LoggerFactory.getLogger(Receiver.class);

    private final String fork;
    private final ForkRuntime runtime;
    private final Supplier<Optional<Instant>> lastAnswer;
    private final Supplier<Optional<Unanswered>> overdue;

    /** Never failing and never starting: that follows. */
    @GuardedBy("this")
    private Status life = Status.NEW;

    @GuardedBy("this")
    private Instant since;

    @GuardedBy("this")
    private Optional<String> receiving = Optional.empty();

    /** What the queue leaves unanswered of what is in hand. */
    @GuardedBy("this")
    private final Map<Call, String> unanswered = new EnumMap<>(Call.class);

    /** Which class this process has not, if something waits for it. */
    @GuardedBy("this")
    private Optional<String> classMissing = Optional.empty();

    /** What was wrong with the end. */
    @GuardedBy("this")
    private Optional<String> ending = Optional.empty();

    /**
     * @param lastAnswer when the queue answered last
     * @param overdue the call that should have been answered by now
     */
    PollerHealth(
            String fork,
            ForkRuntime runtime,
            Supplier<Optional<Instant>> lastAnswer,
            Supplier<Optional<Unanswered>> overdue) {
        this.fork = fork;
        this.runtime = runtime;
        this.lastAnswer = lastAnswer;
        this.overdue = overdue;
        this.since = runtime.now();
    }

    synchronized Health now() {
        Optional<Instant> answered = lastAnswer.get();
        Status status = status();
        Optional<Unanswered> waiting = status == Status.RUNNING ? overdue.get() : Optional.empty();
        if (waiting.isPresent()) {
            return new Health(
                    Status.FAILING,
                    runtime.now().minus(waiting.get().age()),
                    waiting.map(call ->
                            call.does() + ": no answer for " + call.age().toSeconds() + " s"),
                    answered);
        }
        return new Health(
                status == Status.RUNNING && answered.isEmpty() ? Status.STARTING : status, since, problem(), answered);
    }

    /** Whether it is to receive, be it that it can or not. */
    synchronized boolean running() {
        return life == Status.RUNNING;
    }

    /** Whether it is closing. */
    synchronized boolean draining() {
        return life == Status.DRAINING;
    }

    /** Its life goes on to {@code next} if it is at one of {@code from}; says whether it did. */
    synchronized boolean become(Status next, Status... from) {
        if (!List.of(from).contains(life)) {
            return false;
        }
        goOn(next);
        return true;
    }

    /** Its life is over; says whether it was not before. */
    synchronized boolean end(Status end, Optional<String> problem) {
        if (life == Status.CLOSED || life == Status.STOPPED) {
            return false;
        }
        ending = problem;
        goOn(end);
        return true;
    }

    /** Receiving, or what comes before it, goes wrong; says whether that matters still. */
    synchronized boolean receivingFailed(String what, @Nullable Throwable error) {
        if (life != Status.RUNNING) {
            return false;
        }
        Status before = status();
        if (receiving.isEmpty()) {
            log.warn("Fork '{}': {}. It is tried again until it succeeds.", fork, text(what, error));
        }
        receiving = Optional.of(text(what, error));
        changedFrom(before);
        return true;
    }

    synchronized void receivingSucceeded() {
        Status before = status();
        receiving = Optional.empty();
        changedFrom(before);
    }

    /** What is in hand waits for a class that this process has not, or nothing does any more. */
    synchronized void classMissing(Optional<String> problem) {
        Status before = status();
        classMissing = problem;
        changedFrom(before);
    }

    /** Calls about what is in hand stay unanswered, because of {@code error}, or because the queue says to try again. */
    synchronized void unanswered(Call call, @Nullable Throwable error) {
        Status before = status();
        String text =
                error == null ? call.does + " failed: it is to be tried again" : text(call.does + " failed", error);
        if (unanswered.put(call, text) == null) {
            log.warn("Fork '{}': {}. It is tried again.", fork, text);
        }
        changedFrom(before);
    }

    /** Nothing of them stays unanswered any more. */
    synchronized void answered(Call call) {
        Status before = status();
        unanswered.remove(call);
        changedFrom(before);
    }

    /** What was wrong with receiving before a pause is not known to be so after it. */
    @GuardedBy("this")
    private void goOn(Status next) {
        life = next;
        receiving = Optional.empty();
        since = runtime.now();
    }

    @GuardedBy("this")
    private void changedFrom(Status before) {
        Status now = status();
        if (now == before) {
            return;
        }
        since = runtime.now();
        if (now == Status.RUNNING) {
            log.info("Fork '{}': nothing goes wrong any more", fork);
        }
    }

    @GuardedBy("this")
    private Status status() {
        return life == Status.RUNNING && problem().isPresent() ? Status.FAILING : life;
    }

    @GuardedBy("this")
    private Optional<String> problem() {
        if (life != Status.RUNNING) {
            return ending;
        }
        if (classMissing.isPresent()) {
            return classMissing;
        }
        return receiving.isPresent() || unanswered.isEmpty()
                ? receiving
                : Optional.of(unanswered.values().iterator().next());
    }

    private static String text(String what, @Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return what + ": " + LogText.escaped(String.valueOf(cause));
    }
}
