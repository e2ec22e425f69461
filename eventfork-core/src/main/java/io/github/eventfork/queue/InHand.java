package io.github.eventfork.queue;

import io.github.eventfork.Delivery;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.engine.Dispatcher;
import io.github.eventfork.engine.KeptLease;
import io.github.eventfork.queue.Port.Received;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settles what is in hand: the lease is told before the settler is, so that no renewal undoes a delay, and renewals last
 * until a delete stands. What is done, or copied away, is deleted however long that takes, while its lease can be kept: seen
 * again, it would use up its receives and end as a dead letter. Thread-safe; it owns no state.
 */
final class InHand implements Settler {

    private static final Settlement HAD_BACK = new Settlement.GiveBack(Duration.ZERO);

    private final WatchedQueue queue;
    private final Leases leases;
    private final Settler settler;

    InHand(WatchedQueue queue, Leases leases, ForkRuntime runtime, KnownFacts facts) {
        this.queue = queue;
        this.leases = leases;
        this.settler = new BatchingSettler(
                queue, runtime, facts, delivery -> () -> leases.holds(delivery), true, leases::stopRenewing);
    }

    /**
     * Hands what was received to the dispatcher.
     *
     * @param hidden for how long the queue hides it from when it was asked for it
     * @param over runs once for each, when its settlement stands; it is told of an error if it is not known what stands
     */
    void take(Received received, Duration hidden, Dispatcher dispatcher, Consumer<@Nullable Throwable> over) {
        List<Delivery> deliveries = received.deliveries();
        List<CompletionStage<Settlement>> standing;
        try {
            queue.begin(deliveries);
            standing = dispatcher.accept(
                    deliveries,
                    deliveries.stream()
                            .map(delivery -> begin(delivery, received.sent(), hidden))
                            .toList());
        } catch (RuntimeException | Error e) {
            deliveries.forEach(delivery -> over(delivery, over, e));
            throw e;
        }
        for (int i = 0; i < deliveries.size(); i++) {
            Delivery delivery = deliveries.get(i);
            standing.get(i).whenComplete((settlement, unknown) -> over(delivery, over, unknown));
        }
    }

    private KeptLease begin(Delivery delivery, long sent, Duration hidden) {
        KeptLease lease = leases.begin(delivery, sent, hidden);
        queue.begin(delivery, lease);
        return lease;
    }

    private void over(Delivery delivery, Consumer<@Nullable Throwable> over, @Nullable Throwable unknown) {
        leases.end(delivery);
        queue.end(delivery);
        over.accept(unknown);
    }

    /** What was to be given back, and whose lease is lost by now, SQS has back already, whatever became of the call. */
    @Override
    public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
        leases.settling(delivery);
        CompletionStage<Settlement> standing = settler.settle(delivery, settlement);
        return settlement instanceof Settlement.Acknowledge
                ? standing
                : standing.exceptionallyCompose(error -> leases.holds(delivery)
                        ? CompletableFuture.failedFuture(error)
                        : CompletableFuture.completedFuture(HAD_BACK));
    }

    @Override
    public OptionalInt maxReceiveCount(Delivery delivery) {
        return settler.maxReceiveCount(delivery);
    }

    @Override
    public CompletionStage<Void> flush() {
        return settler.flush();
    }
}
