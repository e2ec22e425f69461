package io.github.eventfork.queue;

import io.github.eventfork.Delivery;
import io.github.eventfork.Dispatcher;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import java.util.concurrent.CompletionStage;

/**
 * Settles what is in hand: the lease is told before the settler is, so that no renewal undoes a delay, and renewals last
 * until a delete stands.
 */
final class InHand implements Settler {

    private final Leases leases;
    private final Settler settler;

    InHand(Leases leases, Settler settler) {
        this.leases = leases;
        this.settler = settler;
    }

    /** Hands a delivery, just received, to the dispatcher; {@code over} runs once, when its settlement stands. */
    void take(Delivery delivery, Dispatcher dispatcher, Runnable over) {
        dispatcher.accept(delivery, leases.begin(delivery)).whenComplete((settlement, unknown) -> {
            leases.end(delivery);
            over.run();
        });
    }

    @Override
    public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
        if (settlement instanceof Settlement.GiveBack) {
            return leases.stopRenewing(delivery).thenCompose(quiet -> settler.settle(delivery, settlement));
        }
        leases.settling(delivery);
        return settler.settle(delivery, settlement);
    }

    @Override
    public CompletionStage<Void> flush() {
        return settler.flush();
    }
}
