package io.github.eventfork.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The layer in which SNS sends copies in any order, and twice. Keeps nothing itself. */
final class FaultyCopies implements CopySender {
    private final Account account;
    private final Faults faults;
    private final CopySender next;

    FaultyCopies(Account account, Faults faults, CopySender next) {
        this.account = account;
        this.faults = faults;
        this.next = next;
    }

    @Override
    public List<Undelivered> send(Map<Subscription, List<QueueCopy>> copies) {
        Map<Subscription, List<QueueCopy>> once = new LinkedHashMap<>();
        Map<Subscription, List<QueueCopy>> again = new LinkedHashMap<>();
        copies.forEach((subscription, some) -> {
            String queue = account.queueName(subscription.queueArn());
            List<QueueCopy> ordered = faults.ordered(queue, some);
            once.put(subscription, ordered);
            List<QueueCopy> twice = new ArrayList<>(ordered);
            twice.removeIf(copy -> !faults.sendsTwice(queue));
            if (!twice.isEmpty()) {
                again.put(subscription, twice);
            }
        });
        List<Undelivered> undelivered = new ArrayList<>(next.send(once));
        if (!again.isEmpty()) {
            undelivered.addAll(next.send(again));
        }
        return undelivered;
    }
}
