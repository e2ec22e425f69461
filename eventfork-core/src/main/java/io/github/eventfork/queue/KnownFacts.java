package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.queue.MessageQueue.Facts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the queue for its facts until it has told them once and they make sense, and then remembers. A queue without a
 * dead-letter queue may get one: it is asked again when somebody wants to know, at most once a minute. Thread-safe.
 */
final class KnownFacts {

    private static final Logger log = LoggerFactory.getLogger(KnownFacts.class);
    private static final Duration ASKED_AGAIN_AFTER = Duration.ofMinutes(1);

    private final MessageQueue queue;
    private final ForkRuntime runtime;

    @GuardedBy("this")
    private boolean askedAhead;

    @GuardedBy("this")
    private long askedAheadAt;

    private volatile @Nullable Told told;

    private record Told(Facts facts, long at) {}

    KnownFacts(MessageQueue queue, ForkRuntime runtime) {
        this.queue = queue;
        this.runtime = runtime;
    }

    CompletionStage<Facts> get() {
        Told last = told;
        if (last != null && !stale(last)) {
            return CompletableFuture.completedFuture(last.facts);
        }
        return PortCall.of(queue::facts).thenApply(this::checked);
    }

    /** What was told last, if anything was; where that is nothing, or old, it is asked for, so that it is known later. */
    Optional<Facts> last() {
        Told last = told;
        if ((last == null || stale(last)) && mayAskAhead()) {
            get().whenComplete((facts, error) -> {
                if (error != null) {
                    log.debug("A queue could not be asked for its attributes ahead of need", error);
                }
            });
        }
        return Optional.ofNullable(last).map(Told::facts);
    }

    /** At most once a minute, whatever comes of it. */
    private synchronized boolean mayAskAhead() {
        long now = runtime.nanoTime();
        if (askedAhead && now - askedAheadAt < ASKED_AGAIN_AFTER.toNanos()) {
            return false;
        }
        askedAhead = true;
        askedAheadAt = now;
        return true;
    }

    private boolean stale(Told last) {
        return last.facts.deadLetterQueue().isEmpty() && runtime.nanoTime() - last.at >= ASKED_AGAIN_AFTER.toNanos();
    }

    private Facts checked(Facts facts) {
        if (facts.visibilityTimeout().isZero()) {
            throw new IllegalStateException("the visibility timeout of queue '" + facts.name()
                    + "' is 0, so each message would be received again at once; set it to what a handler may take");
        }
        told = new Told(facts, runtime.nanoTime());
        return facts;
    }
}
