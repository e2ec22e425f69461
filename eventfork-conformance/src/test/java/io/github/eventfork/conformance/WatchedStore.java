package io.github.eventfork.conformance;

import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory of which a test sees each call, and which goes wrong as the test likes.
 *
 * <p><b>Ownership:</b> what it notes belongs to whoever holds this object's monitor; no hook and no store is called under it.
 */
final class WatchedStore implements IdempotencyStore {

    private final IdempotencyStore store;
    private final List<Asked> asked = new ArrayList<>();
    private final Map<Call, Hook> hooks = new EnumMap<>(Call.class);
    private @Nullable Supplier<Claim> answer;
    private final Set<Call> refused = EnumSet.noneOf(Call.class);

    enum Call {
        CLAIM,
        RENEW,
        COMPLETE,
        RELEASE
    }

    /** A call, the time that it was given, of a release zero, and who made it. */
    record Asked(Call call, String key, Duration time, Thread thread) {}

    /** What happens first when a call comes; what it throws is the store's answer. */
    interface Hook {
        void run() throws InterruptedException;
    }

    /** Time is that of {@code nanoTime}. */
    WatchedStore(LongSupplier nanoTime) {
        this(new InMemoryIdempotencyStore(10_000, nanoTime));
    }

    WatchedStore(IdempotencyStore store) {
        this.store = store;
    }

    /** Runs {@code hook} at each call of this kind. */
    synchronized WatchedStore at(Call call, Hook hook) {
        hooks.put(call, hook);
        return this;
    }

    /** Calls of these kinds fail until {@link #up()}. */
    WatchedStore down(Call... calls) {
        for (Call call : calls) {
            at(call, () -> {
                throw new IllegalStateException("the store is down (a fault of the test)");
            });
        }
        return this;
    }

    /** All calls fail until {@link #up()}. */
    WatchedStore down() {
        return down(Call.values());
    }

    /** Nothing goes wrong any more. */
    synchronized void up() {
        hooks.clear();
        refused.clear();
        answer = null;
    }

    /** Calls of this kind change nothing and are answered as if by a token that is no longer the holder's. */
    synchronized WatchedStore refusing(Call call) {
        refused.add(call);
        return this;
    }

    /** Claims are answered by this and change nothing, until {@link #up()}. */
    synchronized WatchedStore answering(Supplier<Claim> answer) {
        this.answer = answer;
        return this;
    }

    private synchronized Supplier<Claim> answer(Supplier<Claim> otherwise) {
        return answer == null ? otherwise : answer;
    }

    synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<Call> calls() {
        return asked().stream().map(Asked::call).toList();
    }

    int count(Call call) {
        return (int) calls().stream().filter(call::equals).count();
    }

    @Override
    public Claim claim(String key, Duration hold) {
        begin(Call.CLAIM, key, hold);
        return answer(() -> store.claim(key, hold)).get();
    }

    @Override
    public boolean renew(String key, String token, Duration hold) {
        return begin(Call.RENEW, key, hold) && store.renew(key, token, hold);
    }

    @Override
    public boolean complete(String key, String token, Duration rememberFor) {
        return begin(Call.COMPLETE, key, rememberFor) && store.complete(key, token, rememberFor);
    }

    @Override
    public boolean release(String key, String token) {
        return begin(Call.RELEASE, key, Duration.ZERO) && store.release(key, token);
    }

    /** Whether the call is not to be refused. */
    private boolean begin(Call call, String key, Duration time) {
        Hook hook;
        boolean granted;
        synchronized (this) {
            asked.add(new Asked(call, key, time, Thread.currentThread()));
            hook = hooks.getOrDefault(call, () -> {});
            granted = !refused.contains(call);
        }
        try {
            hook.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return granted;
    }
}
