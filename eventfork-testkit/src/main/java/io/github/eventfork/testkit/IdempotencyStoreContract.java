package io.github.eventfork.testkit;

import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;

/**
 * What every {@link IdempotencyStore} must do, as tests. Needs JUnit.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> keeps_the_contract() {
 *     var time = VirtualRuntime.seeded(1);
 *     return IdempotencyStoreContract.tests(() -> new InMemoryIdempotencyStore(100, time::nanoTime), time::advance)
 *             .stream();
 * }
 * }</pre>
 */
public final class IdempotencyStoreContract {

    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final Duration MEMORY = Duration.ofHours(1);
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final String KEY = "fork#order-1";
    private static final String OTHER_KEY = "fork#order-2";
    private static final int ROUNDS = 50;
    private static final int RACERS = 4;

    private final Supplier<? extends IdempotencyStore> fresh;
    private final Consumer<Duration> passTime;
    private final List<DynamicTest> tests = new ArrayList<>();

    private interface Check {
        void on(IdempotencyStore store) throws Exception;
    }

    private IdempotencyStoreContract(Supplier<? extends IdempotencyStore> fresh, Consumer<Duration> passTime) {
        this.fresh = fresh;
        this.passTime = passTime;
    }

    /**
     * The tests, each on a store of its own.
     *
     * @param fresh makes a store that knows no key
     * @param passTime lets this time pass for the stores; if that is real time, it is waited for: two hours in all, so give
     *     the store a clock
     */
    public static List<DynamicTest> tests(Supplier<? extends IdempotencyStore> fresh, Consumer<Duration> passTime) {
        IdempotencyStoreContract contract = new IdempotencyStoreContract(fresh, passTime);
        contract.claims();
        contract.ends();
        contract.renewals();
        contract.expiredHolders();
        contract.races();
        return List.copyOf(contract.tests);
    }

    private void claims() {
        test("a free key is acquired", store -> acquire(store, KEY));
        test("a held key is in progress for no longer than it is held", store -> {
            acquire(store, KEY);
            passTime.accept(TICK);
            Duration left = inProgress(store.claim(KEY, HOLD));
            require(
                    !left.isNegative() && left.compareTo(HOLD) <= 0 && !left.isZero(),
                    "remaining must be over 0 and at most " + HOLD + ", was " + left);
        });
        test("what remains of a claim gets less", store -> {
            acquire(store, KEY);
            Duration before = inProgress(store.claim(KEY, HOLD));
            passTime.accept(TICK.multipliedBy(2));
            Duration after = inProgress(store.claim(KEY, HOLD));
            require(after.compareTo(before) < 0, "remaining was " + before + " and then " + after);
        });
        test("a claim that is refused does not make the holder's longer", store -> {
            acquire(store, KEY);
            passTime.accept(HOLD.minus(TICK));
            inProgress(store.claim(KEY, HOLD));
            passTime.accept(TICK.multipliedBy(2));
            acquire(store, KEY);
        });
        test("a claim whose time is over goes to the next", store -> {
            acquire(store, KEY);
            passTime.accept(HOLD.plus(TICK));
            acquire(store, KEY);
        });
        test("keys do not know each other", store -> {
            acquire(store, KEY);
            String other = acquire(store, OTHER_KEY);
            require(store.complete(OTHER_KEY, other, MEMORY), "the other key could not be completed");
            inProgress(store.claim(KEY, HOLD));
            completed(store.claim(OTHER_KEY, HOLD));
        });
        test("keys that differ in case, in blanks or beyond ASCII are different", store -> {
            for (String key :
                    List.of("fork#a", "fork#A", "fork#a ", "fork#\u00e4", "fork#a\u0308", "fork#\ud83d\ude00")) {
                acquire(store, key);
            }
        });
        test("a token is of one claim only", store -> {
            String first = acquire(store, KEY);
            require(store.release(KEY, first), "the claim could not be released");
            String second = acquire(store, KEY);
            require(!first.equals(second), "two claims got the token " + first);
        });
    }

    private void ends() {
        test("a completed key is completed for all", store -> {
            require(store.complete(KEY, acquire(store, KEY), MEMORY), "the holder could not complete");
            completed(store.claim(KEY, HOLD));
            completed(store.claim(KEY, HOLD));
        });
        test("a completed key is remembered beyond its claim's time", store -> {
            require(store.complete(KEY, acquire(store, KEY), MEMORY), "the holder could not complete");
            passTime.accept(HOLD.plus(TICK));
            completed(store.claim(KEY, HOLD));
        });
        test("a completed key is free when its time is over", store -> {
            require(store.complete(KEY, acquire(store, KEY), MEMORY), "the holder could not complete");
            passTime.accept(MEMORY.plus(TICK));
            acquire(store, KEY);
        });
        test("a released key is acquired by the next", store -> {
            require(store.release(KEY, acquire(store, KEY)), "the holder could not release");
            acquire(store, KEY);
        });
        test("a completed key can't be released, renewed or completed again", store -> {
            String token = acquire(store, KEY);
            require(store.complete(KEY, token, MEMORY), "the holder could not complete");
            require(!store.release(KEY, token), "it was released");
            require(!store.renew(KEY, token, HOLD), "it was renewed");
            require(!store.complete(KEY, token, MEMORY), "it was completed again");
            completed(store.claim(KEY, HOLD));
        });
        test("a released key can't be released, renewed or completed with its old token", store -> {
            String token = acquire(store, KEY);
            require(store.release(KEY, token), "the holder could not release");
            nothingWorks(store, token);
            acquire(store, KEY);
        });
        test("a key that nobody claimed can't be released, renewed or completed", store -> {
            nothingWorks(store, "no-token");
            acquire(store, KEY);
        });
        test("a token of one key does nothing to another", store -> {
            String token = acquire(store, KEY);
            String other = acquire(store, OTHER_KEY);
            require(!other.equals(token), "two claims got the token " + token);
            nothingWorks(store, other);
            inProgress(store.claim(KEY, HOLD));
        });
    }

