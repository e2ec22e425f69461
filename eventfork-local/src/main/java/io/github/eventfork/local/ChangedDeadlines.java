package io.github.eventfork.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Until when messages of FIFO queues are invisible whose visibility was changed since they were received; of the others
 * their receipts say it.
 *
 * <p><b>Invariant:</b> an entry is kept as long as the receipt, or the entry, would call the receipt valid, deleted or not:
 * until then a second delete succeeds. Spent ones are swept out whenever there are twice as many entries as the last sweep
 * left, and more than {@value #FEW}: so there are never more than {@value #FEW}, or twice as many as there are receipts in
 * their time whose visibility was changed.
 *
 * <p><b>Ownership:</b> the map belongs to whoever holds this object's monitor.
 */
final class ChangedDeadlines {
    private static final int FEW = 1_000;

    private record Deadline(Instant invisibleUntil, Instant keptUntil) {}

    @GuardedBy("this")
    private final Map<String, Deadline> byHandle = new HashMap<>();

    @GuardedBy("this")
    private int sweepAt = FEW;

    synchronized Instant of(Receipt receipt) {
        Deadline changed = byHandle.get(receipt.handle());
        return changed == null ? receipt.invisibleUntil() : changed.invisibleUntil();
    }

    synchronized void change(Receipt receipt, Instant invisibleUntil, Instant now) {
        Instant stated = receipt.invisibleUntil();
        byHandle.put(
                receipt.handle(),
                new Deadline(invisibleUntil, stated.isAfter(invisibleUntil) ? stated : invisibleUntil));
        if (byHandle.size() > sweepAt) {
            byHandle.values().removeIf(deadline -> deadline.keptUntil().isBefore(now));
            sweepAt = Math.max(FEW, 2 * byHandle.size());
        }
    }

    synchronized int size() {
        return byHandle.size();
    }
}
