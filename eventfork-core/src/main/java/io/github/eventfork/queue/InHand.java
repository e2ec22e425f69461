package io.github.eventfork.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.Delivery;
import io.github.eventfork.Dispatcher;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Settles what is in hand: the lease is told before the settler is, so that no renewal undoes a delay, and renewals last
 * until a delete stands. What is done, or copied away, is deleted however long that takes, while its lease can be kept: seen
 * again, it would use up its receives and end as a dead letter.
 *
 * <p><b>Invariant:</b> the watcher was told last of a problem if and only if {@code undeleted} is not empty.
 *
 * <p><b>Ownership:</b> {@code undeleted} belongs to whoever holds this object's monitor; the watcher is told within it.
 */
final class InHand implements Settler {

    private final Leases leases;
    private final Settler settler;
    private final Consumer<Optional<Throwable>> watcher;

    /** What is in hand still because its delete stays unanswered. */
    @GuardedBy("this")
    private final Set<Delivery> undeleted = new HashSet<>();

    /** @param watcher is told what is wrong with deleting, again and again, and then, empty, that nothing is any more */
    InHand(
            Leases leases,
            MessageQueue queue,
            ForkRuntime runtime,
            KnownFacts facts,
            Consumer<Optional<Throwable>> watcher) {
        this.leases = leases;
        this.settler = new BatchingSettler(queue, runtime, facts, delivery -> error -> goesOn(delivery, error));
        this.watcher = watcher;
    }

    /** Hands what was just received to the dispatcher; {@code over} runs once for each, when its settlement stands. */
    void take(List<Delivery> deliveries, Dispatcher dispatcher, Runnable over) {
        List<CompletionStage<Settlement>> standing = dispatcher.accept(
                deliveries, deliveries.stream().map(leases::begin).toList());
        for (int i = 0; i < deliveries.size(); i++) {
            Delivery delivery = deliveries.get(i);
            standing.get(i).whenComplete((settlement, unknown) -> {
                leases.end(delivery);
                over.run();
            });
        }
    }

    @Override
    public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
        if (settlement instanceof Settlement.GiveBack) {
            return leases.stopRenewing(delivery).thenCompose(quiet -> settler.settle(delivery, settlement));
        }
        leases.settling(delivery);
        return settler.settle(delivery, settlement).whenComplete((standing, unknown) -> answered(delivery));
    }

    private synchronized boolean goesOn(Delivery delivery, Throwable error) {
        if (!leases.holds(delivery)) {
            return false;
        }
        undeleted.add(delivery);
        watcher.accept(Optional.of(error));
        return true;
    }

    private synchronized void answered(Delivery delivery) {
        if (undeleted.remove(delivery) && undeleted.isEmpty()) {
            watcher.accept(Optional.empty());
        }
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
