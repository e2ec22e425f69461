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
 * What the queue told of itself last, if it made sense. It may be changed at any time, so it is asked again by whoever needs
 * to know now, and ahead of need when what it told is five minutes old. Thread-safe.
 *
 * <p><b>Invariant:</b> at most one question is on its way; whoever asks meanwhile gets its answer.
 *
 * <p><b>Ownership:</b> {@code asking} and the times belong to whoever holds this object's monitor; the queue is asked, and
 * answers are given, without it.
 */
final class KnownFacts {

    private static final Logger log = LoggerFactory.getLogger(KnownFacts.class);
    private static final Duration OLD_AFTER = Duration.ofMinutes(5);

    /** While nothing is known. */
    private static final Duration ASKED_AGAIN_AFTER = Duration.ofMinutes(1);

    private final MessageQueue queue;
    private final ForkRuntime runtime;
    private final Optional<Duration> visibilityTimeout;

    @GuardedBy("this")
    private @Nullable CompletableFuture<Facts> asking;

    @GuardedBy("this")
    private boolean asked;

    @GuardedBy("this")
    private long askedAt;

    private volatile @Nullable Told told;

    /** What it told, and when. */
    private record Told(Facts facts, long at) {}

    /** @param visibilityTimeout what counts instead of the queue's own, if anything does */
    KnownFacts(MessageQueue queue, ForkRuntime runtime, Optional<Duration> visibilityTimeout) {
        this.queue = queue;
        this.runtime = runtime;
        this.visibilityTimeout = visibilityTimeout;
    }

    /** Asks the queue, or joins whoever is asking it. */
    CompletionStage<Facts> now() {
        CompletableFuture<Facts> answer = new CompletableFuture<>();
        synchronized (this) {
            if (asking != null) {
                return asking;
            }
            asking = answer;
            asked = true;
            askedAt = runtime.nanoTime();
        }
        queue.facts().thenApply(this::checked).whenComplete((facts, error) -> {
            synchronized (this) {
                asking = null;
            }
            if (error == null) {
                answer.complete(facts);
            } else {
                answer.completeExceptionally(error);
            }
        });
        return answer;
    }

    /** What was told, if that was not longer ago than {@code age}; else the same as {@link #now()}. */
    CompletionStage<Facts> now(Duration age) {
        Told last = told;
        return last != null && runtime.nanoTime() - last.at <= age.toNanos()
                ? CompletableFuture.completedFuture(last.facts)
                : now();
    }

    /** What was told last, if anything was; where that is nothing, or old, it is asked for, so that it is known later. */
    Optional<Facts> last() {
        if (mayAskAhead()) {
            now().whenComplete((facts, error) -> {
                if (error != null) {
                    log.debug("A queue could not be asked for its attributes ahead of need", error);
                }
            });
        }
        return known();
    }

    /** What was told last, if anything was; nobody is asked. */
    Optional<Facts> known() {
        return Optional.ofNullable(told).map(Told::facts);
    }

    private synchronized boolean mayAskAhead() {
        Duration pause = told == null ? ASKED_AGAIN_AFTER : OLD_AFTER;
        return !asked || runtime.nanoTime() - askedAt >= pause.toNanos();
    }

    private Facts checked(Facts facts) {
        if (visibilityTimeout.isEmpty() && facts.visibilityTimeout().isZero()) {
            throw new IllegalStateException("the visibility timeout of queue '" + facts.name()
                    + "' is 0, so each message would be received again at once; set it to what a handler may take, or give"
                    + " the poller a visibilityTimeout(..)");
        }
        Facts ours = new Facts(
                facts.name(),
                visibilityTimeout.orElse(facts.visibilityTimeout()),
                facts.maxReceiveCount(),
                facts.deadLetterQueue());
        told = new Told(ours, runtime.nanoTime());
        return ours;
    }
}
