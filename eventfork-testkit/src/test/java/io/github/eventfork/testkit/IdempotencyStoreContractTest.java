package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdempotencyStoreContractTest {

    private final VirtualRuntime time = VirtualRuntime.seeded(1);

    @TestFactory
    List<DynamicTest> the_store_in_memory_keeps_it() {
        return IdempotencyStoreContract.tests(this::inMemory, time::advance);
    }

    private IdempotencyStore inMemory() {
        return new InMemoryIdempotencyStore(1_000, time::nanoTime);
    }

    static Stream<Arguments> brokenStores() {
        return Stream.of(
                broken("lets everybody in", AlwaysAcquired::new, "of threads that race for a key exactly one wins"),
                broken(
                        "lets an expired holder release",
                        ReleasesByKey::new,
                        "an expired holder releases nothing of its successor's"),
                broken(
                        "lets an expired holder complete",
                        CompletesByKey::new,
                        "an expired holder completes nothing of its successor's"),
                broken("never forgets", NeverForgets::new, "a completed key is free when its time is over"),
                broken("does not renew", RenewsInName::new, "a renewed claim is held from the renewal on"),
                broken(
                        "forgets with the claim",
                        ForgetsWithTheClaim::new,
                        "a completed key is remembered beyond its claim's time"),
                broken(
                        "extends by asking",
                        ExtendsByAsking::new,
                        "a claim that is refused does not make the holder's longer"),
                broken("checks, then acts", ChecksThenActs::new, "of threads that race for a key exactly one wins"));
    }

    @ParameterizedTest(name = "a store that {0}")
    @MethodSource("brokenStores")
    void a_broken_store_is_found_out(
            String what, Function<IdempotencyStore, IdempotencyStore> breaking, String expected) {
        // given
        List<String> failed = new ArrayList<>();

        // when
        for (DynamicTest test : IdempotencyStoreContract.tests(() -> breaking.apply(inMemory()), time::advance)) {
            try {
                test.getExecutable().execute();
            } catch (Throwable failure) {
                failed.add(test.getDisplayName());
            }
        }

        // then
        assertThat(failed).contains(expected);
    }

    private static Arguments broken(
            String what, Function<IdempotencyStore, IdempotencyStore> breaking, String expected) {
        return Arguments.of(what, breaking, expected);
    }

    /** A store that does what another does; each broken one differs in one thing. */
    private static class Like implements IdempotencyStore {
        final IdempotencyStore store;
        final Map<String, String> tokens = new ConcurrentHashMap<>();

        Like(IdempotencyStore store) {
            this.store = store;
        }

        @Override
        public Claim claim(String key, Duration hold) {
            Claim claim = store.claim(key, hold);
            if (claim instanceof Claim.Acquired acquired) {
                tokens.put(key, acquired.token());
            }
            return claim;
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            return store.renew(key, token, hold);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            return store.complete(key, token, rememberFor);
        }

        @Override
        public boolean release(String key, String token) {
            return store.release(key, token);
        }
    }

    private static final class AlwaysAcquired extends Like {
        AlwaysAcquired(IdempotencyStore store) {
            super(store);
        }

        @Override
        public Claim claim(String key, Duration hold) {
            return new Claim.Acquired("token");
        }
    }

    private static final class ReleasesByKey extends Like {
        ReleasesByKey(IdempotencyStore store) {
            super(store);
        }

        @Override
        public boolean release(String key, String token) {
            return store.release(key, tokens.getOrDefault(key, token));
        }
    }

    private static final class CompletesByKey extends Like {
        CompletesByKey(IdempotencyStore store) {
            super(store);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            return store.complete(key, tokens.getOrDefault(key, token), rememberFor);
        }
    }

    private static final class NeverForgets extends Like {
        NeverForgets(IdempotencyStore store) {
            super(store);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            return store.complete(key, token, Duration.ofDays(365));
        }
    }

    private static final class RenewsInName extends Like {
        RenewsInName(IdempotencyStore store) {
            super(store);
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            return token.equals(tokens.get(key));
        }
    }

    private static final class ForgetsWithTheClaim extends Like {
        ForgetsWithTheClaim(IdempotencyStore store) {
            super(store);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            return store.complete(key, token, Duration.ofSeconds(10));
        }
    }

    private static final class ExtendsByAsking extends Like {
        ExtendsByAsking(IdempotencyStore store) {
            super(store);
        }

        @Override
        public Claim claim(String key, Duration hold) {
            Claim claim = super.claim(key, hold);
            if (claim instanceof Claim.InProgress) {
                store.renew(key, tokens.getOrDefault(key, ""), hold);
            }
            return claim;
        }
    }

    /** Looks whether a key is free and takes it afterwards: between the two, another does the same. */
    private static final class ChecksThenActs extends Like {
        ChecksThenActs(IdempotencyStore store) {
            super(store);
        }

        @Override
        public Claim claim(String key, Duration hold) {
            if (tokens.containsKey(key)) {
                return super.claim(key, hold);
            }
            Thread.yield();
            Claim claim = super.claim(key, hold);
            return claim instanceof Claim.InProgress ? new Claim.Acquired("stolen") : claim;
        }
    }
}
