package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.engine.Elapsed;
import io.github.eventfork.queue.MessageQueue.Receive;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The receives of one poller, and what became of those whose answer was lost. On a FIFO queue such a one is asked again, once,
 * by its <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html">attempt
 * id</a>, as long as what it may have taken is hidden: else its groups would wait until then.
 *
 * <p><b>Invariant:</b> what a receive took is handed on once: by its answer, by the answer to its next try, or by whoever
 * {@linkplain #takeBack takes it back} because its answer came late and no other try has begun. Of two tries of one id, which
 * bring the same receipts, only the younger counts.
 *
 * <p><b>Ownership:</b> {@code lost} and the attempts' fields belong to whoever holds this object's monitor.
 */
final class Attempts {

    /** For so long a FIFO queue knows an id. */
    private static final Duration KNOWN = Duration.ofMinutes(5);

    private final Elapsed time;
    private final RandomGenerator random;

    @GuardedBy("this")
    private final Set<Attempt> lost = new LinkedHashSet<>();

    /** One try of a receive. */
    static final class Attempt {
        final Receive asked;
        final long begun;
        private final boolean again;
        private boolean over;

        private Attempt(Receive asked, long begun, boolean again) {
            this.asked = asked;
            this.begun = begun;
            this.again = again;
        }

        /** For how long the queue hides what it takes. */
        Duration hides() {
            return asked.visibilityTimeout().orElseThrow();
        }
    }

    Attempts(Elapsed time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /** The next receive for at most {@code most}: one that was lost, or a new one. */
    synchronized Attempt next(int most, Duration longPoll, Duration hides, boolean fifo) {
        long now = time.nanos();
        for (Iterator<Attempt> all = lost.iterator(); all.hasNext(); ) {
            Attempt one = all.next();
            if (!mayBring(one, now)) {
                all.remove();
            } else if (one.asked.most() <= most) {
                all.remove();
                one.over = true;
                return new Attempt(one.asked, now, true);
            }
        }
        Optional<String> id =
                fifo ? Optional.of(new UUID(random.nextLong(), random.nextLong()).toString()) : Optional.empty();
        return new Attempt(new Receive(most, longPoll, Optional.of(hides), id), now, false);
    }

    /** Its answer is lost, or not there in time. What was asked again, and lost again, is left: each try hides it anew from others. */
    synchronized void lost(Attempt attempt) {
        if (attempt.asked.attempt().isPresent() && !attempt.again) {
            lost.add(attempt);
        }
    }

    /**
     * What it took has come late, asked for at {@code sent}: whether it is to be given back. Not if it is hidden from others
     * no more, because its receipts might touch what another has by now, and not if another try is to bring it.
     */
    synchronized boolean takeBack(Attempt attempt, long sent) {
        boolean ours = !attempt.over && stillHides(attempt, sent);
        attempt.over = true;
        lost.remove(attempt);
        return ours;
    }

    /** Whether what it took when it was sent is hidden from others still. */
    boolean stillHides(Attempt attempt, long sent) {
        return time.nanos() - sent < attempt.hides().toNanos();
    }

    private static boolean mayBring(Attempt attempt, long now) {
        long most = Math.min(attempt.hides().toNanos(), KNOWN.toNanos());
        return now - attempt.begun < most;
    }
}
