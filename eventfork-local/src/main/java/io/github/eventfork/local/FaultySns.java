package io.github.eventfork.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where calls to SNS go wrong, and what it sends to queues. Keeps nothing itself. */
final class FaultySns {
    private final Account account;
    private final Faults faults;
    private final Pauses pauses;

    FaultySns(Account account, Faults faults, Pauses pauses) {
        this.account = account;
        this.faults = faults;
        this.pauses = pauses;
    }

    /**
     * Answers a call, or lets it go wrong.
     *
     * @throws SnsError if the answer is an error
     * @throws IOException if there is no answer
     */
    XmlWriter answer(QueryRequest request, Breakage.SnsCall call) throws IOException {
        Optional<Fault> fault = faults.draw(request.action());
        return fault.isPresent() ? fault.get().breakage().onSns(call, pauses) : call.answer();
    }

    /** The copies of one publication, in the order in which they are sent. */
    Map<Subscription, List<QueueCopy>> ordered(Map<Subscription, List<QueueCopy>> copies) {
        Map<Subscription, List<QueueCopy>> ordered = new LinkedHashMap<>();
        copies.forEach((to, some) -> ordered.put(to, faults.ordered(queue(to), some)));
        return ordered;
    }

    /** Those of the copies that are sent once more. */
    Map<Subscription, List<QueueCopy>> sentAgain(Map<Subscription, List<QueueCopy>> copies) {
        Map<Subscription, List<QueueCopy>> again = new LinkedHashMap<>();
        copies.forEach((to, some) -> {
            List<QueueCopy> twice = new ArrayList<>(some);
            twice.removeIf(copy -> !faults.sendsTwice(queue(to)));
            if (!twice.isEmpty()) {
                again.put(to, twice);
            }
        });
        return again;
    }

    private String queue(Subscription subscription) {
        return account.queueName(subscription.queueArn());
    }
}
