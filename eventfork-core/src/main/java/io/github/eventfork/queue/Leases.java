package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.engine.Elapsed;
import io.github.eventfork.engine.KeptLease;
import io.github.eventfork.queue.MessageQueue.Change;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the leases of what is in hand: renews each when half of what is left of it is over, in batches, until its settlement
 * stands, a delay is about to be set, or its processing limit is reached; and notices when one runs out. A renewal that is
 * not answered in time is not waited for: another begins, up to three at once.
 *
 * <p><b>Invariant:</b> each delivery in hand is in {@code held}, in the order of receipt, and in {@code due}, by the time
 * at which something must be done about it: a renewal, or, while enough are in flight or none is wanted, its end. While
 * {@code due} is not empty, a timer is set for its first or earlier, and never for longer than 5 s: a machine that was
 * suspended finds then which leases ran out meanwhile.
 *
 * <p><b>Ownership:</b> the collections and the fields of {@link Held} belong to whoever holds this object's monitor. The
 * queue is called and leases are told without it.
 *
 * <p>See <a
 * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html">visibility
 * timeout</a>: 12 h from receipt are the most.
 */
final class Leases {

    private static final Logger log = LoggerFactory.getLogger(Leases.class);
    private static final Duration RETRY_AT_LEAST = Duration.ofMillis(100);
    private static final Duration RETRY_AT_MOST = Duration.ofSeconds(1);
    private static final int BATCH = 10;
    private static final int RENEWALS_AT_ONCE = 3;
    private static final Duration LOOK_AT_LEAST_EACH = Duration.ofSeconds(5);

    private final MessageQueue queue;
    private final ForkRuntime runtime;
    private final Elapsed time;

    /** What a renewal asks for: the queue may be told to hide messages for longer or shorter at any time. */
    private final Supplier<Duration> length;

    private final Consumer<VirtualMachineError> broken;

    @GuardedBy("this")
    private final Map<Delivery, Held> held = new LinkedHashMap<>();

    @GuardedBy("this")
    private final TreeSet<Held> due =
            new TreeSet<>(Comparator.<Held>comparingLong(h -> h.at).thenComparingLong(h -> h.number));

    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private long numbers;

    @GuardedBy("this")
    private long timerAt = Long.MAX_VALUE;

    @GuardedBy("this")
    private ForkRuntime.@Nullable Cancellable timer;

    private static final class Held {
        final Delivery delivery;
        final KeptLease.Keeper keeper;
        final long number;

        /** When something must be done about it, in nanoseconds since the beginning of these leases. */
        long at;

        /** Its settlement has been asked for: a renewal that fails for good says nothing any more. */
        boolean settling;

        boolean renewed = true;

        /** How many renewals are in flight. */
        int renewals;

        /** The shortest that one of them asks for: the queue may come to it last, whatever the others ask for. */
        Duration shortest = Duration.ZERO;

        /** Completed when none is in flight any more, if somebody waits for that. */
        @Nullable
        CompletableFuture<Void> quiet;

        Held(Delivery delivery, KeptLease.Keeper keeper, long number) {
            this.delivery = delivery;
            this.keeper = keeper;
            this.number = number;
        }
    }

    private final long beginning;

    /**
     * @param length how long a renewal makes a lease
     * @param broken is told of an error that no process survives, if one who listens to a lease meets with it
     */
    Leases(
            MessageQueue queue,
            ForkRuntime runtime,
            Elapsed time,
            Supplier<Duration> length,
            Consumer<VirtualMachineError> broken) {
        this.queue = queue;
        this.runtime = runtime;
        this.time = time;
        this.length = length;
        this.broken = broken;
        this.beginning = time.nanos();
    }

