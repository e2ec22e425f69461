package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.Delivery;
import io.github.eventfork.engine.KeptLease;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A queue of which the poller's health knows what it leaves unanswered: deletes, visibility timeouts, and copies to the
 * dead-letter queue, of what is in hand.
 *
 * <p><b>Invariant:</b> a receipt is noted for a call from when it failed, or was to be tried again, until it is answered
 * or its delivery is in hand no more. Health is told of a call exactly while something is noted for it.
 *
 * <p><b>Ownership:</b> the collections belong to whoever holds this object's monitor. Health is told within it, so that
 * it hears in order; the queue is called, and callers are answered, without it.
 */
final class WatchedQueue implements MessageQueue {

    private final Port queue;
    private final PollerHealth health;
    private final Consumer<VirtualMachineError> broken;

    /** Their leases by their receipts, as far as they are known. */
    @GuardedBy("this")
    private final Map<String, Optional<KeptLease>> inHand = new HashMap<>();

    @GuardedBy("this")
    private final Map<Call, Set<String>> unanswered = new EnumMap<>(Call.class);

    /** The calls about what is in hand. */
    enum Call {
        DELETE("deleting what is done"),
        CHANGE_VISIBILITY("changing visibility timeouts"),
        DEAD_LETTER("copying to the dead-letter queue");

        final String does;

        Call(String does) {
            this.does = does;
        }
    }

    /** @param broken is told of an error that no process survives, if a call ends in one */
    WatchedQueue(Port queue, PollerHealth health, Consumer<VirtualMachineError> broken) {
        this.queue = queue;
        this.health = health;
        this.broken = broken;
    }

    /** They are in hand from now on. */
    synchronized void begin(List<Delivery> deliveries) {
        deliveries.forEach(delivery -> inHand.put(delivery.receipt(), Optional.empty()));
    }

    /** It is in hand by this lease. */
    synchronized void begin(Delivery delivery, KeptLease lease) {
        inHand.computeIfPresent(delivery.receipt(), (receipt, unknown) -> Optional.of(lease));
    }

    /** It is in hand no more: what was unanswered of it is nobody's concern. */
    synchronized void end(Delivery delivery) {
        inHand.remove(delivery.receipt());
        for (Map.Entry<Call, Set<String>> call : unanswered.entrySet()) {
            if (call.getValue().remove(delivery.receipt()) && call.getValue().isEmpty()) {
                health.answered(call.getKey());
            }
        }
    }

    @Override
    public CompletionStage<Facts> facts() {
        return queue.facts();
    }

    @Override
    public CompletionStage<List<Delivery>> receive(Receive asked) {
        return queue.receive(asked);
    }

    @Override
    public CompletionStage<List<Entry>> delete(List<String> receipts) {
        return watched(Call.DELETE, receipts, () -> queue.delete(receipts));
    }

    @Override
    public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
        List<String> receipts = changes.stream().map(Change::receipt).toList();
        return watched(
                Call.CHANGE_VISIBILITY,
                receipts,
                () -> queue.changeVisibility(changes, change -> isOurs(change.receipt())));
    }

    /**
     * Not once its lease is lost, be it told or not: a change by a dead receipt would be made to whoever has the message, and a
     * copy would be one of what another may be doing.
     */
    private boolean isOurs(String receipt) {
        Optional<KeptLease> lease;
        synchronized (this) {
            if (!inHand.containsKey(receipt)) {
                return false;
            }
            lease = inHand.get(receipt);
        }
        return lease.isEmpty() || !lease.get().lost();
    }

    @Override
    public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
        List<String> receipts =
                copies.stream().map(copy -> copy.delivery().receipt()).toList();
        return watched(
                Call.DEAD_LETTER,
                receipts,
                () -> queue.deadLetter(copies, copy -> isOurs(copy.delivery().receipt())));
    }

    /** Notes what comes of it before the caller hears of it, who may be done with the delivery then. */
    private CompletionStage<List<Entry>> watched(
            Call call, List<String> receipts, Supplier<CompletionStage<List<Entry>>> made) {
        CompletableFuture<List<Entry>> answer = new CompletableFuture<>();
        made.get().whenComplete((entries, error) -> {
            try {
                note(call, receipts, entries == null ? List.of() : entries, error);
                Port.fatal(error).ifPresent(broken);
            } finally {
                if (error == null) {
                    answer.complete(entries);
                } else {
                    answer.completeExceptionally(error);
                }
            }
        });
        return answer;
    }

    private synchronized void note(Call call, List<String> receipts, List<Entry> entries, @Nullable Throwable error) {
        Set<String> noted = unanswered.computeIfAbsent(call, first -> new HashSet<>());
        boolean before = !noted.isEmpty();
        boolean more = false;
        for (int i = 0; i < receipts.size(); i++) {
            boolean answered = i < entries.size() && entries.get(i) != Entry.RETRIABLE;
            if (answered) {
                noted.remove(receipts.get(i));
            } else if (inHand.containsKey(receipts.get(i))) {
                more = true;
                noted.add(receipts.get(i));
            }
        }
        if (more) {
            health.unanswered(call, error);
        } else if (before && noted.isEmpty()) {
            health.answered(call);
        }
    }
}
