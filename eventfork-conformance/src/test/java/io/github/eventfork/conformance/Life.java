package io.github.eventfork.conformance;

import io.github.eventfork.Delivery;
import io.github.eventfork.EventHandler;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.queue.MessageQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The life of one process, which ends at its nth contact with the outside: a call on its way to queue or store, its answer
 * on the way back, a handler's effect. From then on nothing of the process gets out, and nothing gets in; so whatever it
 * still does in memory is as if it had not been. A crash between two contacts can't be told from one at the second of them:
 * to die at each is to die at every instruction.
 */
final class Life {

    private final int death;
    private int contacts;

    private Life(int death) {
        this.death = death;
    }

    static Life endless() {
        return new Life(Integer.MAX_VALUE);
    }

    /** A life that ends when it should make its contact of this number, from 1. */
    static Life endingAt(int contact) {
        return new Life(contact);
    }

    /** Makes the next contact, and says whether it came about. */
    synchronized boolean contact() {
        if (!over()) {
            contacts++;
        }
        return !over();
    }

    synchronized boolean over() {
        return contacts >= death;
    }

    /** The handler, of which each run is two contacts: it dies before its effect or after it. */
    <T> EventHandler<T> of(EventHandler<T> handler) {
        return event -> {
            if (contact()) {
                handler.handle(event);
                contact();
            }
        };
    }

    /** The queue as the process reaches it. */
    MessageQueue of(MessageQueue queue) {
        return new MessageQueue() {
            @Override
            public CompletionStage<Facts> facts() {
                return call(queue::facts);
            }

            @Override
            public CompletionStage<List<Delivery>> receive(Receive asked) {
                return call(() -> queue.receive(asked));
            }

            @Override
            public CompletionStage<List<Entry>> delete(List<String> receipts) {
                return call(() -> queue.delete(receipts));
            }

            @Override
            public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
                return call(() -> queue.changeVisibility(changes));
            }

            @Override
            public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
                return call(() -> queue.deadLetter(copies));
            }
        };
    }

    /** The store as the process reaches it; who is dead hears of a failure, which changes nothing. */
    IdempotencyStore of(IdempotencyStore store) {
        return new IdempotencyStore() {
            @Override
            public Claim claim(String key, Duration hold) {
                return ask(() -> store.claim(key, hold));
            }

            @Override
            public boolean renew(String key, String token, Duration hold) {
                return ask(() -> store.renew(key, token, hold));
            }

            @Override
            public boolean complete(String key, String token, Duration rememberFor) {
                return ask(() -> store.complete(key, token, rememberFor));
            }

            @Override
            public boolean release(String key, String token) {
                return ask(() -> store.release(key, token));
            }
        };
    }

    private <T> CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (contact()) {
            call.get().whenComplete((value, error) -> {
                if (!contact()) {
                    return;
                }
                if (error == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(error);
                }
            });
        }
        return answer;
    }

    private <T> T ask(Supplier<T> call) {
        if (contact()) {
            T answer = call.get();
            if (contact()) {
                return answer;
            }
        }
        throw new IllegalStateException("this process is dead");
    }
}