    private void renewals() {
        test("a renewed claim is held from the renewal on", store -> {
            String token = acquire(store, KEY);
            passTime.accept(HOLD.minus(TICK));
            require(store.renew(KEY, token, HOLD), "the holder could not renew");
            passTime.accept(HOLD.minus(TICK));
            inProgress(store.claim(KEY, HOLD));
            require(store.complete(KEY, token, MEMORY), "the holder could not complete after renewing");
        });
        test("a renewed claim ends when the renewed time is over", store -> {
            String token = acquire(store, KEY);
            require(store.renew(KEY, token, HOLD), "the holder could not renew");
            passTime.accept(HOLD.plus(TICK));
            acquire(store, KEY);
        });
    }

    private void expiredHolders() {
        expiredHolder("renews nothing", (store, token) -> store.renew(KEY, token, HOLD));
        expiredHolder("completes nothing", (store, token) -> store.complete(KEY, token, MEMORY));
        expiredHolder("releases nothing", (store, token) -> store.release(KEY, token));
    }

    private interface Harm {
        boolean by(IdempotencyStore store, String token);
    }

    private void expiredHolder(String what, Harm harm) {
        test("an expired holder " + what + " of its successor's", store -> {
            String expired = acquire(store, KEY);
            passTime.accept(HOLD.plus(TICK));
            String successor = acquire(store, KEY);
            require(!harm.by(store, expired), "it answered true");
            inProgress(store.claim(KEY, HOLD));
            require(store.complete(KEY, successor, MEMORY), "the successor could not complete");
        });
        test("a holder whose successor is done " + what, store -> {
            String expired = acquire(store, KEY);
            passTime.accept(HOLD.plus(TICK));
            String successor = acquire(store, KEY);
            require(store.complete(KEY, successor, MEMORY), "the successor could not complete");
            require(!harm.by(store, expired), "it answered true");
            completed(store.claim(KEY, HOLD));
        });
        test("an expired holder without a successor " + what, store -> {
            String expired = acquire(store, KEY);
            passTime.accept(HOLD.plus(TICK));
            require(!harm.by(store, expired), "it answered true");
            acquire(store, KEY);
        });
    }

    private void races() {
        test("of threads that race for a key exactly one wins", store -> {
            for (int round = 0; round < ROUNDS; round++) {
                String key = KEY + "-" + round;
                long won = race(() -> store.claim(key, HOLD)).stream()
                        .filter(Claim.Acquired.class::isInstance)
                        .count();
                require(won == 1, won + " of " + RACERS + " threads acquired one key");
            }
        });
        test("of threads that race for an expired key exactly one wins", store -> {
            for (int round = 0; round < ROUNDS; round++) {
                acquire(store, KEY + "-" + round);
            }
            passTime.accept(HOLD.plus(TICK));
            for (int round = 0; round < ROUNDS; round++) {
                String key = KEY + "-" + round;
                long won = race(() -> store.claim(key, HOLD)).stream()
                        .filter(Claim.Acquired.class::isInstance)
                        .count();
                require(won == 1, won + " of " + RACERS + " threads acquired one key");
            }
        });
    }

    // What the checks are written in.

    private void test(String name, Check check) {
        tests.add(DynamicTest.dynamicTest(name, () -> check.on(fresh.get())));
    }

    private static String acquire(IdempotencyStore store, String key) {
        if (store.claim(key, HOLD) instanceof Claim.Acquired acquired) {
            return acquired.token();
        }
        throw new AssertionError("the key should have been free");
    }

    private static Duration inProgress(Claim claim) {
        if (claim instanceof Claim.InProgress inProgress) {
            return inProgress.remaining();
        }
        throw new AssertionError("the key should have been in progress, the answer was "
                + claim.getClass().getSimpleName());
    }

    private static void completed(Claim claim) {
        require(
                claim instanceof Claim.Completed,
                "the key should have been completed, the answer was "
                        + claim.getClass().getSimpleName());
    }

    private static void nothingWorks(IdempotencyStore store, String token) {
        require(!store.renew(KEY, token, HOLD), "it was renewed");
        require(!store.complete(KEY, token, MEMORY), "it was completed");
        require(!store.release(KEY, token), "it was released");
    }

    private static void require(boolean kept, String otherwise) {
        if (!kept) {
            throw new AssertionError(otherwise);
        }
    }

    /** Does {@code task} on several threads as nearly at once as can be, and answers with what each got. */
    private static <T> List<T> race(Callable<T> task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        try {
            CountDownLatch ready = new CountDownLatch(RACERS);
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                running.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return task.call();
                }));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> each : running) {
                answers.add(each.get(30, TimeUnit.SECONDS));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
