package io.github.eventfork.testkit;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What every {@link IdempotencyStore} must do, as tests. A test is named for the rule, and its failure says what the store
 * answered. Three of them let threads race: what goes wrong only if two meet within nanoseconds is found by chance, more
 * often than not on a machine that has a processor to spare. The last one tells the store random stories of many keys, and
 * compares each answer with what a plain map says. Needs JUnit.
 *
 * <pre>{@code
 * @TestFactory
 * List<DynamicTest> keeps_the_contract() {
 *     var time = VirtualRuntime.seeded(1);
 *     return IdempotencyStoreContract.tests(() -> new InMemoryIdempotencyStore(100, time::nanoTime), time::advance);
 * }
 * }</pre>
 */
public final class IdempotencyStoreContract {

    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final Duration MEMORY = Duration.ofHours(1);
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final String KEY = "fork#order-1";
    private static final String OTHER_KEY = "fork#order-2";
    private static final String LONG_KEY = "fork#" + "x".repeat(1_000);
    private static final int RACERS = 4;
    private static final int ROUNDS = 50;
    private static final int RACES = 100;

    /** After this long no further race begins: a slow store has fewer, but at least one. */
    private static final long RACING_TIME = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int LOOKS_IN_A_ROW = 2_000;

    private static final int STORIES = 200;
    private static final int STEPS = 300;
    private static final int STORIES_IN_REAL_TIME = 20;
    private static final Duration LONGEST_STORY = Duration.ofSeconds(50);
    private static final Duration LEAST_MARGIN = Duration.ofMillis(1);
    private static final Duration MOST_MARGIN = Duration.ofSeconds(2);

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
     * The tests, each on a store of its own, with the stories of seed 1 and the 199 that follow.
     *
     * @param fresh makes a store that knows no key and has room for a hundred
     * @param passTime lets this time pass for the stores, which need not know less than a second of it. If that is real
     *     time, it is waited for, for days: give the store a clock, or see {@link #storiesInRealTime}
     */
    public static List<DynamicTest> tests(Supplier<? extends IdempotencyStore> fresh, Consumer<Duration> passTime) {
        return tests(fresh, passTime, 1);
    }

    /** The same with the 200 stories from {@code seed} on. A story that went wrong names its seed. */
    public static List<DynamicTest> tests(
            Supplier<? extends IdempotencyStore> fresh, Consumer<Duration> passTime, long seed) {
        IdempotencyStoreContract contract = new IdempotencyStoreContract(fresh, passTime);
        contract.claims();
        contract.ends();
        contract.renewals();
        contract.expiredHolders();
        contract.races();
        contract.stories(seed);
        return List.copyOf(contract.tests);
    }

    /**
     * A test for a store whose time is real, such as that of a database: the 20 stories from {@code seed} on, side by side on
     * one store, each with keys of its own, in less than a minute. They ask about no key at less than twice {@code margin}
     * from its deadline, and take either answer of a call that was so slow that it came as near as the margin.
     *
     * <p>Holds and memories are 5 to 200 margins long: the smaller it is, the more happens. It is no replacement for {@link
     * #tests}, where the store's clock can be moved.
     *
     * @param store knows no key and has room for five hundred
     * @param margin how far the store may be from real time: its clock's precision, and what clocks of several machines are
     *     apart; 1 ms to 2 s
     * @throws IllegalArgumentException if {@code margin} is none of these
     */
    public static DynamicTest storiesInRealTime(IdempotencyStore store, Duration margin, long seed) {
        if (margin.compareTo(LEAST_MARGIN) < 0 || margin.compareTo(MOST_MARGIN) > 0) {
            throw new IllegalArgumentException("the margin must be 1 ms to 2 s, was " + margin);
        }
        StoryStage stage = StoryStage.sideBySide(store, StoryClock.of(ForkRuntime.system()), margin, LONGEST_STORY);
        return DynamicTest.dynamicTest(
                "random stories in real time go as in a plain map",
                () -> StoreStories.check(
                        stage,
                        seed,
                        STORIES_IN_REAL_TIME,
                        STEPS,
                        "IdempotencyStoreContract.storiesInRealTime(store, margin, "));
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
        test("a claim is held for the time that it asked for", store -> {
            acquire(store, KEY);
            acquire(store, OTHER_KEY, HOLD.multipliedBy(3));
            passTime.accept(HOLD.plus(TICK));
            acquire(store, KEY);
            inProgress(store.claim(OTHER_KEY, HOLD));
        });
        test("times need not be whole seconds", store -> {
            String token = acquire(store, KEY, HOLD.minusMillis(300));
            granted("renew", store.renew(KEY, token, HOLD.plusNanos(1)));
            granted("complete", store.complete(KEY, token, MEMORY.minusMillis(1)));
            completed(store.claim(KEY, HOLD));
        });
        test("keys do not know each other", store -> {
            acquire(store, KEY);
            String other = acquire(store, OTHER_KEY);
            granted("complete", store.complete(OTHER_KEY, other, MEMORY));
            inProgress(store.claim(KEY, HOLD));
            completed(store.claim(OTHER_KEY, HOLD));
        });
        test("keys that differ in case, in blanks or beyond ASCII are different", store -> {
            for (String key :
                    List.of("fork#a", "fork#A", "fork#a ", "fork#\u00e4", "fork#a\u0308", "fork#\ud83d\ude00")) {
                acquire(store, key);
            }
        });
        test("long keys that differ at their end are different", store -> {
            acquire(store, LONG_KEY + "1");
            acquire(store, LONG_KEY + "2");
            inProgress(store.claim(LONG_KEY + "1", HOLD));
        });
        test("a token is of one claim only", store -> {
            String first = acquire(store, KEY);
            granted("release", store.release(KEY, first));
            String second = acquire(store, KEY);
            require(!first.equals(second), "two claims got the token " + first);
        });
    }

    private void ends() {
        test("a completed key is completed for all", store -> {
            granted("complete", store.complete(KEY, acquire(store, KEY), MEMORY));
            completed(store.claim(KEY, HOLD));
            completed(store.claim(KEY, HOLD));
        });
        test("a completed key is remembered beyond its claim's time", store -> {
            granted("complete", store.complete(KEY, acquire(store, KEY), MEMORY));
            passTime.accept(HOLD.plus(TICK));
            completed(store.claim(KEY, HOLD));
        });
        test("a completed key is remembered until its time is over", store -> {
            granted("complete", store.complete(KEY, acquire(store, KEY), MEMORY));
            passTime.accept(MEMORY.minus(TICK));
            completed(store.claim(KEY, HOLD));
        });
        test("a completed key is remembered for the time that it asked for, be it shorter than its claim's", store -> {
            granted("complete", store.complete(KEY, acquire(store, KEY), TICK));
            granted("complete", store.complete(OTHER_KEY, acquire(store, OTHER_KEY), MEMORY));
            passTime.accept(TICK.multipliedBy(2));
            acquire(store, KEY);
            completed(store.claim(OTHER_KEY, HOLD));
        });
        test("who completed a key does nothing to who has it when it is free again", store -> {
            String first = acquire(store, KEY);
            granted("complete", store.complete(KEY, first, MEMORY));
            passTime.accept(MEMORY.plus(TICK));
            String second = acquire(store, KEY);
            nothingWorks(store, first);
            granted("complete", store.complete(KEY, second, MEMORY));
        });
        test("a completed key is free when its time is over", store -> {
            granted("complete", store.complete(KEY, acquire(store, KEY), MEMORY));
            passTime.accept(MEMORY.plus(TICK));
            acquire(store, KEY);
        });
        test("a released key is acquired by the next", store -> {
            granted("release", store.release(KEY, acquire(store, KEY)));
            acquire(store, KEY);
        });
        test("a completed key can't be released, renewed or completed again", store -> {
            String token = acquire(store, KEY);
            granted("complete", store.complete(KEY, token, MEMORY));
            nothingWorks(store, token);
            completed(store.claim(KEY, HOLD));
        });
        test("a released key can't be released, renewed or completed with its old token", store -> {
            String token = acquire(store, KEY);
            granted("release", store.release(KEY, token));
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
            granted("renew", store.renew(KEY, token, HOLD));
            passTime.accept(HOLD.minus(TICK));
            inProgress(store.claim(KEY, HOLD));
            granted("complete", store.complete(KEY, token, MEMORY));
        });
        test("a claim can be renewed again and again", store -> {
            String token = acquire(store, KEY);
            for (int i = 0; i < 3; i++) {
                passTime.accept(HOLD.minus(TICK));
                granted("renew", store.renew(KEY, token, HOLD));
            }
            inProgress(store.claim(KEY, HOLD));
        });
        test("a claim is renewed for the time that it asked for", store -> {
            String token = acquire(store, KEY);
            granted("renew", store.renew(KEY, token, HOLD.multipliedBy(2)));
            passTime.accept(HOLD.plus(TICK));
            inProgress(store.claim(KEY, HOLD));
        });
        test("a renewed claim ends when the renewed time is over", store -> {
            String token = acquire(store, KEY);
            granted("renew", store.renew(KEY, token, HOLD));
            passTime.accept(HOLD.plus(TICK));
            acquire(store, KEY);
        });
    }

    private void expiredHolders() {
        expiredHolder("renew", "renews nothing", (store, token) -> store.renew(KEY, token, HOLD));
        expiredHolder("complete", "completes nothing", (store, token) -> store.complete(KEY, token, MEMORY));
        expiredHolder("release", "releases nothing", (store, token) -> store.release(KEY, token));
    }

    private interface Harm {
        boolean by(IdempotencyStore store, String token);
    }

    private void expiredHolder(String call, String what, Harm harm) {
        test("an expired holder " + what + " of its successor's", store -> {
            String expired = acquire(store, KEY);
            passTime.accept(HOLD.plus(TICK));
            String successor = acquire(store, KEY);
            refused(call, harm.by(store, expired));
            inProgress(store.claim(KEY, HOLD));
            granted("complete", store.complete(KEY, successor, MEMORY));
        });
        test("a holder whose successor is done " + what, store -> {
            String expired = acquire(store, KEY);
            passTime.accept(HOLD.plus(TICK));
            String successor = acquire(store, KEY);
            granted("complete", store.complete(KEY, successor, MEMORY));
            refused(call, harm.by(store, expired));
            completed(store.claim(KEY, HOLD));
        });
        test("an expired holder without a successor " + what, store -> {
            String expired = acquire(store, KEY);
            passTime.accept(HOLD.plus(TICK));
            refused(call, harm.by(store, expired));
            acquire(store, KEY);
        });
    }

    private void races() {
        raceTest("of threads that race for a key exactly one wins", IdempotencyStoreContract::oneWins);
        raceTest("of threads that race for an expired key exactly one wins", (store, racers, keys) -> {
            for (String key : keys) {
                acquire(store, key);
            }
            passTime.accept(HOLD.plus(TICK));
            oneWins(store, racers, keys);
        });
        raceTest("of threads that race to end a claim exactly one is told that it did", (store, racers, keys) -> {
            List<String> tokens = keys.stream()
                    .map(key -> acquire(store, key, HOLD.multipliedBy(20)))
                    .toList();
            List<List<String>> answers = race(racers, (racer, round) -> {
                String key = keys.get(round);
                String token = tokens.get(round);
                return racer % 2 == 0
                        ? store.complete(key, token, MEMORY) ? "complete" : ""
                        : store.release(key, token) ? "release" : "";
            });
            for (int round = 0; round < ROUNDS; round++) {
                String key = keys.get(round);
                List<String> ended = answers.get(round).stream()
                        .filter(call -> !call.isEmpty())
                        .toList();
                require(ended.size() == 1, "of one claim's ends these answered true: " + ended);
                if (ended.contains("complete")) {
                    completed(store.claim(key, HOLD));
                } else {
                    store.release(key, acquire(store, key));
                }
            }
        });
    }

    private void stories(long seed) {
        StoryStage stage = StoryStage.inTurn(fresh, () -> StoryClock.movedBy(passTime), TICK.dividedBy(2));
        tests.add(DynamicTest.dynamicTest(
                "random stories go as in a plain map",
                () -> StoreStories.check(
                        stage, seed, STORIES, STEPS, "IdempotencyStoreContract.tests(fresh, passTime, ")));
    }

    private static void oneWins(IdempotencyStore store, ExecutorService racers, List<String> keys) throws Exception {
        List<List<Claim>> answers = race(racers, (racer, round) -> store.claim(keys.get(round), HOLD));
        for (int round = 0; round < ROUNDS; round++) {
            List<String> won = answers.get(round).stream()
                    .filter(Claim.Acquired.class::isInstance)
                    .map(claim -> ((Claim.Acquired) claim).token())
                    .toList();
            require(won.size() == 1, won.size() + " of " + RACERS + " threads acquired one key");
            store.release(keys.get(round), won.get(0));
        }
    }

    // What the checks are written in.

    private void test(String name, Check check) {
        tests.add(DynamicTest.dynamicTest(name, () -> check.on(fresh.get())));
    }

    private interface RaceCheck {
        void on(IdempotencyStore store, ExecutorService racers, List<String> keys) throws Exception;
    }

    /** A test that is done again and again, each time on keys of its own, one for each round of its race. */
    private void raceTest(String name, RaceCheck check) {
        test(name, store -> {
            ExecutorService racers = Executors.newFixedThreadPool(RACERS);
            long began = System.nanoTime();
            try {
                for (int race = 0; race == 0 || (race < RACES && System.nanoTime() - began < RACING_TIME); race++) {
                    String key = KEY + "-" + race + "-";
                    check.on(
                            store,
                            racers,
                            IntStream.range(0, ROUNDS)
                                    .mapToObj(round -> key + round)
                                    .toList());
                }
            } finally {
                racers.shutdownNow();
            }
        });
    }

    private static String acquire(IdempotencyStore store, String key) {
        return acquire(store, key, HOLD);
    }

    private static String acquire(IdempotencyStore store, String key, Duration hold) {
        Claim answer = store.claim(key, hold);
        if (answer instanceof Claim.Acquired acquired) {
            return acquired.token();
        }
        throw new AssertionError("the claim should have been granted, the answer was " + answer);
    }

    private static Duration inProgress(Claim answer) {
        if (answer instanceof Claim.InProgress inProgress) {
            return inProgress.remaining();
        }
        throw new AssertionError("the key should have been in progress, the answer was " + answer);
    }

    private static void completed(Claim answer) {
        require(answer instanceof Claim.Completed, "the key should have been completed, the answer was " + answer);
    }

    private static void granted(String call, boolean answer) {
        require(answer, call + " with the token that holds the key answered false");
    }

    private static void refused(String call, boolean answer) {
        require(!answer, call + " with a token that does not hold the key answered true");
    }

    private static void nothingWorks(IdempotencyStore store, String token) {
        refused("renew", store.renew(KEY, token, HOLD));
        refused("complete", store.complete(KEY, token, MEMORY));
        refused("release", store.release(KEY, token));
    }

    private static void require(boolean kept, String otherwise) {
        if (!kept) {
            throw new AssertionError(otherwise);
        }
    }

    private interface Round<T> {
        T run(int racer, int round) throws Exception;
    }

    /**
     * Sends {@code racers} through the rounds, all from the first on, and answers with what each got in each round. They do
     * not wait for each other on the way: who comes second in a round is refused, which takes less than to be granted, so
     * that who is behind catches up, and then they meet.
     */
    private static <T> List<List<T>> race(ExecutorService racers, Round<T> task) throws Exception {
        AtomicInteger missing = new AtomicInteger(RACERS);
        List<Future<List<T>>> running = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            int racer = i;
            running.add(racers.submit(() -> {
                missing.decrementAndGet();
                awaitAwake(() -> missing.get() == 0 || racers.isShutdown());
                List<T> answers = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    answers.add(task.run(racer, round));
                }
                return answers;
            }));
        }
        List<List<T>> answers = new ArrayList<>();
        for (Future<List<T>> each : running) {
            answers.add(each.get(60, TimeUnit.SECONDS));
        }
        return IntStream.range(0, ROUNDS)
                .mapToObj(round -> answers.stream().map(of -> of.get(round)).toList())
                .toList();
    }

    /** Who sleeps until the last is here is woken when the others are through: their race takes some microseconds. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // where there are fewer processors than racers, who waits must let the others come
    private static void awaitAwake(BooleanSupplier condition) {
        for (int looks = 1; !condition.getAsBoolean(); looks++) {
            if (looks % LOOKS_IN_A_ROW == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