    /** Begins the lease of a delivery that the queue hides for {@code hidden} since it was asked for it at {@code sent}. */
    KeptLease begin(Delivery delivery, long sent, Duration hidden) {
        KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, time, sent, hidden);
        synchronized (this) {
            if (!closed && !keeper.lease().lost()) {
                Held held = new Held(delivery, keeper, ++numbers);
                this.held.put(delivery, held);
                doAt(held, now() + keeper.lease().remaining().toNanos() / 2);
                return keeper.lease();
            }
        }
        keeper.lose();
        return keeper.lease();
    }

    /** Its settlement is about to be asked for. */
    synchronized void settling(Delivery delivery) {
        Held held = this.held.get(delivery);
        if (held != null) {
            held.settling = true;
        }
    }

    /** No renewal begins any more, so that none undoes a delay. The stage ends when none is in flight. */
    synchronized CompletionStage<Void> stopRenewing(Delivery delivery) {
        Held held = this.held.get(delivery);
        if (held == null) {
            return CompletableFuture.completedFuture(null);
        }
        held.settling = true;
        held.renewed = false;
        if (held.renewals == 0) {
            return CompletableFuture.completedFuture(null);
        }
        if (held.quiet == null) {
            held.quiet = new CompletableFuture<>();
        }
        return held.quiet;
    }

    /** Its settlement stands: it is not ours any more. */
    synchronized void end(Delivery delivery) {
        Held held = this.held.remove(delivery);
        if (held != null) {
            due.remove(held);
        }
    }

    /** Whether it is held: its lease began, and has neither ended nor been lost. */
    synchronized boolean holds(Delivery delivery) {
        Held one = held.get(delivery);
        return one != null && !one.keeper.lease().lost();
    }

    /** Renews nothing any more: what is still held is lost, and so is what begins from now on. */
    void close() {
        List<Held> rest;
        synchronized (this) {
            closed = true;
            rest = List.copyOf(held.values());
            held.clear();
            due.clear();
            callOff();
        }
        rest.forEach(one -> tell(one.keeper::lose));
    }

    private long now() {
        return time.nanos() - beginning;
    }

    @GuardedBy("this")
    private void doAt(Held held, long at) {
        held.at = at;
        due.add(held);
        if (at < timerAt) {
            lookAt(at);
        }
    }

    @GuardedBy("this")
    private void callOff() {
        if (timer != null) {
            timer.cancel();
        }
    }

    @GuardedBy("this")
    private void lookAt(long at) {
        long now = now();
        timerAt = Math.min(at, now + LOOK_AT_LEAST_EACH.toNanos());
        long timer = timerAt;
        callOff();
        this.timer = runtime.schedule(Duration.ofNanos(Math.max(0, timer - now)), () -> look(timer));
    }

    /** Does what is due. A timer that an earlier one has overtaken does nothing. */
    private void look(long timer) {
        List<Held> lost = new ArrayList<>();
        List<Held> renew = new ArrayList<>();
        synchronized (this) {
            if (timer != timerAt) {
                return;
            }
            timerAt = Long.MAX_VALUE;
            long now = now();
            while (!due.isEmpty() && due.first().at <= now) {
                decide(due.pollFirst(), now, lost, renew);
            }
            fill(now, lost, renew);
            if (!due.isEmpty()) {
                lookAt(due.first().at);
            }
        }
        lost.forEach(one -> tell(one.keeper::lose));
        for (int from = 0; from < renew.size(); from += BATCH) {
            renew(renew.subList(from, Math.min(renew.size(), from + BATCH)));
        }
    }

    @GuardedBy("this")
    private void decide(Held one, long now, List<Held> lost, List<Held> renew) {
        Duration left = one.keeper.lease().remaining();
        if (left.isZero()) {
            held.remove(one.delivery);
            lost.add(one);
            return;
        }
        Duration next = nextLength(one);
        if (renewable(one)) {
            one.renewals++;
            one.shortest = one.renewals == 1 ? next : least(one.shortest, next);
            renew.add(one);
        }
        doAt(one, now + untilNext(one, left, next).toNanos());
    }

    /** Half of what is left, or when half a renewal is: one that would gain nothing yet waits. Else the end. */
    private static Duration untilNext(Held one, Duration left, Duration next) {
        if (!one.renewed || one.renewals == RENEWALS_AT_ONCE || next.isZero()) {
            return left;
        }
        Duration gaining = left.minus(next.dividedBy(2));
        return least(left, most(RETRY_AT_LEAST, most(left.dividedBy(2), gaining)));
    }

    /** The last batch is filled with what would be due soon and is not being renewed, so that few calls are made. */
    @GuardedBy("this")
    private void fill(long now, List<Held> lost, List<Held> renew) {
        int room = (BATCH - renew.size() % BATCH) % BATCH;
        long soon = now + length.get().toNanos() / 10;
        List<Held> more = due.stream()
                .takeWhile(one -> one.at <= soon)
                .filter(one -> one.renewals == 0 && renewable(one))
                .limit(room)
                .toList();
        for (Held one : more) {
            due.remove(one);
            decide(one, now, lost, renew);
        }
    }

    /** Whether a renewal of it would gain time. */
    private boolean renewable(Held one) {
        Duration left = one.keeper.lease().remaining();
        return one.renewed
                && one.renewals < RENEWALS_AT_ONCE
                && !left.isZero()
                && nextLength(one).compareTo(left) > 0;
    }

    private void renew(List<Held> batch) {
        long since = time.nanos();
        List<Duration> lengths = batch.stream().map(this::nextLength).toList();
        List<Change> changes = IntStream.range(0, batch.size())
                .mapToObj(i -> new Change(batch.get(i).delivery.receipt(), lengths.get(i)))
                .toList();
        queue.changeVisibility(changes).whenComplete((entries, error) -> {
            if (error != null) {
                log.debug("Could not renew {} leases; they are tried again", batch.size(), error);
            }
            for (int i = 0; i < batch.size(); i++) {
                Entry entry = entries == null || i >= entries.size() ? Entry.RETRIABLE : entries.get(i);
                renewed(batch.get(i), entry, since, lengths.get(i));
            }
        });
    }

    /** Whole seconds; at the end of the 12 h, what is left of them. */
    private Duration nextLength(Held one) {
        return Duration.ofSeconds(least(one.keeper.keepable(), length.get()).toSeconds());
    }

    private void renewed(Held one, Entry entry, long since, Duration asked) {
        boolean lost;
        CompletableFuture<Void> quiet = null;
        Duration granted;
        synchronized (this) {
            granted = least(asked, one.shortest);
            if (--one.renewals == 0) {
                quiet = one.quiet;
                one.quiet = null;
            }
            lost = entry == Entry.FINAL && !one.settling && held.remove(one.delivery, one);
            if (lost) {
                due.remove(one);
            }
        }
        if (entry == Entry.DONE) {
            tell(() -> one.keeper.extend(since, granted));
        }
        synchronized (this) {
            if (due.remove(one)) {
                doAt(one, now() + wait(one, entry).toNanos());
            }
        }
        if (quiet != null) {
            quiet.complete(null);
        }
        if (lost) {
            tell(one.keeper::lose);
        }
    }

    /** Whoever listens must not keep the next from being told, or a renewal from ending. */
    private void tell(Runnable word) {
        try {
            word.run();
        } catch (VirtualMachineError e) {
            broken.accept(e);
        }
    }

    /** Half of what is left after a renewal that was done; sooner after one that was not, but never so that it spins. */
    private static Duration wait(Held one, Entry entry) {
        Duration left = one.keeper.lease().remaining();
        return switch (entry) {
            case DONE -> left.dividedBy(2);
            case RETRIABLE, FINAL -> least(left, most(RETRY_AT_LEAST, least(RETRY_AT_MOST, left.dividedBy(4))));
        };
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration most(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
